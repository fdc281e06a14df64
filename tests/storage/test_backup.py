"""Backup while the bot runs, and restore, which replaces nothing by accident."""

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from storage.backup import backup, restore
from storage.errors import StorageError
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
