"""Database URLs and engines: how connections to SQLite and PostgreSQL are set up, and how transactions begin."""

import asyncio
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import StorageError
from storage.file_lock import FileLock
from storage.private_files import make_file, make_folder
from storage.sqlite_driver import connect as connect_sqlite

BUSY_TIMEOUT = 10.0
"""Seconds that SQLite waits for a transaction of another process."""
CONNECT_TIMEOUT = 10.0
"""Seconds within which PostgreSQL must accept a connection."""
COMMAND_TIMEOUT = 60.0
"""Seconds within which PostgreSQL must execute a statement."""
RESTORE = "Stop the bot, run `python -m bot db restore FILE --overwrite` with a backup, and start the bot again."
LOG_FILE_BYTES = 16 * 1024 * 1024
"""Size to which the file of the write-ahead log is cut when all of it is in the database."""
READERS = 4
"""Number of SQLite connections that read while another one writes. Each has a thread."""
SCHEMES = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def read_url(url: str) -> URL:
    """Return the parsed URL with the name of its driver. Raises: StorageError, whose message contains no password."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StorageError(
            "The database address is not valid. It should look like sqlite:///wirewatch.db or "
            "postgresql://user:password@host/name."
        ) from error
    driver = SCHEMES.get(found.drivername)
    if driver is None:
        raise StorageError(
            f"The database address begins with {found.drivername}://, which is not supported. "
            "Use sqlite:/// with a path, or postgresql://."
        )
    found = found.set(drivername=driver)
    if driver == SCHEMES["sqlite"] and not found.database:
        raise StorageError(
            "The database address contains no file. Use sqlite:/// with a path, such as sqlite:///wirewatch.db."
        )
    if driver == SCHEMES["postgresql"]:
        found = _asyncpg_options(found)
    return found


def _asyncpg_options(url: URL) -> URL:
    """Rename the option `sslmode`, which hosting services use as libpq does, to asyncpg's `ssl`."""
    mode = url.query.get("sslmode")
    if mode is None:
        return url
    query = {name: value for name, value in url.query.items() if name != "sslmode"}
    return url.set(query={**query, "ssl": mode})


def is_sqlite(url: URL) -> bool:
    return url.drivername == SCHEMES["sqlite"]


async def prepare_file(path: Path, lock: FileLock) -> None:
    """Create the SQLite file if it is missing, share its lock, and put it into WAL mode permanently.

    Raises: StorageError while the file is being restored; sqlite3.Error, OSError.
    """
    await asyncio.to_thread(_prepare_file, path, lock)


def _prepare_file(path: Path, lock: FileLock) -> None:
    make_folder(path.parent)
    lock.share()
    make_file(path)  # SQLite gives its other files the same permissions
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT)
        try:
            # Counts for a new file only: it can then give back free pages without being rewritten.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait for the lock here, and another process may start at the same time.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


def rewrite_file(path: Path) -> bool:
    """VACUUM the file and truncate its log. Return False if another process uses the file or the disk is full.

    Raises: sqlite3.Error.
    """
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "full" in str(error):
            return False
        raise
    finally:
        connection.close()


class OpenFile:
    """The SQLite file that was opened. If it is removed or replaced, whatever is written to it is silently lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity = self._find_identity()

    def require_same(self) -> None:
        """Raises: StorageError if the file was removed or replaced."""
        if self._find_identity() != self._identity:
            raise StorageError(
                f"The database file {self._path} was removed, moved or replaced while it was open. "
                f"Nothing was changed. Put the file back; the bot then continues. If it is lost: {RESTORE}"
            )

    def _find_identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """Return one engine for transactions that write and one for those that only read. `url` is from `read_url`."""
    if is_sqlite(url):
        return _sqlite_engine(url, write=True), _sqlite_engine(url, write=False)
    writer = _postgresql_engine(url)
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def thread_engine(url: URL) -> Engine:
    """Return the engine of a `DatabaseThread` of an SQLite file."""
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        hide_parameters=True,  # errors must not contain what people typed
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT, "isolation_level": None, "check_same_thread": False},
        json_serializer=_dumps,
    )
    _set_up_sqlite(engine, write=None)
    return engine


def _sqlite_engine(url: URL, *, write: bool) -> AsyncEngine:
    """Return the engine of the only writing connection, or of the reading ones, with explicit BEGIN statements."""
    engine = create_async_engine(
        url,
        hide_parameters=True,  # errors must not contain what people typed
        pool_size=1 if write else READERS,
        max_overflow=0,
        pool_timeout=60,
        connect_args={"timeout": BUSY_TIMEOUT, "isolation_level": None, "async_creator_fn": connect_sqlite},
        json_serializer=_dumps,
    )
    _set_up_sqlite(engine.sync_engine, write=write)
    return engine


def _set_up_sqlite(engine: Engine, *, write: bool | None) -> None:
    """Set up connections that write, that only read (False), or that do what the option "writes" says (None)."""

    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes-with-the-sqlite3-or-aiosqlite-driver
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        # With FULL a commit is on the disk when it returns. NORMAL would lose commits in a power failure.
        cursor.execute("PRAGMA synchronous=FULL")
        # After a burst or a long read, the next checkpoint of all pages cuts the log's file to this size.
        cursor.execute(f"PRAGMA journal_size_limit={LOG_FILE_BYTES}")
        if write is False:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options()["writes"] if write is None else write
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,  # errors must not contain what people typed
        pool_size=5,
        max_overflow=5,
        pool_pre_ping=True,
        connect_args={"timeout": CONNECT_TIMEOUT, "command_timeout": COMMAND_TIMEOUT},
        json_serializer=_dumps,
    )

    # SQLAlchemy passes time-outs and lost sockets of asyncpg on as they are, so that they look like those of a caller.
    @event.listens_for(engine.sync_engine, "handle_error")
    def wrap(context: ExceptionContext) -> Exception | None:
        if not isinstance(context.original_exception, OSError):  # TimeoutError is one
            return None
        context.is_disconnect = True  # the connection may still be busy, so it is not used again
        return OperationalError(context.statement, None, context.original_exception, connection_invalidated=True)

    return engine


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
