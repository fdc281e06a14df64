"""Upkeep: free space is given back, the log is moved into the file, and nothing of it disturbs the bot."""

import asyncio
import os
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from storage.store import Store, open_store
from storage.upkeep import checkpoint, checkpoint_file, optimise
from tests.support.stores import make_article, make_source


async def _fill(store: Store, now: datetime, count: int = 300) -> None:
    async with store.begin() as tx:
        for number in range(count):
            await make_article(tx, now, f"Title {number}")
            await tx.meta.set(f"ballast {number}", "x" * 8_000)


async def test_a_file_gives_back_the_space_of_deleted_rows_while_it_is_open(tmp_path: Path, now: datetime) -> None:
    async with open_store(f"sqlite:///{tmp_path}/new.db") as store:
        await _fill(store, now)
        await optimise(store)
        async with store.begin() as tx:
            await tx.connection.execute(text("DELETE FROM meta"))

        done = await optimise(store)

        assert not done.needs_rewrite
        assert done.bytes_after < done.bytes_before / 2


async def test_a_file_of_an_older_version_is_rewritten_once_nobody_uses_it(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "old.db"
    async with open_store(f"sqlite:///{path}") as store:
        await _fill(store, now)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA auto_vacuum=NONE")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
    async with open_store(f"sqlite:///{path}") as store:
        async with store.begin() as tx:
            await tx.connection.execute(text("DELETE FROM meta"))
        async with open_store(f"sqlite:///{path}", migrate=False) as other:
            while_used = await optimise(other)
        size = while_used.bytes_after

    async with open_store(f"sqlite:///{path}") as store:
        done = await optimise(store)

    assert while_used.needs_rewrite
    assert not done.needs_rewrite
    assert done.bytes_after < size / 2


async def test_postgresql_makes_room_and_renews_its_statistics(postgres_url: str, now: datetime) -> None:
    async with open_store(postgres_url) as store:
        await _fill(store, now, 20)

        done = await optimise(store)

        assert done.bytes_after > 0
        async with store.read() as tx:
            counted = (
                await tx.connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'articles'"))
            ).scalar_one()
    assert counted == 20


async def test_merging_the_full_text_index_keeps_what_it_finds(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        made = [await make_article(tx, now, f"Title {number}") for number in range(100)]
    for version in range(3):
        async with sqlite_store.begin() as tx:
            await tx.search.put_many((article.id, f"w{article.id}v{version} huawei") for article in made)

    await optimise(sqlite_store)

    async with sqlite_store.read() as tx:
        assert await tx.search.candidates([["w7v2"]], 0, since=None, limit=9) == (7,)
        assert await tx.search.candidates([["w7v1"]], 0, since=None, limit=9) == ()
        assert len(await tx.search.candidates([["huawei"]], 0, since=None, limit=500)) == 100


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


async def test_an_idle_bot_has_all_it_wrote_in_the_file(sqlite_store: Store, sqlite_file: Path, now: datetime) -> None:
    await _fill(sqlite_store, now, 10)
    log = _log(sqlite_file)
    assert log.stat().st_size > 0
    os.utime(log, (time.time() - 60, time.time() - 60))

    await checkpoint(sqlite_store)

    assert log.stat().st_size == 0
    async with sqlite_store.begin() as tx:
        await make_source(tx, now, "https://later.example/")


async def test_a_reader_is_not_disturbed_by_a_checkpoint(sqlite_store: Store, sqlite_file: Path, now: datetime) -> None:
    async with sqlite_store.read() as reading:
        assert await reading.sources.all() == ()
        async with sqlite_store.begin() as tx:
            await make_source(tx, now)

        await asyncio.to_thread(checkpoint_file, sqlite_file, truncate=True)

        assert await reading.sources.all() == ()
    async with sqlite_store.read() as tx:
        assert len(await tx.sources.all()) == 1
