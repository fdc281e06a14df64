"""Stories as single channels see them: which articles belong to an alert, and which of them started an alert."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from storage.records import SHARED, Article, Channel, OutcomeState
from storage.rows import Collection, chunks, visible
from storage.story_articles import COLUMNS, to_article
from storage.tables import articles, outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article of a story in a channel, without its text."""

    article_id: int
    title: str
    publisher: str
    url: str | None
    at: datetime
    """When it was published, or received if it claims a later time."""
    started_alert: bool
    """The channel has an alert that began with it."""


_OWN_OUTCOME = (outcomes.c.channel_id == bindparam("channel")) & (outcomes.c.article_id == articles.c.id)
_STORY = func.coalesce(outcomes.c.story_id, articles.c.story_id)
"""The story of an article in a channel: the one decided there, else the one that it was assigned to."""
_IS_OF_STORY = (
    or_(
        articles.c.story_id == bindparam("story"),
        articles.c.id.in_(
            select(outcomes.c.article_id).where(
                outcomes.c.story_id == bindparam("story"), outcomes.c.channel_id == bindparam("channel")
            )
        ),
    ),
    bindparam("story") == _STORY,
    visible(articles, bindparam("viewer")),
)
_BY_AGE = (articles.c.received_at, articles.c.id)
# Built once, because every post runs them.
_ARTICLES = select(*COLUMNS).join(outcomes, _OWN_OUTCOME, isouter=True).where(*_IS_OF_STORY).order_by(*_BY_AGE)
_FEATURES = (
    select(articles.c.features).join(outcomes, _OWN_OUTCOME, isouter=True).where(*_IS_OF_STORY).order_by(*_BY_AGE)
)
_HEADLINES = (
    articles.c.id,
    articles.c.workspace_id,
    articles.c.story_id,
    articles.c.title,
    articles.c.publisher,
    articles.c.url,
    articles.c.published_at,
    articles.c.received_at,
)


class ChannelStories(Collection):
    async def articles(self, channel: Channel, story_id: int) -> tuple[Article, ...]:
        """Return the articles of the story that the channel may see, oldest first."""
        return tuple(map(to_article, await self._all(_ARTICLES, _values(channel, story_id))))

    async def features(self, channel: Channel, story_id: int) -> tuple[bytes, ...]:
        """Return the features of the same articles in the same order."""
        return tuple(row.features for row in await self._all(_FEATURES, _values(channel, story_id)))

    async def members(
        self, channels: Iterable[Channel], story_ids: Group[int]
    ) -> dict[tuple[int, int], tuple[StoryMember, ...]]:
        """Return what each channel sees of these stories: members by channel and story id, in order of article ids.

        Stories of which a channel sees nothing are left out.
        """
        workspaces = {channel.id: channel.workspace_id for channel in channels}
        rows = await self._headlines(articles.c.story_id, story_ids)
        decided = await self._decided(workspaces, story_ids, rows)
        elsewhere = {id for outcomes in decided.values() for id in outcomes} - rows.keys()
        rows |= await self._headlines(articles.c.id, elsewhere)
        found: dict[tuple[int, int], list[StoryMember]] = {}
        for channel_id, workspace_id in workspaces.items():
            own = decided.get(channel_id, {})
            for row in sorted(rows.values(), key=lambda row: row.id):
                outcome = own.get(row.id)
                story_id = row.story_id if outcome is None else outcome.story_id
                if story_id in story_ids and row.workspace_id in (SHARED, workspace_id):
                    found.setdefault((channel_id, story_id), []).append(_to_member(row, outcome))
        return {key: tuple(members) for key, members in found.items()}

    async def _headlines(self, column: Any, ids: Iterable[int]) -> dict[int, Row[Any]]:
        found: dict[int, Row[Any]] = {}
        for part in chunks(sorted(ids)):
            rows = await self._all(select(*_HEADLINES).where(column.in_(part)))
            found.update((row.id, row) for row in rows)
        return found

    async def _decided(
        self, channel_ids: Iterable[int], story_ids: Iterable[int], article_ids: Iterable[int]
    ) -> dict[int, dict[int, Row[Any]]]:
        """Return the outcomes of these stories and articles in these channels, by channel and article id."""
        found: dict[int, dict[int, Row[Any]]] = {}
        columns = outcomes.c.channel_id, outcomes.c.article_id, outcomes.c.story_id, outcomes.c.state
        for column, ids in ((outcomes.c.story_id, story_ids), (outcomes.c.article_id, article_ids)):
            for part in chunks(sorted(ids), 1_000):
                for row in await self._all(select(*columns).where(column.in_(part))):
                    found.setdefault(row.channel_id, {})[row.article_id] = row
        return {id: found[id] for id in channel_ids if id in found}


def _values(channel: Channel, story_id: int) -> Mapping[str, Any]:
    return {"channel": channel.id, "viewer": channel.workspace_id, "story": story_id}


def _to_member(row: Row[Any], outcome: Row[Any] | None) -> StoryMember:
    return StoryMember(
        article_id=row.id,
        title=row.title,
        publisher=row.publisher,
        url=row.url,
        at=min(row.published_at, row.received_at),
        started_alert=outcome is not None and outcome.state == OutcomeState.ALERT,
    )
