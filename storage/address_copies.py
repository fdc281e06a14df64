"""Where versions without sealing repeated the address of a feed: ids, links and origins of what the feed brought."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Text, cast, delete, or_, select, union, update

from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import arrivals, articles, drafts, identities


class Traces(Collection):
    """Of one source at a time. Used once, when its address is sealed."""

    async def article_ids(self, source_id: int) -> tuple[int, ...]:
        """Articles that the source brought, also those that another source had brought before."""
        brought = select(arrivals.c.article_id).where(
            arrivals.c.source_id == source_id, arrivals.c.article_id.is_not(None)
        )
        first = select(articles.c.id).where(articles.c.source_id == source_id)
        return tuple(sorted(row[0] for row in await self._all(union(brought, first))))

    async def names(self, article_ids: Iterable[int]) -> tuple[tuple[int, str, int], ...]:
        """(workspace, key, article) of every identity of these articles."""
        found: list[tuple[int, str, int]] = []
        for part in chunks(article_ids):
            rows = await self._all(
                select(identities.c.workspace_id, identities.c.key, identities.c.article_id).where(
                    identities.c.article_id.in_(part)
                )
            )
            found += ((row.workspace_id, row.key, row.article_id) for row in rows)
        return tuple(found)

    async def rename(self, workspace_id: int, key: str, article_id: int, to: str | None) -> None:
        """Another name in place of this one; None, or a name that is another article's, only removes it."""
        await self._count(delete(identities).where(identities.c.workspace_id == workspace_id, identities.c.key == key))
        if to is not None:
            row = {"workspace_id": workspace_id, "key": to, "article_id": article_id}
            await self._connection.execute(insert_or_ignore(self._connection, identities), row)

    async def arrivals(self, source_id: int) -> tuple[tuple[int, str, str, str | None], ...]:
        """(id, key, origin, reason) of every arrival of the source."""
        rows = await self._all(
            select(arrivals.c.id, arrivals.c.key, arrivals.c.origin, arrivals.c.reason)
            .where(arrivals.c.source_id == source_id)
            .order_by(arrivals.c.id)
        )
        return tuple((row.id, row.key, row.origin, row.reason) for row in rows)

    async def rewrite_arrival(self, id: int, **values: str | None) -> None:
        await self._count(update(arrivals).where(arrivals.c.id == id).values(**values))

    async def links(self, article_ids: Iterable[int]) -> tuple[tuple[int, str | None, str | None], ...]:
        """(id, address, address of the picture) of the articles that have one."""
        found: list[tuple[int, str | None, str | None]] = []
        for part in chunks(article_ids):
            rows = await self._all(
                select(articles.c.id, articles.c.url, articles.c.image_url).where(
                    articles.c.id.in_(part), or_(articles.c.url.is_not(None), articles.c.image_url.is_not(None))
                )
            )
            found += ((row.id, row.url, row.image_url) for row in rows)
        return tuple(found)

    async def drafts_of_feeds(self) -> dict[str, dict[str, Any]]:
        """The drafts of buttons that add a feed, by their key."""
        rows = await self._all(
            select(drafts.c.key, drafts.c.body).where(cast(drafts.c.body, Text).contains(_A_FEED, autoescape=True))
        )
        return {row.key: row.body for row in rows}

    async def forget_drafts(self, keys: Iterable[str]) -> None:
        for part in chunks(keys):
            await self._count(delete(drafts).where(drafts.c.key.in_(part)))


_A_FEED: Final = '"feed":'
