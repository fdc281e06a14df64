"""Backup while the bot runs, and restore, which replaces nothing by accident."""

import asyncio
import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from storage.backup import backup, restore
from storage.errors import StorageError
from storage.file_lock import FileLock
from storage.store import open_store
from tests.support.stores import make_source


async def _urls(store_url: str) -> list[str]:
    async with open_store(store_url) as store, store.read() as tx:
        return [source.url for source in await tx.sources.all()]


async def test_a_backup_while_the_bot_writes_contains_what_was_committed(
    sqlite_url: str, tmp_path: Path, now: datetime
) -> None:
    copy, other = tmp_path / "copies" / "one.db", f"sqlite:///{tmp_path}/restored.db"
    async with open_store(sqlite_url) as store:
        async with store.begin() as tx:
            await make_source(tx, now, "https://before.example/")
        async with store.begin() as tx:
            await make_source(tx, now, "https://unfinished.example/")
            size = await backup(sqlite_url, copy)

    await restore(copy, other)

    assert size == copy.stat().st_size > 0
    assert await _urls(other) == ["https://before.example/"]
    assert await asyncio.to_thread(lambda: [path.name for path in copy.parent.iterdir()]) == ["one.db"]


async def test_an_existing_file_is_replaced_only_on_request(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    async with open_store(sqlite_url) as store, store.begin() as tx:
        await make_source(tx, now, "https://newer.example/")

    with pytest.raises(StorageError, match="already exists"):
        await backup(sqlite_url, copy)
    with pytest.raises(StorageError, match="already exists"):
        await restore(copy, sqlite_url)
    assert await _urls(sqlite_url) == ["https://newer.example/"]

    await restore(copy, sqlite_url, replace=True)
    assert await _urls(sqlite_url) == []


async def test_a_database_in_use_is_not_replaced(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    async with open_store(sqlite_url) as store:
        async with store.begin() as tx:
            await make_source(tx, now, "https://newer.example/")

        with pytest.raises(StorageError, match=r"in use.*Stop the bot"):
            await restore(copy, sqlite_url, replace=True)

    assert await _urls(sqlite_url) == ["https://newer.example/"]


async def test_a_damaged_database_can_be_replaced(sqlite_url: str, tmp_path: Path) -> None:
    copy, damaged = tmp_path / "copy.db", tmp_path / "damaged.db"
    await backup(sqlite_url, copy)
    damaged.write_bytes(b"nothing of a database" * 100)

    await restore(copy, f"sqlite:///{damaged}", replace=True)

    assert await _urls(f"sqlite:///{damaged}") == []


async def test_a_backup_of_a_busy_database_shows_one_state(sqlite_url: str, sqlite_file: Path, tmp_path: Path) -> None:
    pages = 20_000
    with contextlib.closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
        other.execute("CREATE TABLE ballast (id INTEGER PRIMARY KEY, content BLOB)")
        other.execute("CREATE TABLE pairs (one INTEGER, two INTEGER)")
        other.execute("BEGIN")
        other.executemany("INSERT INTO ballast (content) VALUES (?)", ((b"x" * 3_000,) for _ in range(pages)))
        other.execute("COMMIT")
        copying = asyncio.create_task(backup(sqlite_url, tmp_path / "copy.db"))
        commits = 0
        while not copying.done():
            commits += 1
            other.execute("INSERT INTO pairs VALUES (?, ?)", (commits, commits))
            await asyncio.sleep(0.005)
        await copying

    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        (stored,) = copy.execute("SELECT count(*) FROM pairs").fetchone()
        assert copy.execute("SELECT count(*) FROM ballast").fetchone() == (pages,)
    assert stored <= 3 < commits  # it shows the state at its start, and did not begin again


async def test_a_restore_waits_for_no_bot_and_no_bot_starts_during_a_restore(
    sqlite_url: str, sqlite_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    await asyncio.to_thread(sqlite_file.write_bytes, b"damaged while the bot runs" * 1_000)
    running, other = FileLock(sqlite_file), FileLock(sqlite_file)
    running.share()

    with pytest.raises(StorageError, match=r"in use.*Stop the bot"):
        await restore(copy, sqlite_url, replace=True)

    running.release()
    assert other.take()
    with pytest.raises(StorageError, match="is being restored"):
        async with open_store(sqlite_url):
            pass
    other.release()
    await restore(copy, sqlite_url, replace=True)
    assert await _urls(sqlite_url) == []


async def test_the_log_of_the_replaced_database_is_not_applied_to_the_restored_one(
    sqlite_url: str, sqlite_file: Path, tmp_path: Path, now: datetime
) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    log = sqlite_file.with_name(f"{sqlite_file.name}-wal")
    async with open_store(sqlite_url) as store:
        async with store.begin() as tx:
            await make_source(tx, now, "https://newer.example/")
        left = await asyncio.to_thread(log.read_bytes)
    await asyncio.to_thread(sqlite_file.unlink)
    await asyncio.to_thread(log.write_bytes, left)  # as after a kill, and somebody removed the file

    await restore(copy, sqlite_url)

    assert not log.exists()
    assert await _urls(sqlite_url) == []


async def test_a_backup_of_a_newer_version_is_refused(sqlite_url: str, tmp_path: Path, now: datetime) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    async with open_store(sqlite_url) as store, store.begin() as tx:
        await make_source(tx, now)

    with pytest.raises(StorageError, match=r"schema 9999.*does not know.*Nothing was replaced"):
        await restore(copy, sqlite_url, replace=True)

    assert len(await _urls(sqlite_url)) == 1


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.commit()
    connection.close()


def _damaged(path: Path) -> None:
    path.write_bytes(b"nothing of a database" * 100)


@pytest.mark.parametrize(
    ("make", "message"),
    [(_foreign, "not a database of Wirewatch"), (_damaged, "is not a database"), (None, "there is no file")],
)
async def test_only_an_intact_backup_is_restored(
    sqlite_url: str, tmp_path: Path, make: object, message: str, now: datetime
) -> None:
    source = tmp_path / "source.db"
    if callable(make):
        make(source)
    async with open_store(sqlite_url) as store, store.begin() as tx:
        await make_source(tx, now)

    with pytest.raises(StorageError, match=message):
        await restore(source, sqlite_url, replace=True)

    assert len(await _urls(sqlite_url)) == 1


async def test_for_postgresql_the_error_names_its_own_tools(tmp_path: Path) -> None:
    url = "postgresql://user:secret@host/name"

    with pytest.raises(StorageError, match="pg_dump"):
        await backup(url, tmp_path / "copy.db")
    with pytest.raises(StorageError, match="pg_restore"):
        await restore(tmp_path / "copy.db", url)
