"""Finds copies of a feed's address in identities, links, origins and drafts.

Older versions of the bot stored addresses without encryption, so copies may contain passwords. They are rewritten when
the address is encrypted.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Text, cast, delete, or_, select, union, update

from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import arrivals, articles, drafts, identities

_FEED_DRAFT: Final = '"feed":'
"""Occurs in the body of every draft that adds a feed."""


class AddressCopies(Collection):
    async def article_ids(self, source_id: int) -> tuple[int, ...]:
        """Return the ids of all articles that the source brought, even if another source had brought them before."""
        brought = select(arrivals.c.article_id).where(
            arrivals.c.source_id == source_id, arrivals.c.article_id.is_not(None)
        )
        first = select(articles.c.id).where(articles.c.source_id == source_id)
        return tuple(sorted(row[0] for row in await self._all(union(brought, first))))

    async def identities(self, article_ids: Iterable[int]) -> tuple[tuple[int, str, int], ...]:
        """Return (workspace id, key, article id) of every identity of these articles."""
        found: list[tuple[int, str, int]] = []
        for part in chunks(article_ids):
            rows = await self._all(
                select(identities.c.workspace_id, identities.c.key, identities.c.article_id).where(
                    identities.c.article_id.in_(part)
                )
            )
            found += ((row.workspace_id, row.key, row.article_id) for row in rows)
        return tuple(found)

    async def replace_identity(self, workspace_id: int, key: str, article_id: int, new_key: str | None) -> None:
        """Replace a key. If `new_key` is None or belongs to another article already, only remove the old key."""
        await self._count(delete(identities).where(identities.c.workspace_id == workspace_id, identities.c.key == key))
        if new_key is not None:
            row = {"workspace_id": workspace_id, "key": new_key, "article_id": article_id}
            await self._connection.execute(insert_or_ignore(self._connection, identities), row)

    async def arrivals(self, source_id: int) -> tuple[tuple[int, str, str, str | None], ...]:
        """Return (id, key, origin, reason) of every arrival of the source."""
        rows = await self._all(
            select(arrivals.c.id, arrivals.c.key, arrivals.c.origin, arrivals.c.reason)
            .where(arrivals.c.source_id == source_id)
            .order_by(arrivals.c.id)
        )
        return tuple((row.id, row.key, row.origin, row.reason) for row in rows)

    async def rewrite_arrival(self, id: int, **values: str | None) -> None:
        await self._count(update(arrivals).where(arrivals.c.id == id).values(**values))

    async def links(self, article_ids: Iterable[int]) -> tuple[tuple[int, str | None, str | None], ...]:
        """Return (id, URL, URL of the picture) of those articles that have one of them."""
        found: list[tuple[int, str | None, str | None]] = []
        for part in chunks(article_ids):
            rows = await self._all(
                select(articles.c.id, articles.c.url, articles.c.image_url).where(
                    articles.c.id.in_(part), or_(articles.c.url.is_not(None), articles.c.image_url.is_not(None))
                )
            )
            found += ((row.id, row.url, row.image_url) for row in rows)
        return tuple(found)

    async def feed_drafts(self) -> dict[str, dict[str, Any]]:
        """Return the bodies of all drafts for buttons that add a feed, by key."""
        has_feed = cast(drafts.c.body, Text).contains(_FEED_DRAFT, autoescape=True)
        rows = await self._all(select(drafts.c.key, drafts.c.body).where(has_feed))
        return {row.key: row.body for row in rows}

    async def delete_drafts(self, keys: Iterable[str]) -> None:
        for part in chunks(keys):
            await self._count(delete(drafts).where(drafts.c.key.in_(part)))
