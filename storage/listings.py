"""Listings: the articles that each feed listed when it was last read."""

from collections.abc import Iterable

from sqlalchemy import select

from storage.rows import Collection
from storage.tables import listings


class Listings(Collection):
    async def of(self, source_id: int) -> frozenset[int]:
        """Return the ids of the articles in the last reading; empty for a feed that was never read."""
        row = await self._first(select(listings.c.article_ids).where(listings.c.source_id == source_id))
        return frozenset() if row is None else frozenset(row.article_ids)

    async def put(self, source_id: int, article_ids: Iterable[int]) -> None:
        """Replace the listing of the feed."""
        values = {"source_id": source_id, "article_ids": sorted(article_ids)}
        await self._put(listings, values, keys=("source_id",))
