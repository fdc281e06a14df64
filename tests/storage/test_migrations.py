"""Migrations create the declared schema, and a database with another schema is refused."""

import asyncio
import importlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import storage.migrations.run
from handlers.rules.identity import entry_fingerprints
from storage.arrivals import NewArrival
from storage.errors import StorageError
from storage.migrations.run import bring_up_to_date
from storage.records import SHARED, ArrivalState, ChangeRule, Platform
from storage.store import Store, open_store
from storage.tables import metadata
from tests.support.database import ping
from tests.support.stores import Databases, make_article, make_source


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
    return not (name or "").startswith("search_index") and name not in (
        "vector",
        "ix_search_texts_vector",
        "ix_set_aside_texts_vector",
    )


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
            await ping(store)

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
        await ping(store)


async def test_articles_stored_before_fingerprints_get_those_that_the_program_makes(
    store: Store, now: datetime
) -> None:
    async with store.begin() as tx:
        undated, dated = await make_article(tx, now), await make_article(tx, now, "Court fines Huawei")
        dated = await tx.articles.complete(dated.id, {"published_at": now - timedelta(hours=3)})
        source, articles = await make_source(tx, now), (undated, dated)
        new = [
            NewArrival(key=str(article.id), origin="feed", state=ArrivalState.MATCHED, article_id=article.id)
            for article in articles
        ]
        await tx.arrivals.add_many(source.id, new, now)
        for statement in _WITHOUT_FINGERPRINTS:
            await tx.connection.execute(text(statement))

        await tx.connection.run_sync(_upgrade, "fingerprints_of_articles")

        assert await tx.connection.run_sync(_differences) == []
        for article in articles:
            date = None if article.published_at == article.received_at else article.published_at
            for value in entry_fingerprints(article.title, article.text, date, source_id=source.id):
                assert article.id in (await tx.fingerprints.find({SHARED}, [value]))[value]


_WITHOUT_FINGERPRINTS = (
    "DROP TABLE fingerprints",
    "DROP TABLE listings",
    *(
        f"ALTER TABLE sources DROP COLUMN {name}"
        for name in ("moved_to", "moved_since", "moved_seen_at", "moved_times", "gone_since")
    ),
)


def _upgrade(connection: Connection, name: str) -> None:
    """Run one migration, whose number may change when branches are merged."""
    versions = Path(storage.migrations.run.__file__).parent / "versions"
    (path,) = versions.glob(f"*_{name}.py")
    migration = importlib.import_module(f"storage.migrations.versions.{path.stem}")
    with Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()


async def test_the_members_of_slack_channels_keep_their_rights_when_managers_begins_to_mean_admins(
    store: Store, now: datetime
) -> None:
    before = {"T1": (Platform.SLACK, "managers"), "T2": (Platform.SLACK, "anyone"), "1": (Platform.DISCORD, "managers")}
    async with store.begin() as tx:
        for external_id, (platform, rule) in before.items():
            home = await tx.workspaces.ensure(platform, external_id, external_id, now=now)
            await tx.workspaces.update(home.id, change_rule=ChangeRule(rule))

        await tx.connection.run_sync(_upgrade, "change_rule_members")

        after = {home.external_id: home.change_rule.value for home in await tx.workspaces.all()}
    assert after == {"T1": "members", "T2": "anyone", "1": "managers"}
