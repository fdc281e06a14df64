"""Translates errors of the database drivers into messages for people: what happened, what was tried, what to do."""

import errno
import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.engine import BUSY_TIMEOUT, COMMAND_TIMEOUT, CONNECT_TIMEOUT, RESTORE, is_sqlite
from storage.errors import DamagedDatabase, StorageError, StorageUnavailable

_FAULTS = ("22", "23", "25", "42")
"""Classes of PostgreSQL's errors that are faults of this program, such as wrong values and statements."""


def place_of(url: URL) -> str:
    """Return the name of the database for people, without the password."""
    return str(url.database) if is_sqlite(url) else f"{url.host or 'the local socket'}/{url.database or ''}"


def explain(error: BaseException, url: URL) -> StorageError | None:
    """Return the error for a person, or None for a fault of this program rather than of the database."""
    if isinstance(error, PoolTimeoutError):
        return StorageUnavailable(
            f"All connections to the database {place_of(url)} were busy for a minute. "
            "Nothing was changed. Restart the bot. If it happens again, report it with the log."
        )
    cause = error.orig if isinstance(error, DBAPIError) else error
    return _sqlite(cause, url) if is_sqlite(url) else _postgresql(error, cause, url)


def _sqlite(cause: BaseException | None, url: URL) -> StorageError | None:
    place, message = place_of(url), str(cause).casefold()
    if isinstance(cause, OSError):
        full = cause.errno in (errno.ENOSPC, errno.EDQUOT)
        return _disk_full(place) if full else _not_accessible(place, str(cause))
    if not isinstance(cause, sqlite3.Error):
        return None
    if "locked" in message or "busy" in message:
        return StorageUnavailable(
            f"The database {place} is locked by another process, for more than {BUSY_TIMEOUT:.0f} seconds now. Nothing "
            "was changed. Close the program that has it open, or wait until it has finished, and try again."
        )
    if "full" in message:
        return _disk_full(place)
    if "not a database" in message or "malformed" in message or "encrypted" in message:
        return DamagedDatabase(f"The file {place} is not a database, or it is damaged. It was not changed. {RESTORE}")
    if "no such table" in message or "no such column" in message:
        return StorageError(
            f"The database {place} has no tables: the file was replaced or emptied while it was open, or was never "
            "migrated. Nothing was changed. Restart the bot, which creates the tables. "
            f"If data is missing then: {RESTORE}"
        )
    if any(words in message for words in ("unable to open", "disk i/o", "readonly", "read-only")):
        return _not_accessible(place, str(cause))
    return None


def _disk_full(place: str) -> StorageError:
    return StorageError(
        f"There is no space left for the database {place}. The last change was undone; everything stored before is "
        "safe. Free some space on that disk. The bot then continues by itself."
    )


def _not_accessible(place: str, message: str) -> StorageError:
    return StorageError(
        f"The database file {place} cannot be opened or written ({message}). Nothing was changed. "
        "Check that its folder exists, that this user may write there, and that the disk is attached."
    )


def _postgresql(error: BaseException, cause: BaseException | None, url: URL) -> StorageError | None:
    place, state = place_of(url), getattr(cause, "sqlstate", None) or getattr(error, "sqlstate", None) or ""
    if state == "53100":
        return _disk_full(place)
    if state in ("28000", "28P01"):
        return StorageError(
            f"PostgreSQL refused the user or the password for {place}. It was not tried again. Correct DATABASE_URL."
        )
    if state == "3D000":
        return StorageError(f"PostgreSQL has no database {place}. Create it with createdb, or correct DATABASE_URL.")
    if state == "42P01":
        return StorageError(
            f"The database {place} has no tables. Nothing was changed. "
            "Restart the bot, which creates them, or run: python -m bot db migrate"
        )
    if state in ("55P03", "57014") or state.startswith("40"):
        return StorageUnavailable(
            f"The database {place} was locked by another process for too long. Nothing was changed. Try again."
        )
    if isinstance(cause, TimeoutError):
        return StorageUnavailable(
            f"PostgreSQL at {place} did not answer within {COMMAND_TIMEOUT:.0f} seconds. The unfinished change was "
            "undone. Something may hold a lock, or the server hangs. The bot continues when it answers."
        )
    if state[:2] in _FAULTS or not (state or isinstance(error, DBAPIError | OSError)):
        return None
    return StorageUnavailable(
        f"PostgreSQL at {place} cannot be reached, or closed the connection ({type(cause).__name__}). "
        f"The time limit is {CONNECT_TIMEOUT:.0f} seconds, and an unfinished change was undone. Check that the "
        "server runs and that DATABASE_URL is right. The bot continues when the server answers."
    )
