"""A digest of what a feed listed before it was added. It is never posted, but shown to a person on request."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.answers.answer import Digest
from handlers.answers.times import zone_of
from handlers.reports.digest_sections import Selected, build_sections, story_lines, to_group
from storage.records import Channel, Source
from storage.store import Tx

_MAX_ARTICLES: Final = 500
"""The newest articles of the source that are considered."""
_MAX_TOPICS: Final = 8
"""Topics with a group of their own in the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """The stored articles of a source that match, as a digest."""

    stored: int
    """The number of its articles that were considered."""
    is_subscribed: bool
    """The channel has subscriptions, so only their topics count; otherwise all topics that the workspace sees."""
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    article_id: int
    story_id: int | None


async def compose_catch_up(tx: Tx, source: Source, channel: Channel, *, now: datetime) -> CatchUp:
    """Return a digest of the stored articles of the source. It has no stories if none matches. `now` is in UTC."""
    workspace = await tx.workspaces.get(channel.workspace_id)
    zone = zone_of(channel.digest_zone or workspace.time_zone)
    articles = {
        article.id: article for article in await tx.articles.of_source(source.id, workspace.id, limit=_MAX_ARTICLES)
    }
    subscribed = {subscription.topic_id for subscription in await tx.subscriptions.of_channel(channel.id)}
    visible = {topic.id: topic for topic in await tx.topics.visible(workspace.id)}
    topics = {id: topic for id, topic in visible.items() if not subscribed or id in subscribed}
    selected: list[Selected] = []
    for id, matches in (await tx.matches.of_articles(articles)).items():
        due = tuple(match for match in matches if match.topic_id in topics)
        if due:
            selected.append((_Stored(article_id=id, story_id=articles[id].story_id), due))
    sections = await asyncio.to_thread(build_sections, selected, articles, topics, now=now)
    lines = await asyncio.to_thread(story_lines, sections[:_MAX_TOPICS], articles, selected)
    stories = [story for section in sections for story in section.stories]
    digest = Digest(
        day=now.astimezone(zone).date(),
        late=False,
        stories=len(stories),
        articles=sum(len(story.mentions) for story in stories),
        groups=tuple(to_group(section, lines) for section in sections[:_MAX_TOPICS]),
        chart=None,
        held=(),
        next_at=None,
        time_zone=zone.key,
        subject=f"{source.title} until now",
    )
    return CatchUp(stored=len(articles), is_subscribed=bool(subscribed), digest=digest)
