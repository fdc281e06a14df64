"""Backup and restore of the SQLite file. For PostgreSQL the errors name its own tools."""

import asyncio
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from storage.driver_errors import explain
from storage.engine import BUSY_TIMEOUT, is_sqlite, read_url
from storage.errors import StorageError
from storage.private_files import make_file, make_folder

PAGES = 2_000
"""Pages copied at a time. Between two such steps the running bot may write."""


async def backup(store_url: str, target: Path, *, replace: bool = False) -> int:
    """Copy the database to `target` and return the size in bytes.

    The copy is consistent even while the bot runs, and is checked before it gets its name. Raises: StorageError.
    """
    path = _file_of(store_url, "back it up with: pg_dump --format=custom --file=FILE DATABASE_URL")
    return await asyncio.to_thread(_copy, path, target, replace=replace, in_use=False)


async def restore(source: Path, store_url: str, *, replace: bool = False) -> int:
    """Replace the database with a backup and return its size in bytes. Stop the bot before. Raises: StorageError."""
    path = _file_of(store_url, "restore it with: pg_restore --clean --dbname=DATABASE_URL FILE")
    return await asyncio.to_thread(_copy, source, path, replace=replace, in_use=True)


def _file_of(store_url: str, instead: str) -> Path:
    url = read_url(store_url)
    if not is_sqlite(url):
        raise StorageError(f"Nothing was done, because this is a PostgreSQL database; {instead}")
    return Path(str(url.database))


def _copy(source: Path, target: Path, *, replace: bool, in_use: bool) -> int:
    if not source.is_file():
        raise StorageError(f"Nothing was done, because there is no file {source}. Check the path.")
    if target.exists() and not replace:
        raise StorageError(
            f"The file {target} already exists and was not changed. Choose another, or allow replacing it."
        )
    part = target.with_name(f"{target.name}.part")
    try:
        make_folder(target.parent)
        part.unlink(missing_ok=True)
        make_file(part)
        _copy_pages(source, part)
        if in_use and target.exists():
            _require_closed(target)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        place = read_url(f"sqlite:///{source if _is_about_source(error) else target}")
        raise explain(error, place) or StorageError(f"Copying {source} to {target} failed: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _is_about_source(error: BaseException) -> bool:
    """Return whether the source, and not the target, cannot be used."""
    return isinstance(error, sqlite3.Error) and "full" not in str(error)


def _copy_pages(source: Path, part: Path) -> None:
    reading = sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True, timeout=BUSY_TIMEOUT)
    try:
        writing = sqlite3.connect(part)
        try:
            reading.backup(writing, pages=PAGES, sleep=0.01)
            writing.execute("PRAGMA journal_mode=DELETE")
            faults = [row[0] for row in writing.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise StorageError(
                    f"The file {source} is damaged ({'; '.join(faults)}). Nothing was replaced. Use an older backup."
                )
            tables = {row[0] for row in writing.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "articles"} <= tables:
                raise StorageError(f"The file {source} is not a database of Wirewatch. Nothing was replaced.")
        finally:
            writing.close()
    finally:
        reading.close()
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_closed(target: Path) -> None:
    """Leave WAL mode, which merges the log into the file. Raises: StorageError if another process uses the file."""
    connection = sqlite3.connect(target, timeout=1)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise StorageError(
            f"The database {target} is in use. Nothing was replaced. Stop the bot, then restore again."
        ) from error
    except sqlite3.DatabaseError:
        # A damaged file may be replaced, but its log must not be applied to the restored one.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    finally:
        connection.close()
