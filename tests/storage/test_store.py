"""Transactions: committed or rolled back as a whole, also when several processes use the database."""

import asyncio
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from storage.records import Platform
from storage.store import Store, open_store
from tests.support.paths import ROOT
from tests.support.stores import make_channel, make_source, make_workspace


async def test_the_next_transaction_reads_what_was_committed(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        workspace = await make_workspace(tx, now)

    async with store.read() as tx:
        assert await tx.workspaces.find(Platform.CONSOLE, "local") == workspace


async def test_an_exception_rolls_the_transaction_back(store: Store, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="stop"):
        async with store.begin() as tx:
            await make_source(tx, now)
            raise RuntimeError("stop")

    async with store.read() as tx:
        assert await tx.sources.all() == ()


async def test_a_cancelled_transaction_is_rolled_back_and_blocks_nobody(store: Store, now: datetime) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.begin() as tx:
            await make_source(tx, now)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with store.begin() as tx:
        assert await tx.sources.all() == ()
        await make_source(tx, now)


async def test_a_reading_transaction_cannot_write(store: Store, now: datetime) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        async with store.read() as tx:
            await make_source(tx, now)


async def test_a_reader_sees_one_state_while_others_write(store: Store, now: datetime) -> None:
    async with store.read() as reading:
        before = await reading.sources.all()
        async with store.begin() as tx:
            await make_source(tx, now)

        assert await reading.sources.all() == before == ()


async def test_transactions_with_the_same_lock_run_one_after_another(store: Store, now: datetime) -> None:
    async def add_one() -> None:
        async with store.begin() as tx:
            await tx.lock("count")
            await tx.meta.set("count", str(int(await tx.meta.get("count") or 0) + 1))

    await asyncio.gather(*(add_one() for _ in range(8)))

    async with store.read() as tx:
        assert await tx.meta.get("count") == "8"


async def test_two_stores_on_one_database_wait_for_each_other(store_url: str, now: datetime) -> None:
    async with open_store(store_url) as first, open_store(store_url) as second:

        async def add(store: Store, name: str) -> None:
            for number in range(10):
                async with store.begin() as tx:
                    await make_source(tx, now, f"https://{name}.example/{number}")

        await asyncio.gather(add(first, "first"), add(second, "second"))

        async with first.read() as tx:
            assert len(await tx.sources.all()) == 20


async def test_only_one_process_gets_a_lease(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)

    async def lease(owner: str) -> bool:
        async with store.begin() as tx:
            return await tx.channels.lease(channel.id, owner=owner, now=now, until=now + timedelta(minutes=1))

    assert sum(await asyncio.gather(*(lease(f"poster {number}") for number in range(6)))) == 1


async def test_an_error_of_a_file_of_the_caller_is_not_reported_as_one_of_the_database(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        async with store.begin():
            raise FileNotFoundError("somebody's file")


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from storage.store import open_store
from tests.support.stores import make_source

async def main():
    async with open_store(sys.argv[1]) as store:
        now = datetime(2026, 11, 22, tzinfo=UTC)
        async with store.begin() as tx:
            await make_source(tx, now, "https://committed.example/")
        async with store.begin() as tx:
            await make_source(tx, now, "https://lost.example/")
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_only_committed_changes_survive_a_kill(store_url: str) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, store_url, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    assert await killed.wait() < 0

    async with open_store(store_url) as store, store.begin() as tx:
        assert [source.url for source in await tx.sources.all()] == ["https://committed.example/"]
