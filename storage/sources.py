"""Sources: where documents come from, and which feeds are due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.addresses import secrets_of, text_without_credentials, without_credentials
from storage.records import Source, SourceKind, SourceState
from storage.rows import FIXED, Collection, checked, missing, record_columns, values_of, visible
from storage.sealing import Addresses
from storage.sql import insert_or_ignore
from storage.tables import arrivals, articles, sources

COLUMNS = record_columns(sources, Source)
FORGOTTEN = {
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
"""What a source that was removed and is added again no longer knows, so that it is read as a new one."""


_SIGNS = ("@", "=", "%")
"""One of these stands in every address that holds a secret."""


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    """The fields that people read, without the passwords and keys of addresses in them."""
    shown = dict(values)
    if shown.get("site_url"):
        shown["site_url"] = without_credentials(shown["site_url"])
    for name in ("title", "error"):
        if shown.get(name):
            shown[name] = text_without_credentials(shown[name])
    return shown


def to_source(row: Row[Any]) -> Source:
    values = values_of(row)
    values["kind"] = SourceKind(values["kind"])
    values["state"] = SourceState(values["state"])
    return Source(**values)


class Sources(Collection):
    """Addresses are given and looked for as a whole, and stored without their passwords and keys.

    Methods that take an address raise SealError for one that holds a secret where there is no key to seal it.
    """

    def __init__(self, connection: AsyncConnection, addresses: Addresses) -> None:
        super().__init__(connection)
        self._addresses = addresses

    async def ensure(
        self,
        *,
        workspace_id: int,
        kind: SourceKind,
        url: str,
        title: str,
        now: datetime,
        channel_id: int | None = None,
        site_url: str | None = None,
        interval: timedelta = timedelta(minutes=15),
        next_poll_at: datetime | None = None,
    ) -> tuple[Source, bool]:
        """The workspace's source at this address, and whether it was made now. A feed is due at once by default.

        One that was removed comes back as if it were new, with its articles.
        """
        if next_poll_at is None and kind is SourceKind.FEED:
            next_poll_at = now
        values: dict[str, Any] = {
            "channel_id": channel_id,
            "kind": kind,
            **_shown({"site_url": site_url, "title": title}),
            "state": SourceState.ACTIVE,
            "interval": interval,
            "next_poll_at": next_poll_at,
            "failures": 0,
            "trouble_reported": False,
            "created_at": now,
        }
        kept_as = self._addresses.kept_as(url)
        values["sealed"] = self._addresses.sealed(url)
        added = {**values, "workspace_id": workspace_id, "url": kept_as}
        row = await self._first(insert_or_ignore(self._connection, sources, *COLUMNS), added)
        if row is not None:
            return to_source(row), True
        here = (sources.c.workspace_id == workspace_id, sources.c.url == kept_as)
        revived = await self._first(
            update(sources)
            .where(*here, sources.c.removed_at.is_not(None))
            .values({**FORGOTTEN, **values, "removed_at": None})
            .returning(*COLUMNS)
        )
        if revived is not None:
            return to_source(revived), True
        row = await self._first(select(*COLUMNS).where(*here))
        if row is None:
            raise missing(sources, 0)
        return to_source(row), False

    async def get(self, id: int) -> Source | None:
        """Also a removed one: its articles still name it."""
        row = await self._first(select(*COLUMNS).where(sources.c.id == id))
        return None if row is None else to_source(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Source]:
        rows = await self._all(select(*COLUMNS).where(sources.c.id.in_(sorted(set(ids)))))
        return {row.id: to_source(row) for row in rows}

    async def find(self, workspace_id: int, url: str) -> Source | None:
        """The workspace's own."""
        row = await self._first(
            select(*COLUMNS).where(
                sources.c.workspace_id == workspace_id,
                sources.c.url == self._addresses.kept_as(url),
                sources.c.removed_at.is_(None),
            )
        )
        return None if row is None else to_source(row)

    async def is_taken(self, source: Source, url: str) -> bool:
        """Whether another source of its workspace is at this address, removed or not."""
        here = (sources.c.workspace_id == source.workspace_id, sources.c.url == self._addresses.kept_as(url))
        return await self._first(select(sources.c.id).where(*here, sources.c.id != source.id)) is not None

    async def visible(self, workspace_id: int) -> tuple[Source, ...]:
        """By title."""
        statement = (
            select(*COLUMNS)
            .where(visible(sources, workspace_id), sources.c.removed_at.is_(None))
            .order_by(sources.c.title, sources.c.id)
        )
        return tuple(map(to_source, await self._all(statement)))

    async def all(self) -> tuple[Source, ...]:
        statement = select(*COLUMNS).where(sources.c.removed_at.is_(None)).order_by(sources.c.id)
        return tuple(map(to_source, await self._all(statement)))

    async def update(self, id: int, **fields: Any) -> Source:
        """Raises: Missing."""
        values = _shown(checked(sources, fields, FIXED | {"workspace_id", "removed_at", "sealed"}))
        if "url" in values:
            url = values["url"]
            values |= {"url": self._addresses.kept_as(url), "sealed": self._addresses.sealed(url)}
        row = await self._first(update(sources).where(sources.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(sources, id)
        return to_source(row)

    async def holding_secrets(self) -> tuple[Source, ...]:
        """Feeds with secrets in their address, removed ones too: sealed ones, and readable ones of older versions."""
        perhaps = or_(
            sources.c.sealed.is_not(None), *(sources.c.url.contains(sign, autoescape=True) for sign in _SIGNS)
        )
        rows = await self._all(
            select(*COLUMNS).where(sources.c.kind == SourceKind.FEED, perhaps).order_by(sources.c.id)
        )
        found = map(to_source, rows)
        return tuple(source for source in found if source.sealed is not None or secrets_of(source.url))

    async def claim_due(self, now: datetime, *, lease: timedelta, limit: int) -> tuple[Source, ...]:
        """Active feeds whose poll is due, the longest due first, each leased to the caller alone."""
        due = (
            select(sources.c.id)
            .where(
                sources.c.kind == SourceKind.FEED,
                sources.c.state == SourceState.ACTIVE,
                sources.c.removed_at.is_(None),
                sources.c.next_poll_at <= now,
                or_(sources.c.leased_until.is_(None), sources.c.leased_until <= now),
            )
            .order_by(sources.c.next_poll_at, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.id for row in await self._all(due)]
        if not ids:
            return ()
        rows = await self._all(
            update(sources).where(sources.c.id.in_(ids)).values(leased_until=now + lease).returning(*COLUMNS)
        )
        claimed = {row.id: to_source(row) for row in rows}
        return tuple(claimed[id] for id in ids)

    async def remove(self, id: int, *, now: datetime | None = None) -> None:
        """Forget it; one that brought something stays as a row for its articles, unlisted and no longer polled."""
        brought = or_(exists().where(articles.c.source_id == id), exists().where(arrivals.c.source_id == id))
        kept = await self._count(
            update(sources)
            .where(sources.c.id == id, brought)
            .values(
                state=SourceState.GONE,
                next_poll_at=None,
                leased_until=None,
                removed_at=sources.c.created_at if now is None else now,
            )
        )
        if not kept:
            await self._count(delete(sources).where(sources.c.id == id))
