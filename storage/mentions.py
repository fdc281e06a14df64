"""Mentions: the articles that matched a topic in a period, and the stories that these articles report."""

import asyncio
from collections.abc import Collection as Group
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from storage.mention_counts import MentionCounts, received
from storage.records import Mention, StoryStarts, Tally
from storage.rows import visible
from storage.story_corrections import StoryCorrections
from storage.tables import articles, matches, story_corrections

_STORY_ID = func.coalesce(matches.c.story_id, -matches.c.article_id)
"""The id of the story. An article without a story counts as one of its own, with the article's id below zero."""
_CORRECTED_STORY_ID = func.coalesce(story_corrections.c.story_id, _STORY_ID)
"""The same in a workspace whose people corrected stories. Reading it takes a look-up for each match."""
_MENTION_COLUMNS = (
    matches.c.article_id,
    articles.c.publisher,
    matches.c.at,
    matches.c.received_at,
    matches.c.score,
    matches.c.in_title,
)


def _to_mention(row: Row[Any]) -> Mention:
    return Mention(
        article_id=row.article_id,
        story_id=row.story_id,
        publisher=row.publisher,
        at=row.at,
        received_at=row.received_at,
        score=row.score,
        in_title=row.in_title,
    )


def _to_tallies(rows: Sequence[Row[Any]]) -> tuple[Tally, ...]:
    return tuple(
        Tally(
            story_id=row.story_id,
            articles=row.articles,
            sources=row.sources,
            score=row.score,
            in_title=bool(row.in_title),
            last_at=row.last_at,
            first_received_at=row.first,
        )
        for row in rows
    )


class Mentions(MentionCounts):
    """All times are in UTC. A workspace sees its own articles and the shared ones."""

    async def article_ids(
        self,
        topic_id: int,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[int, ...]:
        """Return the ids of the matching articles received in `since <= t < until`, newest first."""
        statement = (
            received(select(matches.c.article_id), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at.desc(), matches.c.article_id.desc())
            .limit(limit)
        )
        return tuple(row.article_id for row in await self._many(statement))

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
        """Return the matching articles published and received in `since <= t < until`, by time and id.

        `stories` limits the result to stories with these values of `Tally.story_id`, `newest` to so many of the newest.
        """
        is_corrected = await self._is_corrected(workspace_id)
        story_id = (
            func.coalesce(story_corrections.c.story_id, matches.c.story_id) if is_corrected else matches.c.story_id
        )
        columns = select(*_MENTION_COLUMNS, story_id.label("story_id")).join(
            articles, articles.c.id == matches.c.article_id
        )
        statement = _published(columns, topic_id, workspace_id, since, until)
        if is_corrected:
            statement = _with_corrections(statement, workspace_id)
        if stories is not None:
            statement = statement.where(_CORRECTED_STORY_ID.in_(stories) if is_corrected else _is_of(stories))
        if newest is None:
            rows = await self._many(statement.order_by(matches.c.at, matches.c.article_id))
        else:
            last = statement.order_by(matches.c.at.desc(), matches.c.article_id.desc()).limit(newest)
            rows = list(reversed(await self._many(last)))
        return tuple(map(_to_mention, rows))

    async def tallies(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> tuple[Tally, ...]:
        """Return the stories of the matching articles published and received in `since <= t < until`, in no order."""
        is_corrected = await self._is_corrected(workspace_id)
        story_id = _CORRECTED_STORY_ID if is_corrected else _STORY_ID
        by_story = select(
            story_id.label("story_id"),
            func.count().label("articles"),
            func.count(matches.c.publisher_key.distinct()).label("sources"),
            func.max(matches.c.score).label("score"),
            func.max(case((matches.c.in_title, 1), else_=0)).label("in_title"),
            func.max(matches.c.at).label("last_at"),
            func.min(matches.c.received_at).label("first"),
        ).group_by(story_id)
        if is_corrected:
            by_story = _with_corrections(by_story, workspace_id)
        rows = await self._many(_published(by_story, topic_id, workspace_id, since, until))
        # A month of a busy topic has thousands of stories, so the records are made in a thread.
        return await asyncio.to_thread(_to_tallies, rows)

    async def _is_corrected(self, workspace_id: int) -> bool:
        return await StoryCorrections(self._connection, self._versions).exist(workspace_id)

    async def story_starts(
        self,
        topic_ids: Sequence[int],
        workspace_id: int,
        *,
        since: datetime,
        early: datetime,
        until: datetime,
    ) -> dict[int, StoryStarts]:
        """Return when the stories of `since <= t < until` began, by topic id. A topic without stories is left out.

        The part of the period before `early` is what `StoryStarts.later` calls its early part.
        """
        before = case((matches.c.at < early, _STORY_ID))
        statement = (
            select(
                matches.c.topic_id,
                func.min(matches.c.at).label("first_at"),
                func.count(_STORY_ID.distinct()).label("stories"),
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


def _published(
    statement: Select[*tuple[Any, ...]], topic_id: int, workspace_id: int, since: datetime, until: datetime | None
) -> Select[*tuple[Any, ...]]:
    """Limit the statement to matches published and received in `since <= t < until`.

    No article is published after it is received, so `since` needs no condition on the second time.
    """
    return statement.where(
        matches.c.topic_id == topic_id,
        visible(matches, workspace_id),
        matches.c.at >= since,
        *(() if until is None else (matches.c.at < until, matches.c.received_at < until)),
    )


def _with_corrections(statement: Select[*tuple[Any, ...]], workspace_id: int) -> Select[*tuple[Any, ...]]:
    return statement.join(
        story_corrections,
        and_(story_corrections.c.workspace_id == workspace_id, story_corrections.c.article_id == matches.c.article_id),
        isouter=True,
    )


def _is_of(stories: Group[int]) -> ColumnElement[bool]:
    """Return the condition for matches of these stories. A number below zero stands for an article without a story."""
    article_ids = [-id for id in stories if id < 0]
    of_story = matches.c.story_id.in_([id for id in stories if id > 0])
    if not article_ids:
        return of_story
    return or_(of_story, and_(matches.c.story_id.is_(None), matches.c.article_id.in_(article_ids)))
