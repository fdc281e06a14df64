"""Official lists: the entries of the edition that was read last, and articles about it that are to be ingested."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from storage.records import SHARED
from storage.rows import CHUNK, Collection
from storage.sql import upsert
from storage.tables import list_entries, list_publications, official_lists, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredList:
    """What is known of a list since it was last read."""

    format: str
    layout: str
    dated: str
    """The day of the edition as YYYY-MM-DD, or empty."""
    read_at: datetime
    number: int | None = None
    """The number of the last file that was read, if the list is a series of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    key: str
    digest: str
    content: str
    """As JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPublication:
    """An article about an edition."""

    key: str
    title: str
    text: str
    created_at: datetime


class OfficialLists(Collection):
    async def get(self, source_id: int) -> StoredList | None:
        """Return what is known of the list, or None if it was never read."""
        table = official_lists
        row = await self._first(
            select(table.c.format, table.c.layout, table.c.dated, table.c.read_at, table.c.number).where(
                table.c.source_id == source_id
            )
        )
        return None if row is None else StoredList(**row._mapping)

    async def put(self, source_id: int, stored: StoredList) -> None:
        """Store what is known of the list."""
        values: dict[str, Any] = {
            "source_id": source_id,
            "format": stored.format,
            "layout": stored.layout,
            "dated": stored.dated,
            "read_at": stored.read_at,
            "number": stored.number,
        }
        await self._put(official_lists, values, keys=("source_id",))

    async def digests(self, source_id: int) -> dict[str, str]:
        """Return the digest of each entry, by key."""
        rows = await self._many(
            select(list_entries.c.key, list_entries.c.digest).where(list_entries.c.source_id == source_id)
        )
        return {row.key: row.digest for row in rows}

    async def contents(self, source_id: int, keys: Iterable[str]) -> dict[str, str]:
        """Return the contents of the entries with these keys, as JSON by key."""
        wanted = sorted(set(keys))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            rows = await self._many(
                select(list_entries.c.key, list_entries.c.content).where(
                    list_entries.c.source_id == source_id, list_entries.c.key.in_(part)
                )
            )
            found |= {row.key: row.content for row in rows}
        return found

    async def in_other_lists(
        self, source_id: int, workspace_id: int, formats: Sequence[str], keys: Iterable[str]
    ) -> dict[str, tuple[int, str]]:
        """Return where else the keys are found, as the source and the contents by key.

        Searched are the lists of these formats that the workspace sees, except the list `source_id` itself.
        """
        wanted = sorted(set(keys))
        found: dict[str, tuple[int, str]] = {}
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            rows = await self._many(
                select(list_entries.c.source_id, list_entries.c.key, list_entries.c.content)
                .join(official_lists, official_lists.c.source_id == list_entries.c.source_id)
                .join(sources, sources.c.id == list_entries.c.source_id)
                .where(
                    list_entries.c.key.in_(part),
                    list_entries.c.source_id != source_id,
                    official_lists.c.format.in_(formats),
                    sources.c.workspace_id.in_((SHARED, workspace_id)),
                    sources.c.removed_at.is_(None),
                )
                .order_by(list_entries.c.source_id)
            )
            for row in rows:
                found.setdefault(row.key, (row.source_id, row.content))
        return found

    async def put_entries(self, source_id: int, entries: Iterable[StoredEntry]) -> None:
        """Insert the entries, or replace those with the same keys."""
        rows = [
            {"source_id": source_id, "key": entry.key, "digest": entry.digest, "content": entry.content}
            for entry in entries
        ]
        if rows:
            statement = upsert(self._connection, list_entries, keys=("source_id", "key"), changed=("digest", "content"))
            await self._connection.execute(statement, rows)

    async def remove_entries(self, source_id: int, keys: Iterable[str] | None = None) -> None:
        """Remove the entries with these keys; without keys, all of the list."""
        here = list_entries.c.source_id == source_id
        if keys is None:
            await self._count(delete(list_entries).where(here))
            return
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), CHUNK):
            await self._count(delete(list_entries).where(here, list_entries.c.key.in_(wanted[start : start + CHUNK])))

    async def count(self, source_id: int) -> int:
        """Return the number of entries of the list."""
        row = await self._first(
            select(func.count()).select_from(list_entries).where(list_entries.c.source_id == source_id)
        )
        return 0 if row is None else int(row[0])

    async def add_publication(self, source_id: int, publication: StoredPublication) -> None:
        """Store an article that waits to be ingested. An equal one is stored once."""
        values: Mapping[str, Any] = {
            "source_id": source_id,
            "key": publication.key,
            "title": publication.title,
            "text": publication.text,
            "created_at": publication.created_at,
        }
        await self._put(list_publications, dict(values), keys=("source_id", "key"))

    async def publications(self, source_id: int) -> tuple[StoredPublication, ...]:
        """Return the articles that are to be ingested, oldest first."""
        table = list_publications
        rows = await self._all(
            select(table.c.key, table.c.title, table.c.text, table.c.created_at)
            .where(table.c.source_id == source_id)
            .order_by(table.c.created_at, table.c.key)
        )
        return tuple(StoredPublication(**row._mapping) for row in rows)

    async def remove_publication(self, source_id: int, key: str) -> None:
        """Remove an article that was ingested."""
        table = list_publications
        await self._count(delete(table).where(table.c.source_id == source_id, table.c.key == key))
