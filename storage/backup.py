"""Backup and restore of the SQLite file. For PostgreSQL the errors name its own tools."""

import asyncio
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from storage.driver_errors import explain
from storage.engine import BUSY_TIMEOUT, is_sqlite, read_url
from storage.errors import StorageError
from storage.file_lock import FileLock
from storage.migrations.run import is_known
from storage.private_files import make_file, make_folder

ALL_PAGES = -1
"""Copied in one transaction, which sees one state of the database. The bot may write meanwhile, to the log. In several
transactions, each commit of another process would start the copy again."""


async def backup(store_url: str, target: Path, *, replace: bool = False) -> int:
    """Copy the database to `target` and return the size in bytes.

    The copy is consistent even while the bot runs, and is checked before it gets its name. Raises: StorageError.
    """
    path = _file_of(store_url, "back it up with: pg_dump --format=custom --file=FILE DATABASE_URL")
    return await asyncio.to_thread(_copy, path, target, replace=replace, in_use=False)


async def restore(source: Path, store_url: str, *, replace: bool = False) -> int:
    """Replace the database with a backup and return its size in bytes.

    The backup is checked first, and takes the place of the database in one step.

    Raises: StorageError, also if a process has the database open.
    """
    path = _file_of(store_url, "restore it with: pg_restore --clean --dbname=DATABASE_URL FILE")
    return await asyncio.to_thread(_restore, source, path, replace=replace)


def _file_of(store_url: str, instead: str) -> Path:
    url = read_url(store_url)
    if not is_sqlite(url):
        raise StorageError(f"Nothing was done, because this is a PostgreSQL database; {instead}")
    return Path(str(url.database))


def _restore(source: Path, target: Path, *, replace: bool) -> int:
    try:
        make_folder(target.parent)
        lock = FileLock(target)
        try:
            if not lock.take():
                raise _in_use(target)
            return _copy(source, target, replace=replace, in_use=True)
        finally:
            lock.release()
    except OSError as error:
        raise explain(error, read_url(f"sqlite:///{target}")) or error from error


def _copy(source: Path, target: Path, *, replace: bool, in_use: bool) -> int:
    if not source.is_file():
        raise StorageError(f"Nothing was done, because there is no file {source}. Check the path.")
    if target.exists() and not replace:
        raise StorageError(
            f"The file {target} already exists and was not changed. "
            + ("To replace the database by the backup, add --overwrite." if in_use else "Choose another name.")
        )
    part = target.with_name(f"{target.name}.part")
    try:
        make_folder(target.parent)
        part.unlink(missing_ok=True)
        make_file(part)
        _copy_pages(source, part)
        if in_use:
            if target.exists():
                _require_closed(target)
            _remove_logs(target)
        part.replace(target)
        _sync(target.parent)
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
            reading.backup(writing, pages=ALL_PAGES)
            writing.execute("PRAGMA journal_mode=DELETE")
            faults = [row[0] for row in writing.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise StorageError(
                    f"The file {source} is damaged ({'; '.join(faults)}). Nothing was replaced. Use an older backup."
                )
            _require_ours(writing, source)
        finally:
            writing.close()
    finally:
        reading.close()
    _sync(part)


def _require_ours(copy: sqlite3.Connection, source: Path) -> None:
    """Raises: StorageError for a database of another program, or of a newer version of this one."""
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "articles"} <= tables:
        raise StorageError(f"The file {source} is not a database of Wirewatch. Nothing was replaced.")
    version = [row[0] for row in copy.execute("SELECT version_num FROM alembic_version")]
    if len(version) != 1 or not is_known(version[0]):
        raise StorageError(
            f"The file {source} has the schema {', '.join(version) or 'of no version'}, which this version of the "
            "program does not know. Nothing was replaced. Update the program, or use an older backup."
        )


def _sync(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_logs(target: Path) -> None:
    """Remove the logs of the database that is replaced. SQLite would apply them to the restored one."""
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)


def _in_use(target: Path) -> StorageError:
    return StorageError(f"The database {target} is in use. Nothing was replaced. Stop the bot, then restore again.")


def _require_closed(target: Path) -> None:
    """Leave WAL mode, which moves the log into the file. Raises: StorageError if another program uses the file."""
    connection = sqlite3.connect(target, timeout=1)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise _in_use(target) from error
    except sqlite3.DatabaseError:
        pass  # a damaged file may be replaced
    finally:
        connection.close()
