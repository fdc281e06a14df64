"""Backup and restore of the SQLite file. PostgreSQL has better tools of its own, and the errors name them."""

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
"""Pages copied between two breaths, in which the running bot may write."""


async def backup(store_url: str, target: Path, *, replace: bool = False) -> int:
    """Copy the database to a file, consistent while the bot runs, checked before it takes its name.

    Gives the size in bytes. Raises: StorageError.
    """
    path = _file_of(store_url, "backed up with: pg_dump --format=custom --file=FILE DATABASE_URL")
    return await asyncio.to_thread(_copy, path, target, replace=replace, in_use=False)


async def restore(source: Path, store_url: str, *, replace: bool = False) -> int:
    """Put a backup in the database's place. The bot must be stopped. Gives the size in bytes. Raises: StorageError."""
    path = _file_of(store_url, "restored with: pg_restore --clean --dbname=DATABASE_URL FILE")
    return await asyncio.to_thread(_copy, source, path, replace=replace, in_use=True)


def _file_of(store_url: str, instead: str) -> Path:
    url = read_url(store_url)
    if not is_sqlite(url):
        raise StorageError(f"This is a PostgreSQL database, which is {instead}. Nothing was done.")
    return Path(str(url.database))


def _copy(source: Path, target: Path, *, replace: bool, in_use: bool) -> int:
    if not source.is_file():
        raise StorageError(f"There is no file {source}. Nothing was done. Check the path.")
    if target.exists() and not replace:
        raise StorageError(
            f"The file {target} is there already and was left as it is. Name another, or allow replacing."
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
        place = read_url(f"sqlite:///{source if _is_about(error) else target}")
        raise explain(error, place) or StorageError(f"Copying {source} to {target} failed: {error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _is_about(error: BaseException) -> bool:
    """Whether it is the source that cannot be used."""
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
                raise StorageError(f"The file {source} is not a database of this program. Nothing was replaced.")
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
    """Leaving WAL mode needs the file for oneself, and folds its log in. Raises: StorageError."""
    connection = sqlite3.connect(target, timeout=1)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise StorageError(
            f"The database {target} is in use. Nothing was replaced. Stop the bot, and restore again."
        ) from error
    except sqlite3.DatabaseError:
        # A damaged file is a reason to restore, not an obstacle; its log belongs to it alone.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    finally:
        connection.close()
