"""A database that is locked, full or gone when a document arrives: one log line says so, and the document waits."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.web.health import DatabaseCheck
from storage.store import Store, Tx, open_store
from tests.support.command_line import command_line
from tests.support.watched import seen, watched

NOWHERE = "postgresql://somebody:hunter22@127.0.0.1:1/wirewatch"
ARTICLE = "Huawei opens a plant\n\nHuawei opened a plant in the town of Example on Monday, it said.\n"


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    async with open_store(sqlite_url) as opened:
        async with opened.begin() as tx:
            await tx.connection.exec_driver_sql("PRAGMA busy_timeout=20")  # ten seconds in production
        yield opened


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@asynccontextmanager
async def dropped(store: Store, inbox: Path, text: str = ARTICLE) -> AsyncIterator[Path]:
    """Drop a document into the watched inbox. When the block ends, wait until it is taken."""
    path = inbox / "plant.txt"
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")
    async with watched(store, inbox):
        yield path
        await seen("that the document is taken", lambda: not path.exists())


async def only_warning(caplog: pytest.LogCaptureFixture) -> str:
    """Wait for the only warning in the log, and return its message."""
    lines = await seen("a warning", lambda: [line for line in caplog.records if line.levelno >= logging.WARNING])
    (line,) = lines
    assert line.exc_info is None
    return line.getMessage()


async def require_arrived(store: Store) -> None:
    async with store.read() as tx:
        ledger = await tx.ledger.totals()
    assert (ledger.arrivals, ledger.articles, ledger.failed, ledger.agrees) == (1, 1, 0, True)


async def test_while_the_database_is_locked_a_document_waits_in_the_inbox(
    store: Store, sqlite_file: Path, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(sqlite3.connect(sqlite_file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        async with dropped(store, inbox) as path:
            line = await only_warning(caplog)
            assert "locked by another process" in line
            assert path.exists()
            holder.execute("ROLLBACK")

    await require_arrived(store)


async def test_while_the_disk_is_full_a_document_waits_in_the_inbox(
    store: Store, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def limit(tx: Tx) -> None:
        pages = (await tx.connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    async def free(tx: Tx) -> None:
        await tx.connection.exec_driver_sql("PRAGMA max_page_count=1000000")

    await store.write(limit)  # the limit counts for one connection, and batches are written by this one
    long = ARTICLE + "\n\n".join(f"Plant number {number} is in the town of Example." for number in range(3000))

    async with dropped(store, inbox, long) as path:
        line = await only_warning(caplog)
        assert "no space left" in line
        assert path.exists()
        await store.write(free)

    await require_arrived(store)


async def test_while_the_database_is_gone_a_document_waits_in_the_inbox_and_health_says_so(
    store: Store, sqlite_file: Path, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = sqlite_file.with_name("elsewhere.db")
    await asyncio.to_thread(sqlite_file.rename, elsewhere)

    async with dropped(store, inbox) as path:
        line = await only_warning(caplog)
        assert "removed, moved or replaced" in line
        assert path.exists()
        health = await DatabaseCheck(store).part()
        assert (health.ok, health.detail) == (False, "the database does not answer")  # only the log names the path
        await asyncio.to_thread(elsewhere.rename, sqlite_file)

    await require_arrived(store)


@pytest.mark.parametrize("words", [("ledger",), ("ingest", "-"), ("db", "migrate"), ("check",)], ids=" ".join)
def test_a_database_server_that_cannot_be_reached_is_named_without_its_password(
    words: tuple[str, ...], tmp_path: Path, sqlite_template: Path
) -> None:
    cli = command_line(tmp_path, sqlite_template, DATABASE_URL=NOWHERE)

    ran = cli(*words, stdin=ARTICLE.encode())

    assert ran.code == 1
    output = " ".join((ran.out + ran.err).split())
    assert "PostgreSQL at 127.0.0.1/wirewatch" in output
    assert "hunter22" not in output
    assert "Traceback" not in output
