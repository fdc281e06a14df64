"""Migrations create the declared schema, and a database with another schema is refused."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.errors import StorageError
from storage.migrations.run import bring_up_to_date
from storage.store import Store, open_store
from storage.tables import metadata
from tests.support.stores import Databases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables. On SQLite there is not even a file."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new folder/wirewatch.db"
        return
    databases: Databases = request.getfixturevalue("postgres")
    with databases.bare() as url:
        yield url


def _is_compared(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leave out the full-text index, which is different in each database, so that only the migration declares it."""
    return not (name or "").startswith("search_index") and name not in ("vector", "ix_search_texts_vector")


def _differences(connection: Connection) -> list[Any]:
    options = {"include_object": _is_compared, "compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrated_schema_equals_the_declared_one(store: Store) -> None:
    async with store.begin() as tx:
        assert await tx.connection.run_sync(_differences) == []


async def test_a_migrated_database_has_the_full_text_index(store: Store) -> None:
    queries = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'search_index'",
        "postgresql": "SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_search_texts_vector'",
    }
    async with store.begin() as tx:
        assert (await tx.connection.execute(text(queries[store.database]))).scalar_one() == 1


async def test_a_second_migration_changes_nothing(store: Store) -> None:
    async with store.begin() as tx:
        await tx.connection.run_sync(bring_up_to_date)
        assert await tx.connection.run_sync(_differences) == []


async def test_processes_that_start_at_the_same_time_migrate_once(empty_url: str) -> None:
    async def open_and_ping() -> None:
        async with open_store(empty_url) as store:
            await store.ping()

    await asyncio.gather(*(open_and_ping() for _ in range(4)))


async def test_a_newer_database_is_refused_and_not_changed(store_url: str) -> None:
    async with open_store(store_url) as store, store.begin() as tx:
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=r"newer version.*schema 9999.*Update the program"):
        async with open_store(store_url):
            pass


async def test_an_old_database_is_refused_if_it_may_not_be_migrated(empty_url: str) -> None:
    with pytest.raises(StorageError, match="python -m bot db migrate"):
        async with open_store(empty_url, migrate=False):
            pass


async def test_a_current_database_opens_without_migrating(store_url: str) -> None:
    async with open_store(store_url, migrate=False) as store:
        await store.ping()
