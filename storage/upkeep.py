"""Upkeep of the database: statistics for the query planner, free pages, and SQLite's write-ahead log."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import text

from storage.engine import BUSY_TIMEOUT, RESTORE
from storage.errors import DamagedDatabase
from storage.indexed_words import ARTICLES, SET_ASIDE
from storage.store import Store

LOG_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of the write-ahead log above which its file is truncated even while others write."""
_INCREMENTAL: Final = 2
"""The mode of SQLite in which a file can give back free pages without being rewritten."""
_PAGES: Final = 500
"""Free pages that are given back, or pages of the full-text index that are merged, in one transaction."""
_LEAST_CHANGES: Final = 2
"""Rows that a merge changes at least if there is something to merge."""
_SAMPLED_ROWS: Final = 1_000
"""Rows of each index that ANALYZE reads. https://sqlite.org/lang_analyze.html#recommended_usage_patterns"""
_IDLE_S: Final = 5.0
"""How long nobody has written when the bot counts as idle."""
_TRUNCATE_WAIT_S: Final = 0.1
"""How long truncating the log may wait for readers. Writers wait as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimised:
    """What `optimise` did."""

    bytes_before: int
    bytes_after: int
    """The size of the file and its log on SQLite, of the database on PostgreSQL."""
    needs_rewrite: bool = False
    """The file cannot give back its free pages, because an older version created it and another process uses it. A file
    that nobody else uses is rewritten."""


async def optimise(store: Store) -> Optimised:
    """Renew the statistics and give back free space. The bot may be running. Raises: StorageError."""
    if store.file is None:
        return await _optimise_postgresql(store)
    is_alone = store.lock is not None and store.lock.take()
    return await store.run_on_file(partial(_optimise_file, may_rewrite=is_alone))


async def _optimise_postgresql(store: Store) -> Optimised:
    size = text("SELECT pg_database_size(current_database())")
    async with store.read() as tx:
        before = (await tx.connection.execute(size)).scalar_one()
    await store.vacuum()
    async with store.read() as tx:
        after = (await tx.connection.execute(size)).scalar_one()
    return Optimised(bytes_before=before, bytes_after=after)


def _optimise_file(path: Path, *, may_rewrite: bool) -> Optimised:
    before = _size(path)
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA analysis_limit={_SAMPLED_ROWS}")
        connection.execute("ANALYZE")
        for full_text in (ARTICLES, SET_ASIDE):
            _merge_index(connection, full_text.index)
        is_incremental = connection.execute("PRAGMA auto_vacuum").fetchone()[0] == _INCREMENTAL
        if may_rewrite:  # which also closes the gaps that shorter rows leave in their pages
            connection.execute(f"PRAGMA auto_vacuum={_INCREMENTAL}")
            is_incremental = _rewrite(connection) or is_incremental
        while is_incremental and (free := connection.execute("PRAGMA freelist_count").fetchone()[0]):
            connection.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
            if connection.execute("PRAGMA freelist_count").fetchone()[0] >= free:
                break
    checkpoint_file(path, truncate=True)
    return Optimised(bytes_before=before, bytes_after=_size(path), needs_rewrite=not is_incremental)


def _merge_index(connection: sqlite3.Connection, name: str) -> None:
    """Merge the parts of the full-text index, which drops what was removed from it. Each step is one transaction.

    https://sqlite.org/fts5.html#the_merge_command
    """
    merge = f"INSERT INTO {name} ({name}, rank) VALUES ('merge', ?)"  # noqa: S608  (a constant name)
    connection.execute(merge, (-_PAGES,))  # a negative number begins to merge all parts into one
    while True:
        before = connection.total_changes
        connection.execute(merge, (_PAGES,))
        if connection.total_changes - before < _LEAST_CHANGES:
            return


def _rewrite(connection: sqlite3.Connection) -> bool:
    """Rewrite the file, which makes the mode of its free pages count. Return False if another process uses it."""
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "full" in str(error):
            return False
        raise
    return True


async def checkpoint(store: Store) -> None:
    """Move what was written to the log into the SQLite file, without waiting for readers.

    If nobody has written for some seconds, or if the log is large, its file is truncated too. Raises: StorageError.
    """
    if store.file is not None:
        await store.run_on_file(_checkpoint)


def _checkpoint(path: Path) -> None:
    log = _log(path)
    if log is not None and log.st_size:
        idle_s = time.time() - log.st_mtime
        checkpoint_file(path, truncate=idle_s > _IDLE_S or log.st_size > LOG_LIMIT)


def checkpoint_file(path: Path, *, truncate: bool) -> None:
    """Move the log into the file. Leave what readers still need. Raises: sqlite3.Error."""
    with closing(sqlite3.connect(path, timeout=_TRUNCATE_WAIT_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        _, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if truncate and pages == moved:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _log(path: Path) -> os.stat_result | None:
    try:
        return path.with_name(f"{path.name}-wal").stat()
    except FileNotFoundError:
        return None


def _size(path: Path) -> int:
    log = _log(path)
    return path.stat().st_size + (0 if log is None else log.st_size)


async def find_damage(store: Store) -> None:
    """Read all pages of the SQLite file, and note with the store whether one is damaged. It may take minutes.

    PostgreSQL notices a damaged page when it reads it. Raises: StorageError.
    """
    if store.file is None:
        return
    faults = await store.run_on_file(_quick_check)
    if faults:
        path = store.file
        damage = DamagedDatabase(f"The file {path} is damaged ({faults}). {RESTORE}")
        store.outage.failed("file", damage, began_at=time.monotonic())


def _quick_check(path: Path) -> str:
    """Return what is wrong, or nothing."""
    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    return "" if found == ["ok"] else "; ".join(found)
