"""From a driver's error to words for a person: what happened, what was tried, what to do."""

import errno
import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.engine import BUSY_TIMEOUT, CONNECT_TIMEOUT, is_sqlite
from storage.errors import StorageError


def place_of(url: URL) -> str:
    """The database as people know it, without its password."""
    return str(url.database) if is_sqlite(url) else f"{url.host or 'the local socket'}/{url.database or ''}"


def explain(error: BaseException, url: URL) -> StorageError | None:
    """The error for a person; None: it is a fault of ours, not of the database's state."""
    if isinstance(error, PoolTimeoutError):
        return StorageError(
            f"All connections to the database {place_of(url)} stayed busy for a minute. "
            "Nothing was changed. Restart the bot; if it happens again, report it with the log."
        )
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _sqlite(cause, url) if is_sqlite(url) else _postgresql(error, cause, url)


def _sqlite(cause: BaseException | None, url: URL) -> StorageError | None:
    place, said = place_of(url), str(cause).casefold()
    if isinstance(cause, OSError):
        full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
        return _full(place) if full else _closed(place, str(cause))
    if not isinstance(cause, sqlite3.Error):
        return None
    if "locked" in said or "busy" in said:
        return StorageError(
            f"The database {place} is locked by another process. Waited {BUSY_TIMEOUT:.0f} seconds; "
            "nothing was changed. Close the program that has it open, or wait until its work is done, and try again."
        )
    if "full" in said:
        return _full(place)
    if "not a database" in said or "malformed" in said or "encrypted" in said:
        return StorageError(
            f"The file {place} is not a database, or it is damaged. It was left as it is. "
            "Restore a backup over it, or name another file."
        )
    if "no such table" in said or "no such column" in said:
        return StorageError(
            f"The database {place} lacks its tables: the file was replaced or emptied while it was open, or was never "
            "migrated. Nothing was changed. Restart the bot, which makes or migrates the tables, or restore a backup."
        )
    if "unable to open" in said or "disk i/o" in said or "readonly" in said or "read-only" in said:
        return _closed(place, str(cause))
    return None


def _full(place: str) -> StorageError:
    return StorageError(
        f"There is no space left for the database {place}. The last change was undone, what was stored before is safe. "
        "Free some space on that disk; the work goes on by itself."
    )


def _closed(place: str, said: str) -> StorageError:
    return StorageError(
        f"The database file {place} cannot be opened or written ({said}). Nothing was changed. "
        "See that its folder exists, that this user may write there, and that the disk is attached."
    )


def _postgresql(error: BaseException, cause: BaseException | None, url: URL) -> StorageError | None:
    place, state = place_of(url), getattr(cause, "sqlstate", None) or getattr(error, "sqlstate", None) or ""
    if state == "53100":
        return _full(place)
    if state in ("28000", "28P01"):
        return StorageError(
            f"PostgreSQL refused the user or the password for {place}. Nothing was tried again. Correct DATABASE_URL."
        )
    if state == "3D000":
        return StorageError(f"PostgreSQL has no database {place}. Create it (createdb), or correct DATABASE_URL.")
    if state == "42P01":
        return StorageError(
            f"The database {place} lacks its tables. Nothing was changed. "
            "Restart the bot, which makes them, or run: python -m bot db migrate"
        )
    if state in ("55P03", "40P01", "57014"):
        return StorageError(
            f"The database {place} was locked by another process for too long. Nothing was changed. Try again."
        )
    unreachable = isinstance(cause, OSError | TimeoutError) or state[:2] in ("08", "53", "57")
    if unreachable or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StorageError(
            f"PostgreSQL at {place} cannot be reached or went away ({type(cause).__name__}). "
            f"Waited up to {CONNECT_TIMEOUT:.0f} seconds; an unfinished change was undone. "
            "See that the server runs and that DATABASE_URL names it; the work goes on when it answers."
        )
    return None
