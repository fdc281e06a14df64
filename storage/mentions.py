"""Mentions: what matches add up to over a time. Every question here reads the index alone, or the few rows it names."""

import asyncio
from collections.abc import Collection as Group
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, func, or_, select

from storage.answer_versions import VersionedCollection
from storage.records import Mention, StoryStarts, Tally
from storage.rows import visible, within
from storage.tables import articles, matches, topics

_OWN = func.coalesce(matches.c.story_id, -matches.c.article_id)
"""The story; an article that has none yet is one of its own, and no story has a negative id."""
_OTHER = matches.alias("other")


@cache
def _spans(count: int, *, single: bool) -> Select[Any]:
    """How many articles lie in each of so many spans of time. Built once: a chart asks for the same number each day."""
    return select(
        *(
            select(func.count() if single else func.count(matches.c.article_id.distinct()))
            .select_from(matches)
            .where(
                matches.c.topic_id.in_(bindparam("topics", expanding=True)),
                visible(matches, bindparam("viewer")),
                matches.c.at >= bindparam(f"edge{place}", type_=matches.c.at.type),
                matches.c.at < bindparam(f"edge{place + 1}", type_=matches.c.at.type),
                matches.c.received_at < bindparam("until", type_=matches.c.at.type),
            )
            .scalar_subquery()
            .label(f"span{place}")
            for place in range(count)
        )
    )


def _as_tallies(rows: Sequence[Row[Any]]) -> tuple[Tally, ...]:
    return tuple(
        Tally(
            story_id=row.story_id,
            articles=row.articles,
            sources=row.sources,
            score=row.score,
            title_hit=bool(row.in_title),
            last_at=row.last_at,
            first_received_at=row.first,
        )
        for row in rows
    )


class Mentions(VersionedCollection):
    def _seen(
        self, statement: Select[Any], workspace_id: int, since: datetime | None, until: datetime | None
    ) -> Select[Any]:
        return statement.where(visible(matches, workspace_id), within(matches.c.received_at, since, until))

    def _published(
        self,
        statement: Select[*tuple[Any, ...]],
        topic_id: int,
        workspace_id: int,
        since: datetime,
        until: datetime | None,
    ) -> Select[*tuple[Any, ...]]:
        """Published and received in `since <= t < until`: nothing is published after it is received."""
        return statement.where(
            matches.c.topic_id == topic_id,
            visible(matches, workspace_id),
            matches.c.at >= since,
            *(() if until is None else (matches.c.at < until, matches.c.received_at < until)),
        )

    async def article_ids(
        self,
        topic_id: int,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[int, ...]:
        """Received in `since <= t < until`, the newest first."""
        statement = (
            self._seen(select(matches.c.article_id), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at.desc(), matches.c.article_id.desc())
            .limit(limit)
        )
        return tuple(row.article_id for row in await self._many(statement))

    async def times(
        self, topic_id: int, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> tuple[datetime, ...]:
        """When each article that matched was received, the oldest first."""
        statement = (
            self._seen(select(matches.c.received_at), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at)
        )
        return tuple(row.received_at for row in await self._many(statement))

    async def counts(
        self, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> dict[int, int]:
        """Articles received, by id of the topics that the workspace sees; a topic with none is not there."""
        received = self._seen(select(func.count()).select_from(matches), workspace_id, since, until)
        many = received.where(matches.c.topic_id == topics.c.id).correlate(topics).scalar_subquery()
        rows = await self._all(select(topics.c.id, many.label("articles")).where(visible(topics, workspace_id)))
        return {row.id: row.articles for row in rows if row.articles}

    async def mentions(
        self,
        topic_id: int,
        workspace_id: int,
        *,
        since: datetime,
        until: datetime | None = None,
        stories: Group[int] | None = None,
        newest: int | None = None,
    ) -> tuple[Mention, ...]:
        """The articles that matched, published and received in `since <= t < until`; by time, then id.

        Only those of `stories` where these are given, as `Tally` names them; only so many of the newest.
        """
        statement = self._published(
            select(
                matches.c.article_id,
                matches.c.story_id,
                articles.c.publisher,
                matches.c.at,
                matches.c.received_at,
                matches.c.score,
                matches.c.in_title,
            ).join(articles, articles.c.id == matches.c.article_id),
            topic_id,
            workspace_id,
            since,
            until,
        )
        if stories is not None:
            alone = [-id for id in stories if id < 0]
            own = matches.c.story_id.in_([id for id in stories if id > 0])
            statement = statement.where(
                or_(own, and_(matches.c.story_id.is_(None), matches.c.article_id.in_(alone))) if alone else own
            )
        if newest is None:
            rows = await self._many(statement.order_by(matches.c.at, matches.c.article_id))
        else:
            last = statement.order_by(matches.c.at.desc(), matches.c.article_id.desc()).limit(newest)
            rows = list(reversed(await self._many(last)))
        return tuple(
            Mention(
                article_id=row.article_id,
                story_id=row.story_id,
                publisher=row.publisher,
                at=row.at,
                received_at=row.received_at,
                score=row.score,
                title_hit=row.in_title,
            )
            for row in rows
        )

    async def tallies(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> tuple[Tally, ...]:
        """The stories of the articles that matched, published and received in `since <= t < until`; in no order."""
        of_story = select(
            _OWN.label("story_id"),
            func.count().label("articles"),
            func.count(matches.c.publisher_key.distinct()).label("sources"),
            func.max(matches.c.score).label("score"),
            func.max(case((matches.c.in_title, 1), else_=0)).label("in_title"),
            func.max(matches.c.at).label("last_at"),
            func.min(matches.c.received_at).label("first"),
        ).group_by(_OWN)
        rows = await self._many(self._published(of_story, topic_id, workspace_id, since, until))
        # A month of a busy topic has thousands of stories: made in a thread, they do not hold the others up.
        return await asyncio.to_thread(_as_tallies, rows)

    async def starts(
        self,
        topic_ids: Sequence[int],
        workspace_id: int,
        *,
        since: datetime,
        early: datetime,
        until: datetime,
    ) -> dict[int, StoryStarts]:
        """By topic, how its stories of `since <= t < until` began; a topic with none is not there."""
        before = case((matches.c.at < early, _OWN))
        statement = (
            select(
                matches.c.topic_id,
                func.min(matches.c.at).label("first_at"),
                func.count(_OWN.distinct()).label("stories"),
                func.count(before.distinct()).label("early"),
            )
            .where(
                matches.c.topic_id.in_(topic_ids),
                visible(matches, workspace_id),
                matches.c.at >= since,
                matches.c.at < until,
                matches.c.received_at < until,
            )
            .group_by(matches.c.topic_id)
        )
        return {
            row.topic_id: StoryStarts(first_at=row.first_at, stories=row.stories, later=row.stories - row.early)
            for row in await self._all(statement)
        }

    async def span_counts(
        self, topic_ids: Sequence[int], workspace_id: int, edges: Sequence[datetime], *, until: datetime
    ) -> tuple[int, ...]:
        """Articles that matched any of the topics, received before `until`, published between each edge and the next.

        The edges rise.
        """
        if len(edges) < 2:
            return ()
        values = {f"edge{place}": edge for place, edge in enumerate(edges)}
        found = await self._connection.execute(
            _spans(len(edges) - 1, single=len(topic_ids) == 1),
            {"topics": list(topic_ids), "viewer": workspace_id, "until": until, **values},
        )
        return tuple(found.one())

    async def beside(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> dict[int, int]:
        """The other topics of the articles that matched this one: topic id to articles, by `Mention.at`."""
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
        row = await self._first(
            self._seen(select(func.min(matches.c.received_at)), workspace_id, None, None).where(
                matches.c.topic_id == topic_id
            )
        )
        return None if row is None else row[0]
