"""Opening, transactions, leases between processes, and what a database that cannot be used says."""

import asyncio
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from storage.driver_errors import explain
from storage.engine import read_url
from storage.errors import StorageError
from storage.records import Platform
from storage.store import Store, open_store
from tests.support.paths import ROOT
from tests.support.stores import make_channel, make_source, make_workspace


async def test_what_was_committed_is_read_back_by_the_next_transaction(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = await make_workspace(tx, now)

    async with store.read() as tx:
        assert await tx.workspaces.find(Platform.CONSOLE, "local") == made


async def test_an_exception_undoes_the_whole_transaction(store: Store, now: datetime) -> None:
    with pytest.raises(RuntimeError, match="stop"):
        async with store.begin() as tx:
            await make_source(tx, now)
            raise RuntimeError("stop")

    async with store.read() as tx:
        assert await tx.sources.all() == ()


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(store: Store, now: datetime) -> None:
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


async def test_serialised_transactions_follow_one_another(store: Store, now: datetime) -> None:
    async def add_one() -> None:
        async with store.begin() as tx:
            await tx.serialise("count")
            await tx.meta.set("count", str(int(await tx.meta.get("count") or 0) + 1))

    await asyncio.gather(*(add_one() for _ in range(8)))

    async with store.read() as tx:
        assert await tx.meta.get("count") == "8"


async def test_two_stores_on_one_database_wait_for_each_other(store_url: str, now: datetime) -> None:
    async with open_store(store_url) as one, open_store(store_url) as other:

        async def add(store: Store, name: str) -> None:
            for number in range(10):
                async with store.begin() as tx:
                    await make_source(tx, now, f"https://{name}.example/{number}")

        await asyncio.gather(add(one, "one"), add(other, "other"))

        async with one.read() as tx:
            assert len(await tx.sources.all()) == 20


async def test_only_one_of_many_gets_a_lease(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)

    async def lease(owner: str) -> bool:
        async with store.begin() as tx:
            return await tx.channels.lease(channel.id, owner=owner, now=now, until=now + timedelta(minutes=1))

    assert sum(await asyncio.gather(*(lease(f"poster {number}") for number in range(6)))) == 1


async def test_an_error_of_the_callers_own_files_is_not_called_the_databases(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        async with store.begin():
            raise FileNotFoundError("somebody's file")


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///data/wirewatch.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/lib/wirewatch.db", "sqlite+aiosqlite"),
        ("postgres://user@host/name", "postgresql+asyncpg"),
        ("postgresql://user@host/name?sslmode=require", "postgresql+asyncpg"),
        ("postgresql+asyncpg://user@host/name", "postgresql+asyncpg"),
    ],
)
def test_addresses_as_hosts_write_them_are_understood(url: str, driver: str) -> None:
    read = read_url(url)

    assert read.drivername == driver
    assert "sslmode" not in read.query


@pytest.mark.parametrize("url", ["", "wirewatch.db", "mysql://user:secret@host/name", "sqlite://", "://:secret@"])
def test_other_addresses_are_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(StorageError) as caught:
        read_url(url)

    assert "sqlite:///" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_locked_file_says_so(sqlite_url: str, now: datetime) -> None:
    path = str(read_url(sqlite_url).database)
    async with open_store(sqlite_url) as store:
        async with store.begin() as tx:
            await tx.connection.exec_driver_sql("PRAGMA busy_timeout=50")
        holder = sqlite3.connect(path, isolation_level=None)
        try:
            holder.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError, match="locked by another process"):
                async with store.begin() as tx:
                    await make_source(tx, now)
        finally:
            holder.close()

        async with store.begin() as tx:
            await make_source(tx, now)


async def test_a_file_that_is_not_a_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, and not a database at all. " * 50)

    with pytest.raises(StorageError, match="is not a database"):
        async with open_store(f"sqlite:///{path}"):
            pass

    assert path.read_text().startswith("These are my notes")


async def test_a_file_moved_away_while_open_takes_nothing_with_it(sqlite_url: str, now: datetime) -> None:
    path = Path(str(read_url(sqlite_url).database))
    async with open_store(sqlite_url) as store:
        await asyncio.to_thread(path.rename, path.with_name("elsewhere.db"))

        with pytest.raises(StorageError, match="removed, moved or replaced"):
            async with store.begin() as tx:
                await make_source(tx, now)
        with pytest.raises(StorageError, match="removed, moved or replaced"):
            await store.ping()
        await asyncio.to_thread(path.with_name("elsewhere.db").rename, path)

        async with store.begin() as tx:
            assert await tx.sources.all() == ()


async def test_a_database_without_its_tables_says_what_to_do(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.connection.exec_driver_sql("DROP TABLE meta")

    with pytest.raises(StorageError, match="has no tables"):
        await store.ping()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match=r"cannot be opened.*Check that its folder exists"):
        async with open_store(f"sqlite:///{tmp_path}/file/wirewatch.db"):
            pass


async def test_a_full_disk_undoes_the_change_and_says_so(sqlite_url: str, now: datetime) -> None:
    async with open_store(sqlite_url) as store:
        async with store.begin() as tx:
            await make_source(tx, now)
            pages = (await tx.connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            await tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        with pytest.raises(StorageError, match="no space left"):
            async with store.begin() as tx:
                for number in range(1000):
                    await make_source(tx, now, f"https://news.example/{number}" + "x" * 500)

        async with store.begin() as tx:
            assert len(await tx.sources.all()) == 1
            await tx.connection.exec_driver_sql("PRAGMA max_page_count=100000")
        async with store.begin() as tx:
            await make_source(tx, now, "https://news.example/after")


async def test_postgresql_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StorageError, match=r"PostgreSQL at 127\.0\.0\.1/name cannot be reached") as caught:
        async with open_store("postgresql://user:secret@127.0.0.1:1/name"):
            pass

    assert "secret" not in str(caught.value)


async def test_a_missing_postgresql_database_is_named(postgres_url: str) -> None:
    with pytest.raises(StorageError, match="has no database"):
        async with open_store(postgres_url + "_not_there"):
            pass


async def test_a_lost_postgresql_connection_fails_one_transaction_only(postgres_url: str, now: datetime) -> None:
    async with open_store(postgres_url) as store:
        other = await asyncpg.connect(postgres_url)
        try:
            with pytest.raises(StorageError, match="closed the connection"):
                async with store.begin() as tx:
                    await make_source(tx, now)
                    pid = (await tx.connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
                    await other.execute("SELECT pg_terminate_backend($1)", pid)
                    await make_source(tx, now, "https://news.example/second")
        finally:
            await other.close()

        async with store.begin() as tx:
            assert await tx.sources.all() == ()


def test_a_fault_of_ours_is_not_blamed_on_the_database() -> None:
    assert explain(sqlite3.IntegrityError("FOREIGN KEY constraint failed"), read_url("sqlite:///x.db")) is None


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


async def test_kill_keeps_what_was_committed_and_nothing_else(store_url: str) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, store_url, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    assert await killed.wait() < 0

    async with open_store(store_url) as store, store.begin() as tx:
        assert [source.url for source in await tx.sources.all()] == ["https://committed.example/"]
