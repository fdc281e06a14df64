"""Stories as single channels see them: which articles belong to an alert, and which of them started an alert."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select

from storage.records import SHARED, Article, Channel, OutcomeState
from storage.rows import Collection, chunks, values_of, visible
from storage.story_articles import COLUMNS, to_article
from storage.tables import articles, outcomes, story_corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article of a story in a channel, without its text."""

    article_id: int
    title: str
    publisher: str
    url: str | None
    at: datetime
    """When it was published, or received if it claims a later time."""
    alert_since: datetime | None
    """When the channel began an alert with it, in UTC; None: it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierArticle:
    """An article of a story that was decided in a channel, as far as it is compared with later ones."""

    article_id: int
    story_id: int
    """The story to which it belongs in the channel."""
    title: str
    publisher: str
    features: bytes


_OWN_OUTCOME = (outcomes.c.channel_id == bindparam("channel")) & (outcomes.c.article_id == articles.c.id)
_OWN_CORRECTION = (story_corrections.c.workspace_id == bindparam("viewer")) & (
    story_corrections.c.article_id == articles.c.id
)
_STORY = func.coalesce(outcomes.c.story_id, story_corrections.c.story_id, articles.c.story_id)
"""The story of an article in a channel: the one decided there, else the workspace's, else the one of all."""
_DECIDED = select(outcomes.c.article_id).where(
    outcomes.c.story_id == bindparam("story"), outcomes.c.channel_id == bindparam("channel")
)
_CORRECTED = select(story_corrections.c.article_id).where(
    story_corrections.c.story_id == bindparam("story"), story_corrections.c.workspace_id == bindparam("viewer")
)
_MAY_BE_OF_STORY = or_(
    articles.c.story_id == bindparam("story"), articles.c.id.in_(_DECIDED), articles.c.id.in_(_CORRECTED)
)
"""Each of the three reads an index."""
_IS_OF_STORY = (
    _MAY_BE_OF_STORY,
    bindparam("story") == _STORY,
    visible(articles, bindparam("viewer")),
)
_BY_AGE = (articles.c.received_at, articles.c.id)


def _of_story(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(outcomes, _OWN_OUTCOME, isouter=True)
        .join(story_corrections, _OWN_CORRECTION, isouter=True)
        .where(*_IS_OF_STORY)
        .order_by(*_BY_AGE)
    )


# Built once, because every post runs them.
_ARTICLES = _of_story(*COLUMNS)
_FEATURES = _of_story(articles.c.features)
_NEWEST = (
    _of_story(*COLUMNS)
    .where(articles.c.id < bindparam("before"))
    .order_by(None)
    .order_by(articles.c.received_at.desc(), articles.c.id.desc())
    .limit(bindparam("count"))
)
_EARLIER = (
    select(
        articles.c.id.label("article_id"),
        outcomes.c.story_id,
        articles.c.title,
        articles.c.publisher,
        articles.c.features,
    )
    .join(outcomes, _OWN_OUTCOME)
    .join(story_corrections, _OWN_CORRECTION, isouter=True)
    .where(
        or_(
            outcomes.c.story_id == bindparam("story"),
            func.coalesce(story_corrections.c.story_id, articles.c.story_id) == bindparam("story"),
        ),
        _MAY_BE_OF_STORY,
    )
    .order_by(articles.c.id)
)
_STORY_OF = (
    select(_STORY.label("story_id"))
    .select_from(articles)
    .join(outcomes, _OWN_OUTCOME, isouter=True)
    .join(story_corrections, _OWN_CORRECTION, isouter=True)
    .where(articles.c.id == bindparam("article"))
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

    async def newest(self, channel: Channel, story_id: int, *, before_id: int, limit: int) -> tuple[Article, ...]:
        """Return the newest articles of the story with ids below `before_id`, oldest first."""
        values = {**_values(channel, story_id), "before": before_id, "count": limit}
        return tuple(map(to_article, reversed(await self._all(_NEWEST, values))))

    async def story_of(self, channel: Channel, article: Article) -> int | None:
        """Return the story to which the article belongs in the channel."""
        values = {"channel": channel.id, "viewer": channel.workspace_id, "article": article.id}
        row = await self._first(_STORY_OF, values)
        return None if row is None else row.story_id

    async def earlier(self, channel: Channel, story_id: int) -> tuple[EarlierArticle, ...]:
        """Return the articles of the story with an outcome in the channel, by id.

        Includes those that were assigned to it, and belong to another story in this channel.
        """
        rows = await self._all(_EARLIER, _values(channel, story_id))
        return tuple(EarlierArticle(**values_of(row)) for row in rows)

    async def members(
        self, channels: Iterable[Channel], story_ids: Group[int]
    ) -> dict[tuple[int, int], tuple[StoryMember, ...]]:
        """Return what each channel sees of these stories: members by channel and story id, in order of article ids.

        Stories of which a channel sees nothing are left out.
        """
        workspaces = {channel.id: channel.workspace_id for channel in channels}
        rows = await self._headlines(articles.c.story_id, story_ids)
        decided = await self._decided(workspaces, story_ids, rows)
        corrected = await self._corrected(story_ids, rows)
        elsewhere = {id for own in decided.values() for id in own} | {id for own in corrected.values() for id in own}
        rows |= await self._headlines(articles.c.id, elsewhere - rows.keys())
        found: dict[tuple[int, int], list[StoryMember]] = {}
        for channel_id, workspace_id in workspaces.items():
            own = decided.get(channel_id, {})
            for row in sorted(rows.values(), key=lambda row: row.id):
                outcome = own.get(row.id)
                shared = corrected.get(workspace_id, {}).get(row.id, row.story_id)
                story_id = shared if outcome is None else outcome.story_id
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
        columns = [outcomes.c[name] for name in ("channel_id", "article_id", "story_id", "state", "decided_at")]
        for column, ids in ((outcomes.c.story_id, story_ids), (outcomes.c.article_id, article_ids)):
            for part in chunks(sorted(ids), 1_000):
                for row in await self._all(select(*columns).where(column.in_(part))):
                    found.setdefault(row.channel_id, {})[row.article_id] = row
        return {id: found[id] for id in channel_ids if id in found}

    async def _corrected(self, story_ids: Iterable[int], article_ids: Iterable[int]) -> dict[int, dict[int, int]]:
        """Return the corrections of these stories and articles: story ids by workspace and article id."""
        found: dict[int, dict[int, int]] = {}
        for column, ids in (
            (story_corrections.c.story_id, story_ids),
            (story_corrections.c.article_id, article_ids),
        ):
            for part in chunks(sorted(ids), 1_000):
                for row in await self._all(select(story_corrections).where(column.in_(part))):
                    found.setdefault(row.workspace_id, {})[row.article_id] = row.story_id
        return found


def lead_of(members: Sequence[StoryMember]) -> StoryMember:
    """Return the article by which the channel shows the story: that of its first alert, else the first article."""
    started = [(member.alert_since, member.article_id, member) for member in members if member.alert_since is not None]
    return min(started)[2] if started else members[0]


def _values(channel: Channel, story_id: int) -> Mapping[str, Any]:
    return {"channel": channel.id, "viewer": channel.workspace_id, "story": story_id}


def _to_member(row: Row[Any], outcome: Row[Any] | None) -> StoryMember:
    return StoryMember(
        article_id=row.id,
        title=row.title,
        publisher=row.publisher,
        url=row.url,
        at=min(row.published_at, row.received_at),
        alert_since=outcome.decided_at if outcome is not None and outcome.state == OutcomeState.ALERT else None,
    )
