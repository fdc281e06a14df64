"""What the errors of a database that cannot be used say."""

import sqlite3
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from storage.driver_errors import explain
from storage.engine import engines, read_url
from storage.errors import StorageError, StorageUnavailable
from storage.store import Store, open_store
from tests.support.database import ping
from tests.support.stores import make_source


async def test_the_error_of_a_locked_file_says_so(sqlite_url: str, now: datetime) -> None:
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


async def test_a_file_that_is_not_a_database_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, and not a database at all. " * 50)

    with pytest.raises(StorageError, match="is not a database"):
        async with open_store(f"sqlite:///{path}"):
            pass

    assert path.read_text().startswith("These are my notes")


async def test_the_error_of_a_database_without_tables_says_what_to_do(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.connection.exec_driver_sql("DROP TABLE meta")

    with pytest.raises(StorageError, match="has no tables"):
        await ping(store)


async def test_the_error_of_a_folder_that_cannot_be_created_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match=r"cannot be opened.*Check that its folder exists"):
        async with open_store(f"sqlite:///{tmp_path}/file/wirewatch.db"):
            pass


async def test_a_full_disk_rolls_the_change_back_and_the_error_says_so(sqlite_url: str, now: datetime) -> None:
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


async def test_the_error_of_an_unreachable_server_contains_no_password() -> None:
    with pytest.raises(StorageError, match=r"PostgreSQL at 127\.0\.0\.1/name cannot be reached") as caught:
        async with open_store("postgresql://user:secret@127.0.0.1:1/name"):
            pass

    assert "secret" not in str(caught.value)


async def test_a_missing_postgresql_database_is_reported(postgres_url: str) -> None:
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


async def test_a_postgresql_that_answers_too_late_fails_one_transaction_only(postgres_url: str, now: datetime) -> None:
    address = read_url(postgres_url)
    writer, reader = engines(address)
    event.listen(writer.sync_engine, "do_connect", _answer_soon)
    store = Store(address, writer=writer, reader=reader)
    try:
        for access in (store.read, store.begin):
            with pytest.raises(StorageUnavailable, match="did not answer within"):
                async with access() as tx:
                    await tx.connection.exec_driver_sql("SELECT pg_sleep(30)")
        async with store.begin() as tx:
            await make_source(tx, now)
    finally:
        await writer.dispose()


def _answer_soon(dialect: object, record: object, arguments: object, options: dict[str, object]) -> None:
    options["command_timeout"] = 0.2


OUR_FAULTS = ("SELECT 1/0", "SELECT nothing", "INSERT INTO matches (article_id) VALUES (1)")


@pytest.mark.parametrize("statement", OUR_FAULTS)
async def test_a_wrong_statement_is_a_fault_of_the_program(postgres_url: str, statement: str) -> None:
    async with open_store(postgres_url) as store:
        with pytest.raises(DBAPIError):
            async with store.begin() as tx:
                await tx.connection.exec_driver_sql(statement)


async def test_an_error_of_the_caller_inside_a_transaction_stays_its_own(store: Store) -> None:
    for error in (TimeoutError("of a feed"), OSError("of a file")):
        with pytest.raises(type(error)) as caught:
            async with store.begin():
                raise error
        assert caught.value is error


def test_an_error_of_the_program_is_not_reported_as_one_of_the_database() -> None:
    assert explain(sqlite3.IntegrityError("FOREIGN KEY constraint failed"), read_url("sqlite:///x.db")) is None
