"""Outages: one line when the database stops answering, one when it answers again, whatever asks in between."""

import asyncio
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from storage.errors import DamagedDatabase, StorageError
from storage.outage import Outage
from storage.store import Store
from tests.support.database import ping

AWAY = StorageError("PostgreSQL went away.")
BEGIN = "The database does not answer, so everything that needs it waits: PostgreSQL went away."
END = "The database answers again"

CASES: dict[str, tuple[Sequence[tuple[str, bool]], Sequence[str]]] = {
    "nothing fails": ([("read", True), ("write", True)], []),
    "both kinds of access fail": ([("read", False), ("write", False), ("read", True), ("write", True)], [BEGIN, END]),
    "reading goes on": ([("write", False), ("read", True), ("write", False), ("write", True)], [BEGIN, END]),
    "it fails twice": ([("read", False), ("read", True), ("read", False)], [BEGIN, END, BEGIN]),
}
"""Accesses in order, each with whether it works, and the lines that they cause."""


@pytest.mark.parametrize("case", CASES)
def test_an_outage_is_logged_once_at_its_start_and_once_at_its_end(case: str, caplog: pytest.LogCaptureFixture) -> None:
    accesses, lines = CASES[case]
    outage = Outage()

    for kind, works in accesses:
        if works:
            outage.succeeded(kind)
        else:
            outage.failed(kind, AWAY, began_at=time.monotonic())

    assert [record.getMessage() for record in caplog.records] == lines


def test_what_waited_since_before_the_end_of_an_outage_is_not_another_one(caplog: pytest.LogCaptureFixture) -> None:
    outage, began_at = Outage(), time.monotonic()
    outage.failed("read", AWAY, began_at=began_at)
    outage.succeeded("read")

    outage.failed("write", AWAY, began_at=began_at)
    outage.succeeded("write")

    assert [record.getMessage() for record in caplog.records] == [BEGIN, END]


def test_damage_is_logged_once_and_stays(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage()

    for _ in range(3):
        outage.failed("read", DamagedDatabase("The file is damaged."), began_at=time.monotonic())
        outage.succeeded("read")

    assert outage.damage == "The file is damaged."
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1


async def test_everything_that_fails_in_a_store_is_one_outage(
    sqlite_store: Store, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = sqlite_file.with_name("elsewhere.db")
    await asyncio.to_thread(sqlite_file.rename, elsewhere)

    for _ in range(3):
        with pytest.raises(StorageError):
            await ping(sqlite_store)
        with pytest.raises(StorageError):
            async with sqlite_store.begin():
                pass
    await asyncio.to_thread(elsewhere.rename, sqlite_file)
    await ping(sqlite_store)
    async with sqlite_store.begin():
        pass

    assert [record.getMessage().partition(",")[0] for record in caplog.records] == [BEGIN.partition(",")[0], END]
