"""The store: opens a database and gives transactions; a transaction holds every collection of queries."""

import asyncio
import sqlite3
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.arrivals import Arrivals
from storage.articles import Articles
from storage.backfills import Backfills
from storage.channels import Channels
from storage.console import Console
from storage.deliveries import Deliveries
from storage.engine import OpenFile, engines, is_sqlite, prepare_file, read_url, rewrite_file
from storage.fingerprints import Fingerprints
from storage.installs import Installs
from storage.ledger import Ledgers
from storage.listings import Listings
from storage.matches import Matches
from storage.meta import Meta
from storage.migrations.run import bring_up_to_date, require_current
from storage.outcomes import Outcomes
from storage.sealing import Addresses
from storage.search import Search
from storage.seen_events import SeenEvents
from storage.social import Social
from storage.sources import Sources
from storage.stories import Stories
from storage.subscriptions import Subscriptions
from storage.topics import Topics
from storage.touched import Touched
from storage.traces import Traces
from storage.trouble import explain
from storage.workspaces import Workspaces

_LOCKS = 0x57570000_00000000
"""Our advisory locks in PostgreSQL are this number plus the CRC of their name."""


class Tx:
    """One transaction: every collection of queries on the same connection."""

    def __init__(self, connection: AsyncConnection, addresses: Addresses) -> None:
        self.connection = connection
        self.addresses = addresses
        self.touched = Touched(connection)
        self.workspaces = Workspaces(connection)
        self.channels = Channels(connection)
        self.sources = Sources(connection, addresses)
        self.traces = Traces(connection)
        self.articles = Articles(connection, self.touched)
        self.fingerprints = Fingerprints(connection)
        self.listings = Listings(connection)
        self.arrivals = Arrivals(connection)
        self.topics = Topics(connection)
        self.matches = Matches(connection, self.touched)
        self.backfills = Backfills(connection)
        self.stories = Stories(connection, self.touched)
        self.subscriptions = Subscriptions(connection)
        self.outcomes = Outcomes(connection)
        self.deliveries = Deliveries(connection)
        self.social = Social(connection)
        self.search = Search(connection)
        self.console = Console(connection)
        self.ledger = Ledgers(connection)
        self.meta = Meta(connection)
        self.installs = Installs(connection)
        self.seen_events = SeenEvents(connection)

    async def serialise(self, name: str) -> None:
        """Only one transaction at a time goes on from here, in all processes. SQLite has one writer anyway."""
        if self.connection.dialect.name == "postgresql":
            key = _LOCKS + zlib.crc32(name.encode())
            await self.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


class Store:
    """An open database. Made by `open_store`, shared by everything in the process."""

    def __init__(
        self, url: URL, *, writer: AsyncEngine, reader: AsyncEngine, addresses: Addresses | None = None
    ) -> None:
        self._url = url
        self.addresses = addresses or Addresses()
        self._writer = writer
        self._reader = reader
        # SQLite has one writer: waiting here is fair and costs nothing, waiting in the driver is neither.
        self._turn = asyncio.Lock() if is_sqlite(url) else None
        self._file = OpenFile(Path(str(url.database))) if is_sqlite(url) else None

    @property
    def database(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._url.get_backend_name()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """A transaction that writes: committed at the end, undone by any exception. Never hold it over a network call.

        Raises: StorageError.
        """
        async with self._turn or nullcontext(), self._transaction(self._writer) as tx:
            yield tx
            await tx.touched.raise_versions()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A transaction that only reads, and sees one state of the database throughout. Raises: StorageError."""
        async with self._transaction(self._reader) as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Tx]:
        ours = True
        if self._file is not None:
            self._file.require_same()
        try:
            async with engine.begin() as connection:
                ours = False
                yield Tx(connection, self.addresses)
                ours = True
        except SQLAlchemyError as error:
            known = explain(error, self._url)
            if known is None:
                raise
            raise known from error
        except OSError as error:
            # Inside the transaction it may be the caller's own file or socket.
            known = explain(error, self._url) if ours else None
            if known is None:
                raise
            raise known from error

    async def rewrite_file(self) -> bool:
        """Write the SQLite file anew, so that nothing of what was deleted is left in it. False: it is busy.

        PostgreSQL does so by itself in time. Raises: StorageError.
        """
        if not is_sqlite(self._url):
            return True
        try:
            return await asyncio.to_thread(rewrite_file, Path(str(self._url.database)))
        except (sqlite3.Error, OSError) as error:
            raise explain(error, self._url) or error from error

    async def ping(self) -> None:
        """Answer from the database. Raises: StorageError."""
        async with self.read() as tx:
            await tx.meta.get("ping")


@asynccontextmanager
async def open_store(url: str, *, migrate: bool = True, addresses: Addresses | None = None) -> AsyncIterator[Store]:
    """The database at this address, made and migrated where needed, closed at the end.

    `migrate=False` refuses a database that is not of this version. Without `addresses`, feeds whose address holds a
    password or key can neither be added nor read. Raises: StorageError.
    """
    address = read_url(url)
    writer, reader = engines(address)
    try:
        try:
            if is_sqlite(address):
                await prepare_file(Path(str(address.database)))
            async with writer.begin() as connection:
                await connection.run_sync(bring_up_to_date if migrate else require_current)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise explain(error, address) or error from error
        yield Store(address, writer=writer, reader=reader, addresses=addresses)
    finally:
        await writer.dispose()
        await reader.dispose()
