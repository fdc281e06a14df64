"""Counts of mentions: how many articles matched topics in a period. Every query reads one index only."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from storage.answer_versions import VersionedCollection
from storage.rows import visible, within
from storage.tables import matches, topics

_OTHER = matches.alias("other")


@cache
def _count_spans(count: int, *, single: bool) -> Select[Any]:
    """Return the statement that counts articles in `count` consecutive spans of time, built once for each `count`.

    With `single` it is for one topic, so no article is counted twice.
    """
    return select(
        *(
            select(func.count() if single else func.count(matches.c.article_id.distinct()))
            .select_from(matches)
            .where(
                matches.c.topic_id.in_(bindparam("topics", expanding=True)),
                visible(matches, bindparam("viewer")),
                matches.c.at >= bindparam(f"edge{index}", type_=matches.c.at.type),
                matches.c.at < bindparam(f"edge{index + 1}", type_=matches.c.at.type),
                matches.c.received_at < bindparam("until", type_=matches.c.at.type),
            )
            .scalar_subquery()
            .label(f"span{index}")
            for index in range(count)
        )
    )


class MentionCounts(VersionedCollection):
    """All times are in UTC. A workspace's own articles and the shared ones count."""

    async def times(
        self, topic_id: int, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> tuple[datetime, ...]:
        """Return when the matching articles of `since <= t < until` were received, oldest first."""
        statement = (
            received(select(matches.c.received_at), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at)
        )
        return tuple(row.received_at for row in await self._many(statement))

    async def counts(
        self, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> dict[int, int]:
        """Return the number of matching articles received in `since <= t < until`, by topic id.

        The topics are those that the workspace sees. Topics without any article are left out.
        """
        matching = received(select(func.count()).select_from(matches), workspace_id, since, until)
        count = matching.where(matches.c.topic_id == topics.c.id).correlate(topics).scalar_subquery()
        rows = await self._all(select(topics.c.id, count.label("articles")).where(visible(topics, workspace_id)))
        return {row.id: row.articles for row in rows if row.articles}

    async def span_counts(
        self, topic_ids: Sequence[int], workspace_id: int, edges: Sequence[datetime], *, until: datetime
    ) -> tuple[int, ...]:
        """Return the number of articles published between each edge and the next that match any of the topics.

        The edges rise. Articles received at `until` or later do not count.
        """
        if len(edges) < 2:
            return ()
        values = {f"edge{index}": edge for index, edge in enumerate(edges)}
        found = await self._connection.execute(
            _count_spans(len(edges) - 1, single=len(topic_ids) == 1),
            {"topics": list(topic_ids), "viewer": workspace_id, "until": until, **values},
        )
        return tuple(found.one())

    async def related_topics(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> dict[int, int]:
        """Return how many articles that match this topic match each other topic too, by topic id.

        The articles are those with `since <= Mention.at < until`.
        """
        statement = (
            select(_OTHER.c.topic_id, func.count().label("articles"))
            .join(_OTHER, _OTHER.c.article_id == matches.c.article_id)
            .where(
                matches.c.topic_id == topic_id,
                _OTHER.c.topic_id != topic_id,
                visible(matches, workspace_id),
                within(matches.c.at, since, until),
            )
            .group_by(_OTHER.c.topic_id)
        )
        return {row.topic_id: row.articles for row in await self._all(statement)}

    async def first_received_at(self, topic_id: int, workspace_id: int) -> datetime | None:
        """Return when the first matching article was received, if there is any."""
        row = await self._first(
            received(select(func.min(matches.c.received_at)), workspace_id, None, None).where(
                matches.c.topic_id == topic_id
            )
        )
        return None if row is None else row[0]


def received(statement: Select[Any], workspace_id: int, since: datetime | None, until: datetime | None) -> Select[Any]:
    """Limit the statement to matches that the workspace may see, received in `since <= t < until` (UTC)."""
    return statement.where(visible(matches, workspace_id), within(matches.c.received_at, since, until))
