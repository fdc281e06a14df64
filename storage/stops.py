"""Stops: which topics were stopped at which articles, because matching took more steps than the budget allows."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Integer, bindparam, delete, func, select

from storage.rows import Collection, chunks, visible
from storage.sql import insert_or_ignore
from storage.tables import articles, stops

_OF_ARTICLE = select(stops.c.topic_id).where(stops.c.article_id == bindparam("of_id")).order_by(stops.c.topic_id)
_TALLY = (
    select(func.count().label("number"), func.max(stops.c.stopped_at).label("last_at"))
    .select_from(stops)
    .join(articles, articles.c.id == stops.c.article_id)
    .where(
        stops.c.topic_id == bindparam("of_topic"),
        stops.c.stopped_at >= bindparam("since"),
        visible(articles, bindparam("viewer", type_=Integer())),
    )
)


class Stops(Collection):
    async def add(self, topics_of: Mapping[int, Iterable[int]], now: datetime) -> frozenset[int]:
        """Record the topics that were stopped, by article id. A stop that is already recorded is kept as it is.

        Returns the ids of the topics that had no stop before. `now` (UTC) is the time of the stops.
        """
        new = [(article_id, topic_id) for article_id, topic_ids in topics_of.items() for topic_id in topic_ids]
        if not new:
            return frozenset()
        topic_ids = {topic_id for _, topic_id in new}
        stopped_before: set[int] = set()
        for some_ids in chunks(sorted(topic_ids)):
            found = await self._all(select(stops.c.topic_id).where(stops.c.topic_id.in_(some_ids)).distinct())
            stopped_before.update(row.topic_id for row in found)
        for some in chunks(new):
            rows = [
                {"article_id": article_id, "topic_id": topic_id, "stopped_at": now} for article_id, topic_id in some
            ]
            await self._connection.execute(insert_or_ignore(self._connection, stops), rows)
        return frozenset(topic_ids - stopped_before)

    async def of_article(self, article_id: int) -> tuple[int, ...]:
        """Return the ids of the topics that were stopped at the article, ascending."""
        return tuple(row.topic_id for row in await self._all(_OF_ARTICLE, {"of_id": article_id}))

    async def tally(self, topic_id: int, workspace_id: int, *, since: datetime) -> tuple[int, datetime | None]:
        """Return at how many articles that the workspace sees the topic was stopped since then, and when last (UTC)."""
        row = await self._first(_TALLY, {"of_topic": topic_id, "viewer": workspace_id, "since": since})
        return (0, None) if row is None else (row.number, row.last_at)

    async def remove_article(self, article_id: int) -> None:
        """Remove the stops at an article whose text changed."""
        await self._count(delete(stops).where(stops.c.article_id == article_id))

    async def remove_topic(self, topic_id: int, *, among: Iterable[int] | None = None) -> None:
        """Remove the stops of a topic whose query changed, or only those at the articles `among` (ids)."""
        if among is None:
            await self._count(delete(stops).where(stops.c.topic_id == topic_id))
        for ids in chunks(among or ()):
            await self._count(delete(stops).where(stops.c.topic_id == topic_id, stops.c.article_id.in_(ids)))
