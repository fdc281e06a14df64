"""Sources: where documents come from, and which feeds are due to be polled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update

from storage.addresses import secrets_of, text_without_credentials, without_credentials
from storage.database_thread import Connection
from storage.records import POLLED, Source, SourceKind, SourceState
from storage.rows import FIXED, Collection, checked, missing, record_columns, values_of, visible
from storage.sealing import Addresses
from storage.sql import insert_or_ignore
from storage.tables import arrivals, articles, sources

COLUMNS = record_columns(sources, Source)
_RESET = {
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "leased_until": None,
    "first_read_at": None,
    "failures": 0,
    "error": None,
    "trouble_since": None,
    "trouble_reported": False,
    "moved_to": None,
    "moved_since": None,
    "moved_seen_at": None,
    "moved_times": 0,
    "gone_since": None,
}
"""The state of a source that was removed and is added again, so that it is read like a new one."""
_SECRET_SIGNS = ("@", "=", "%")
"""Every address with a secret contains one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source to store. `Source` documents the fields; `url` is the full address."""

    workspace_id: int
    kind: SourceKind
    url: str
    title: str
    channel_id: int | None = None
    site_url: str | None = None
    interval: timedelta = timedelta(minutes=15)
    next_poll_at: datetime | None = None
    """None: a feed is due at once, and another source never."""


def _without_credentials(values: dict[str, Any]) -> dict[str, Any]:
    """Remove the passwords and keys of addresses from the fields that people read."""
    cleaned = dict(values)
    if cleaned.get("site_url"):
        cleaned["site_url"] = without_credentials(cleaned["site_url"])
    for name in ("title", "error"):
        if cleaned.get(name):
            cleaned[name] = text_without_credentials(cleaned[name])
    return cleaned


def to_source(row: Row[Any]) -> Source:
    values = values_of(row)
    values["kind"] = SourceKind(values["kind"])
    values["state"] = SourceState(values["state"])
    return Source(**values)


class Sources(Collection):
    """Methods take full addresses, and store them without passwords and keys.

    They raise SealError for an address with a secret if there is no key to encrypt it with.
    """

    def __init__(self, connection: Connection, addresses: Addresses) -> None:
        super().__init__(connection)
        self._addresses = addresses

    async def ensure(self, new: NewSource, now: datetime) -> tuple[Source, bool]:
        """Return the workspace's source at this address, and whether this call created it. `now` is in UTC.

        A source that was removed before is restored with its articles, and counts as created.
        """
        values: dict[str, Any] = {
            "channel_id": new.channel_id,
            "kind": new.kind,
            **_without_credentials({"site_url": new.site_url, "title": new.title}),
            "state": SourceState.ACTIVE,
            "interval": new.interval,
            "next_poll_at": now if new.next_poll_at is None and new.kind in POLLED else new.next_poll_at,
            "failures": 0,
            "trouble_reported": False,
            "created_at": now,
            "sealed": self._addresses.encrypt_if_secret(new.url),
        }
        url = self._addresses.marked(new.url)
        added = {**values, "workspace_id": new.workspace_id, "url": url}
        row = await self._first(insert_or_ignore(self._connection, sources, *COLUMNS), added)
        if row is not None:
            return to_source(row), True
        here = (sources.c.workspace_id == new.workspace_id, sources.c.url == url)
        restored = await self._first(
            update(sources)
            .where(*here, sources.c.removed_at.is_not(None))
            .values({**_RESET, **values, "removed_at": None})
            .returning(*COLUMNS)
        )
        if restored is not None:
            return to_source(restored), True
        row = await self._first(select(*COLUMNS).where(*here))
        if row is None:
            raise missing(sources, 0)
        return to_source(row), False

    async def get(self, id: int) -> Source | None:
        """Return the source, even if it was removed: its articles still refer to it."""
        row = await self._first(select(*COLUMNS).where(sources.c.id == id))
        return None if row is None else to_source(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Source]:
        """Return the sources by id, including removed ones."""
        rows = await self._all(select(*COLUMNS).where(sources.c.id.in_(sorted(set(ids)))))
        return {row.id: to_source(row) for row in rows}

    async def find(self, workspace_id: int, url: str) -> Source | None:
        """Return the workspace's own source at this address, unless it was removed."""
        row = await self._first(
            select(*COLUMNS).where(
                sources.c.workspace_id == workspace_id,
                sources.c.url == self._addresses.marked(url),
                sources.c.removed_at.is_(None),
            )
        )
        return None if row is None else to_source(row)

    async def is_taken(self, source: Source, url: str) -> bool:
        """Return whether another source of its workspace has this address, removed or not."""
        here = (sources.c.workspace_id == source.workspace_id, sources.c.url == self._addresses.marked(url))
        return await self._first(select(sources.c.id).where(*here, sources.c.id != source.id)) is not None

    async def visible(self, workspace_id: int) -> tuple[Source, ...]:
        """Return the sources that the workspace sees, by title."""
        statement = (
            select(*COLUMNS)
            .where(visible(sources, workspace_id), sources.c.removed_at.is_(None))
            .order_by(sources.c.title, sources.c.id)
        )
        return tuple(map(to_source, await self._all(statement)))

    async def all(self) -> tuple[Source, ...]:
        """Return the sources of all workspaces, by id, without removed ones."""
        statement = select(*COLUMNS).where(sources.c.removed_at.is_(None)).order_by(sources.c.id)
        return tuple(map(to_source, await self._all(statement)))

    async def update(self, id: int, **fields: Any) -> Source:
        """Change these fields and return the source. Raises: Missing."""
        values = _without_credentials(checked(sources, fields, FIXED | {"workspace_id", "removed_at", "sealed"}))
        if "url" in values:
            url = values["url"]
            values |= {"url": self._addresses.marked(url), "sealed": self._addresses.encrypt_if_secret(url)}
        row = await self._first(update(sources).where(sources.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(sources, id)
        return to_source(row)

    async def holding_secrets(self) -> tuple[Source, ...]:
        """Return feeds with secrets in their address, including removed ones and those that are not encrypted yet."""
        may_hold_secret = or_(
            sources.c.sealed.is_not(None), *(sources.c.url.contains(sign, autoescape=True) for sign in _SECRET_SIGNS)
        )
        rows = await self._all(
            select(*COLUMNS).where(sources.c.kind.in_(POLLED), may_hold_secret).order_by(sources.c.id)
        )
        found = map(to_source, rows)
        return tuple(source for source in found if source.sealed is not None or secrets_of(source.url))

    async def remove(self, id: int, *, now: datetime | None = None) -> None:
        """Remove the source. If it has brought anything, its row stays, without being listed or polled."""
        brought = or_(exists().where(articles.c.source_id == id), exists().where(arrivals.c.source_id == id))
        has_articles = await self._count(
            update(sources)
            .where(sources.c.id == id, brought)
            .values(
                state=SourceState.GONE,
                next_poll_at=None,
                leased_until=None,
                removed_at=sources.c.created_at if now is None else now,
            )
        )
        if not has_articles:
            await self._count(delete(sources).where(sources.c.id == id))
