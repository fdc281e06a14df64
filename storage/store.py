"""The store: opens a database and its transactions. A transaction has all collections of queries."""

import asyncio
import sqlite3
import time
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.address_copies import AddressCopies
from storage.answer_versions import AnswerVersions
from storage.arrivals import Arrivals
from storage.articles import Articles
from storage.backfills import Backfills
from storage.brief_reads import BriefReads
from storage.channel_stories import ChannelStories
from storage.channels import Channels
from storage.clock import ClockCorrections
from storage.console import Console
from storage.database_thread import Connection, DatabaseThread, State, ThreadConnection, run_in
from storage.deliveries import Deliveries
from storage.drafts import Drafts
from storage.driver_errors import explain
from storage.engine import OpenFile, engines, is_sqlite, prepare_file, read_url, rewrite_file, thread_engine
from storage.errors import StorageError
from storage.feedback import Feedback
from storage.file_lock import FileLock
from storage.fingerprints import Fingerprints
from storage.follows import Follows
from storage.identities import Identities
from storage.indexed_words import SET_ASIDE
from storage.installs import Installs
from storage.ledger import Ledgers
from storage.listings import Listings
from storage.matches import Matches
from storage.meta import Meta
from storage.migrations.run import bring_up_to_date, require_current
from storage.mutes import Mutes
from storage.official_lists import OfficialLists
from storage.outage import Outage
from storage.outcomes import Outcomes
from storage.past_identities import PastIdentities
from storage.polls import Polls
from storage.pruning import Pruning
from storage.reviews import Reviews
from storage.sealing import Addresses
from storage.search import Search
from storage.seen_events import SeenEvents
from storage.set_aside import SetAsideParts
from storage.source_health import SourceHealth
from storage.source_profiles import SourceProfiles
from storage.sources import Sources
from storage.stay_reasons import StayReasons
from storage.stops import Stops
from storage.stories import Stories
from storage.story_joins import StoryJoins
from storage.subscriptions import Subscriptions
from storage.topics import Topics
from storage.workspaces import Workspaces

T = TypeVar("T")
_LOCKS = 0x57570000_00000000
"""The number of an advisory lock in PostgreSQL is this plus the CRC of its name."""


class Tx:
    """One transaction, with all collections of queries on its connection."""

    def __init__(self, connection: Connection, addresses: Addresses) -> None:
        self.connection = connection
        self.addresses = addresses
        self.answer_versions = AnswerVersions(connection)
        self.workspaces = Workspaces(connection)
        self.channels = Channels(connection)
        self.sources = Sources(connection, addresses)
        self.source_health = SourceHealth(connection)
        self.source_profiles = SourceProfiles(connection)
        self.polls = Polls(connection)
        self.address_copies = AddressCopies(connection)
        self.identities = Identities(connection)
        self.past_identities = PastIdentities(connection)
        self.articles = Articles(connection, self.answer_versions)
        self.fingerprints = Fingerprints(connection)
        self.listings = Listings(connection)
        self.official_lists = OfficialLists(connection)
        self.arrivals = Arrivals(connection)
        self.topics = Topics(connection)
        self.matches = Matches(connection, self.answer_versions)
        self.backfills = Backfills(connection)
        self.stops = Stops(connection)
        self.stories = Stories(connection, self.answer_versions)
        self.channel_stories = ChannelStories(connection)
        self.story_corrections = StoryJoins(connection, self.answer_versions)
        self.subscriptions = Subscriptions(connection)
        self.outcomes = Outcomes(connection)
        self.deliveries = Deliveries(connection)
        self.mutes = Mutes(connection)
        self.follows = Follows(connection)
        self.feedback = Feedback(connection)
        self.reviews = Reviews(connection)
        self.brief_reads = BriefReads(connection)
        self.drafts = Drafts(connection)
        self.search = Search(connection)
        self.set_aside = SetAsideParts(connection, self.answer_versions)
        self.set_aside_search = Search(connection, SET_ASIDE)
        self.console = Console(connection)
        self.ledger = Ledgers(connection)
        self.pruning = Pruning(connection, self.answer_versions)
        self.stay_reasons = StayReasons(connection)
        self.meta = Meta(connection)
        self.clock = ClockCorrections(connection)
        self.installs = Installs(connection)
        self.seen_events = SeenEvents(connection)

    @property
    def state(self) -> State | None:
        """What was committed before this transaction; None if that is not known, as on PostgreSQL."""
        return self.connection.state if isinstance(self.connection, ThreadConnection) else None

    async def compute(self, work: Callable[..., T], *values: Any, **named: Any) -> T:
        """Return `work(*values, **named)`, computed in a thread: that of the transaction, if it runs in one.

        If cancelled, it waits for the end of the work, which may use what only one thread may use.
        """
        if isinstance(self.connection, ThreadConnection):
            return work(*values, **named)
        return await run_in(None, partial(work, *values, **named))

    async def lock(self, name: str) -> None:
        """Lock this name until the transaction ends, for all processes. SQLite has only one writer anyway."""
        if self.connection.dialect.name == "postgresql":
            key = _LOCKS + zlib.crc32(name.encode())
            await self.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


class Store:
    """An open database. `open_store` creates it, and the whole process shares it."""

    def __init__(
        self,
        url: URL,
        *,
        writer: AsyncEngine,
        reader: AsyncEngine,
        thread: DatabaseThread | None = None,
        addresses: Addresses | None = None,
        lock: FileLock | None = None,
    ) -> None:
        self._url = url
        self.lock = lock
        """The lock on the SQLite file that this process shares; None with PostgreSQL."""
        self.addresses = addresses or Addresses()
        self._writer = writer
        self._reader = reader
        self._thread = thread
        # SQLite has one writer. Waiting for it here is fair and cheap; waiting in the driver is neither.
        self._write_lock = asyncio.Lock() if is_sqlite(url) else None
        self.outage = Outage()
        self._file = OpenFile(Path(str(url.database))) if is_sqlite(url) else None

    @property
    def database(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._url.get_backend_name()

    @property
    def file(self) -> Path | None:
        """The SQLite file; None with PostgreSQL."""
        return Path(str(self._url.database)) if is_sqlite(self._url) else None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Begin a transaction that writes. It is committed when the block ends, and rolled back by any exception.

        Never hold it during a network call. Raises: StorageError.
        """
        async with self._write_lock or nullcontext(), self._transaction(self._writer) as tx:
            yield tx
            await tx.answer_versions.raise_changed()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Begin a transaction that only reads, and sees one state of the database. Raises: StorageError."""
        async with self._transaction(self._reader) as tx:
            yield tx

    async def write(self, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Run `work` in a transaction that writes, and return its result. On SQLite it runs in a thread as a whole.

        `work` waits for nothing but the transaction, and uses `Tx.compute` for what takes long. This takes less time
        than `begin`, whose statements are each sent to a thread. Raises: StorageError.
        """
        if self._thread is None:
            async with self.begin() as tx:
                return await work(tx)

        async def complete(connection: Connection) -> T:
            tx = Tx(connection, self.addresses)
            result = await work(tx)
            await tx.answer_versions.raise_changed()
            return result

        async with self._write_lock or nullcontext():
            with self._explained("write") as is_ours:
                is_ours.clear()
                return await self._thread.run(complete, write=True)

    async def look_up(self, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Do what `write` does, in a transaction that only reads. Raises: StorageError."""
        if self._thread is None:
            async with self.read() as tx:
                return await work(tx)
        with self._explained("read") as is_ours:
            is_ours.clear()
            return await self._thread.run(lambda connection: work(Tx(connection, self.addresses)), write=False)

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[Tx]:
        with self._explained("read" if engine is self._reader else "write") as is_ours:
            async with engine.begin() as connection:
                is_ours.clear()
                yield Tx(connection, self.addresses)
                is_ours.add(True)

    @contextmanager
    def _explained(self, kind: str) -> Generator[set[bool]]:
        """Raise StorageError for errors of the database, and note outages of this kind of access.

        The set is empty while an error of a file or socket, or a StorageError, may be that of the caller.
        """
        is_ours, began_at = {True}, time.monotonic()
        try:
            if self._file is not None and kind != "file":
                self._file.require_same()
            yield is_ours
        except StorageError as error:
            if is_ours:
                self.outage.failed(kind, error, began_at=began_at)
            raise
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            explained = None if isinstance(error, OSError) and not is_ours else explain(error, self._url)
            if explained is None:
                raise
            self.outage.failed(kind, explained, began_at=began_at)
            raise explained from error
        self.outage.succeeded(kind)

    async def run_on_file(self, work: Callable[[Path], T]) -> T:
        """Run work on the SQLite file in a thread. Raises: StorageError."""
        with self._explained("file"):
            return await asyncio.to_thread(work, Path(str(self._url.database)))

    async def rewrite_file(self) -> bool:
        """Rewrite the SQLite file, so that no deleted data is left in it. Return False if another process uses it.

        PostgreSQL does this by itself over time. Raises: StorageError.
        """
        return True if self.file is None else await self.run_on_file(rewrite_file)

    async def vacuum(self) -> None:
        """Let PostgreSQL make room and renew its statistics. Raises: StorageError."""
        async with self._transaction(self._writer.execution_options(isolation_level="AUTOCOMMIT")) as tx:
            await tx.connection.execute(text("VACUUM (ANALYZE)"))


@asynccontextmanager
async def open_store(url: str, *, migrate: bool = True, addresses: Addresses | None = None) -> AsyncIterator[Store]:
    """Open the database at this URL, created and migrated if necessary, and close it when the block ends.

    With `migrate=False` a database with another schema is refused. Without `addresses`, feeds with a password or key
    in their address can neither be added nor read. Raises: StorageError.
    """
    address = read_url(url)
    writer, reader = engines(address)
    thread = DatabaseThread(thread_engine(address)) if is_sqlite(address) else None
    lock = FileLock(Path(str(address.database))) if is_sqlite(address) else None
    try:
        try:
            if lock is not None:
                await prepare_file(Path(str(address.database)), lock)
            async with writer.begin() as connection:
                await connection.run_sync(bring_up_to_date if migrate else require_current)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise explain(error, address) or error from error
        yield Store(address, writer=writer, reader=reader, thread=thread, addresses=addresses, lock=lock)
    finally:
        if thread is not None:
            await thread.close()
        await writer.dispose()
        await reader.dispose()
        if lock is not None:
            lock.release()
