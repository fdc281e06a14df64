"""Fresh databases for tests, copied from one that is migrated once, and records to store in them."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database_thread import DatabaseThread
from storage.deliveries import NewDelivery
from storage.engine import engines, is_sqlite, read_url, thread_engine
from storage.records import (
    SHARED,
    Article,
    Channel,
    Delivery,
    DeliveryKind,
    Platform,
    Source,
    SourceKind,
    Story,
    Topic,
    Workspace,
)
from storage.sealing import Addresses
from storage.sources import NewSource
from storage.store import Store, Tx, open_store
from storage.topics import NewTopic
from tests.support.postgres import Server

T = TypeVar("T")
TEMPLATE = "wirewatch_template"
SECRET_KEY = "the-secret-key-of-the-tests-0123456789"


def run_in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine in its own event loop, for fixtures that are not async."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    async with open_store(url):
        pass


def migrated_file(folder: Path) -> Path:
    """Create a migrated, empty SQLite file."""
    path = folder / "template.db"
    run_in_own_loop(_migrate(f"sqlite:///{path}"))
    return path


def copy_of(template: Path, folder: Path) -> str:
    """Return the URL of a fresh copy."""
    return f"sqlite:///{shutil.copy(template, folder / 'wirewatch.db')}"


def damage_index(path: Path, name: str) -> None:
    """Overwrite the first page of this index in an SQLite file that may be open."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xa5" * size)


_ENGINES: dict[str, tuple[AsyncEngine, AsyncEngine]] = {}
_THREAD_ENGINES: list[Engine] = []  # at most one, for SQLite
_FILE: list[str] = []
"""The file that the engines for SQLite open: that of the running test."""


@asynccontextmanager
async def migrated_store(url: str) -> AsyncIterator[Store]:
    """Open the store as `open_store` does, but without checking the migrations.

    The engines stay for the next test, without a connection, because compiling their statements takes longer than all
    queries of a test.
    """
    address = read_url(url)
    key = "sqlite" if is_sqlite(address) else url
    if key not in _ENGINES:
        _ENGINES[key] = engines(address)
        if is_sqlite(address):
            _THREAD_ENGINES[:] = [thread_engine(address)]
            for engine in (*_THREAD_ENGINES, *(engine.sync_engine for engine in _ENGINES[key])):
                event.listen(engine, "do_connect", _open_file)
    _FILE[:] = [str(address.database)]
    writer, reader = _ENGINES[key]
    thread = DatabaseThread(*_THREAD_ENGINES) if is_sqlite(address) else None
    try:
        yield Store(address, writer=writer, reader=reader, thread=thread, addresses=Addresses(SECRET_KEY))
    finally:
        if thread is not None:
            await thread.close()
        await writer.dispose()
        await reader.dispose()


def _open_file(dialect: object, record: object, arguments: list[str], options: object) -> None:
    arguments[:] = _FILE


_SCHEMA = """
SELECT md5(string_agg(concat(relname, ' ', attname, ' ', atttypid), ',' ORDER BY relname, attname))
    || (SELECT version_num FROM alembic_version)
FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
"""
"""Returns a hash of all columns of all tables, and the version of the schema."""
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SEQUENCES = "SELECT quote_literal(quote_ident(sequencename)) FROM pg_sequences WHERE schemaname = 'public'"


async def _statements_to_empty(connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """Return statements that disconnect everybody else and delete all rows.

    They do not use TRUNCATE, because that would create new files for every table and index.
    """
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    sequences = [row[0] for row in await connection.fetch(_SEQUENCES)]
    return ";".join(
        (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            "SET session_replication_role = replica",  # does not check foreign keys, so any order works
            *(f"DELETE FROM {table}" for table in tables),
            *(f"SELECT setval({sequence}, 1, false)" for sequence in sequences),
        )
    )


class Databases:
    """The databases of one PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._idle: list[str] = []
        run_in_own_loop(self._execute(f"CREATE DATABASE {TEMPLATE}"))
        run_in_own_loop(_migrate(server.url(TEMPLATE)))
        self._schema, self._empty_statements = run_in_own_loop(self._read(TEMPLATE))

    async def _read(self, name: str) -> tuple[str, str]:
        connection = await asyncpg.connect(self.server.url(name))
        try:
            return await connection.fetchval(_SCHEMA), await _statements_to_empty(connection)
        finally:
            await connection.close()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the URL of a migrated, empty database. Emptying it for the next test is faster than creating one."""
        name = self._idle.pop() if self._idle else self._create(TEMPLATE)
        try:
            yield self.server.url(name)
        finally:
            if run_in_own_loop(self._empty(name)):
                self._idle.append(name)
            else:
                self._drop(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        """Yield the URL of a database without tables, which is dropped at the end."""
        name = self._create("template0")
        try:
            yield self.server.url(name)
        finally:
            self._drop(name)

    def _drop(self, name: str) -> None:
        run_in_own_loop(self._execute(f"DROP DATABASE {name} WITH (FORCE)"))

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        run_in_own_loop(self._execute(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return name

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.server.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _empty(self, name: str) -> bool:
        """Delete all rows. Return False if the test has changed the schema."""
        connection = await asyncpg.connect(self.server.url(name))
        try:
            if await connection.fetchval(_SCHEMA) != self._schema:
                return False
            await connection.execute(self._empty_statements)
            return True
        finally:
            await connection.close()


async def make_workspace(tx: Tx, now: datetime, external_id: str = "local") -> Workspace:
    return await tx.workspaces.ensure(Platform.CONSOLE, external_id, external_id.title(), now=now)


async def make_channel(tx: Tx, now: datetime, external_id: str = "general", *, workspace: str = "local") -> Channel:
    home = await make_workspace(tx, now, workspace)
    return await tx.channels.ensure(home.id, external_id, external_id, now=now)


async def make_source(
    tx: Tx, now: datetime, url: str = "https://news.example/feed", *, workspace_id: int = SHARED
) -> Source:
    source, _ = await tx.sources.ensure(
        NewSource(workspace_id=workspace_id, kind=SourceKind.FEED, url=url, title=f"Title of {url}"), now
    )
    return source


async def store_article(tx: Tx, article: Article, *, keys: Iterable[str] = ()) -> Article:
    """Store the article with its identities, and return it with its id."""
    (stored,) = await tx.articles.add_many([(article, b"features")])
    await tx.identities.add_many(stored.workspace_id, [(stored.id, keys)])
    return stored


async def make_article(
    tx: Tx,
    now: datetime,
    title: str = "Huawei opens a plant",
    *,
    workspace_id: int = SHARED,
    received_at: datetime | None = None,
    story_id: int | None = None,
) -> Article:
    """Store an article from a source of the workspace. Its words are those of its title."""
    source = await make_source(tx, now, workspace_id=workspace_id)
    article = await store_article(
        tx,
        Article(
            id=0,
            workspace_id=workspace_id,
            source_id=source.id,
            publisher=source.title,
            title=title,
            text=f"{title}. More words.",
            highlights=("One point",),
            url=f"https://news.example/{title.replace(' ', '-')}",
            tags=("tag",),
            language="en",
            published_at=received_at or now,
            received_at=received_at or now,
        ),
    )
    await tx.search.put(article.id, title.casefold())
    if story_id is not None:
        await tx.articles.set_stories({article.id: story_id})
    return article


async def make_story(tx: Tx, now: datetime, *, workspace_id: int = SHARED, title: str = "Lead") -> Story:
    """Store a story with one article."""
    lead = await make_article(tx, now, title, workspace_id=workspace_id)
    story = await tx.stories.add(workspace_id=workspace_id, lead_article_id=lead.id, now=now)
    await tx.articles.set_stories({lead.id: story.id})
    return story


async def make_topic(tx: Tx, now: datetime, name: str = "huawei", *, workspace_id: int = SHARED) -> Topic:
    topic = await tx.topics.add(NewTopic(workspace_id=workspace_id, name=name, title=name.title(), query=name), now)
    assert topic is not None, f"the topic {name} already exists"
    return topic


async def enqueue_alert(tx: Tx, channel: Channel, story: Story, now: datetime, *, due_in: float = 0) -> Delivery:
    """Enqueue an alert that is due in so many seconds."""
    delivery, _ = await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.ALERT,
            subject=str(story.id),
            key=uuid4().hex[:25],
            due_at=now + timedelta(seconds=due_in),
            story_id=story.id,
        ),
        now,
    )
    return delivery
