"""The digest: what a channel got and what was held back, by topic and story. Enqueued once, at the channel's hour."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.answer import Digest
from handlers.answers.charts import day_edges, days_chart
from handlers.answers.parts import Button, DigestGroup
from handlers.answers.serialize import serialize
from handlers.answers.story_lines import MentionedStory, with_outlets
from handlers.answers.times import zone_of
from handlers.queries.quotable import quotable
from handlers.reports.digest_sections import (
    MAX_STORIES,
    build_sections,
    followed_group,
    held_labels,
    mark_listed,
    select_outcomes,
    story_lines,
    to_group,
)
from handlers.reports.followed import followed
from handlers.reports.rolled_up import rolled_up
from handlers.rules.digest_times import next_digest
from storage.channel_stories import StoryMember
from storage.deliveries import NewDelivery
from storage.records import Channel, ChannelState, DeliveryKind, Platform, Subscription, Workspace
from storage.store import Store, Tx

LATE: Final = timedelta(minutes=30)
"""A digest that is enqueued this long after its hour is marked as late."""
OVERLAP: Final = timedelta(minutes=10)
"""How far a digest reaches back before the last one, to include articles that were decided then but committed later."""
WEEK: Final = timedelta(days=7)
_CHART_DAYS: Final = 7
_MAX_MISSED: Final = timedelta(days=1_000)
"""After a longer downtime, missed digests are not counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a digest covers, and how it is dated. Times are UTC."""

    since: datetime
    until: datetime
    """It covers articles that were decided in `since <= t < until`."""
    now: datetime
    day: date | None = None
    """Its local date; None for the date of `now`."""
    late: bool = False
    next_at: datetime | None = None
    """When the channel's next digest is due."""
    weekly: bool = True
    """Whether weekly subscriptions add their last seven days."""
    excluded: frozenset[int] = frozenset()
    """Ids of articles that the last digest contained."""


async def enqueue_digests(store: Store, now: datetime) -> int:
    """Enqueue the digest of every channel that is due, and set when its next one is due.

    Returns the number of digests enqueued. A repeated call enqueues nothing twice.
    """
    async with store.read() as tx:
        due = await tx.channels.due_digests(now)
    enqueued = 0
    for channel in due:
        async with store.begin() as tx:
            enqueued += await _enqueue(tx, channel.id, now)
    return enqueued


async def _enqueue(tx: Tx, channel_id: int, now: datetime) -> bool:
    channel = await tx.channels.get(channel_id)
    if channel is None or channel.next_digest_at is None or channel.next_digest_at > now:
        return False  # another process has enqueued it
    workspace = await tx.workspaces.get(channel.workspace_id)
    due = channel.next_digest_at
    if channel.state is ChannelState.GONE or channel.digest_time is None:
        await tx.channels.update(channel.id, next_digest_at=None)
        return False
    latest, upcoming = missed(channel, workspace, due=due, now=now)
    zone = zone_of(channel.digest_zone or workspace.time_zone)
    day = latest.astimezone(zone).date()
    last = channel.last_digest_at or due - timedelta(days=1)
    edition = Edition(
        since=last - OVERLAP,
        until=now,
        now=now,
        day=day,
        late=now - due > LATE,
        next_at=upcoming,
        weekly=has_weekly(channel, last.astimezone(zone).date(), day),
        excluded=await _read_tail(tx, channel),
    )
    digest = await compose_digest(tx, channel, edition)
    await tx.channels.update(channel.id, next_digest_at=upcoming, last_digest_at=now)
    await _store_tail(tx, channel, workspace, now)
    if not await _is_worth_posting(tx, channel, digest):
        return False
    _, created = await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.DIGEST,
            subject=day.isoformat(),
            due_at=now,
            body=serialize(digest),
        ),
        now,
    )
    return created


async def _store_tail(tx: Tx, channel: Channel, workspace: Workspace, now: datetime) -> None:
    """Store the ids of the articles within the overlap with the next digest, which leaves them out."""
    outcomes = await tx.outcomes.of_channel(channel.id, since=now - OVERLAP, until=now)
    tail = [outcome.article_id for outcome in outcomes]
    if channel.person is not None:
        own = await followed(tx, workspace, channel.person, since=now - OVERLAP, until=now, excluded=frozenset())
        tail += own.articles
    await tx.meta.set(_tail_name(channel), json.dumps(tail))


async def _read_tail(tx: Tx, channel: Channel) -> frozenset[int]:
    return frozenset(json.loads(await tx.meta.get(_tail_name(channel)) or "[]"))


def _tail_name(channel: Channel) -> str:
    return f"digest_tail:{channel.id}"


async def _is_worth_posting(tx: Tx, channel: Channel, digest: Digest) -> bool:
    if digest.stories or digest.held:
        return True
    return channel.digest_when_empty and bool(await tx.subscriptions.of_channel(channel.id))


def missed(channel: Channel, workspace: Workspace, *, due: datetime, now: datetime) -> tuple[datetime, datetime | None]:
    """Return the latest digest time from `due` on that has passed, and the next one; None if there is no next one."""
    zone = channel.digest_zone or workspace.time_zone
    if channel.digest_time is None:
        return due, None
    latest = due
    if now - due > _MAX_MISSED:
        latest = now - timedelta(days=8)
    upcoming = next_digest(latest, zone, channel.digest_time, channel.digest_days)
    while upcoming is not None and upcoming <= now:
        latest = upcoming
        upcoming = next_digest(latest, zone, channel.digest_time, channel.digest_days)
    return latest, upcoming


async def compose_digest(tx: Tx, channel: Channel, edition: Edition) -> Digest:
    """Return the channel's digest. It has no stories if nothing was decided in the period."""
    workspace = await tx.workspaces.get(channel.workspace_id)
    zone = zone_of(channel.digest_zone or workspace.time_zone)
    subscriptions = {found.topic_id: found for found in await tx.subscriptions.of_channel(channel.id)}
    content = await _content(tx, channel, workspace, edition, subscriptions)
    chart = None
    if content.stories:
        days = await mentions_by_day(tx, workspace.id, list(subscriptions), until=edition.until, zone=zone)
        chart = days_chart([("All topics", days)], until=edition.until, zone=zone)
    return Digest(
        day=edition.day or edition.now.astimezone(zone).date(),
        late=edition.late,
        stories=len(content.stories),
        articles=sum(len(story.mentions) for story in content.stories),
        groups=tuple(content.groups),
        chart=chart,
        held=content.held,
        next_at=edition.next_at,
        time_zone=zone.key,
        buttons=_buttons(channel),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    stories: Sequence[MentionedStory]
    groups: Sequence[DigestGroup]
    held: tuple[tuple[str, int], ...]


async def _content(
    tx: Tx, channel: Channel, workspace: Workspace, edition: Edition, subscriptions: Mapping[int, Subscription]
) -> _Content:
    since = min(edition.since, edition.until - WEEK) if edition.weekly else edition.since
    outcomes = await tx.outcomes.of_channel(channel.id, since=since, until=edition.until)
    new = [
        outcome
        for outcome in outcomes
        if outcome.decided_at >= edition.since and outcome.article_id not in edition.excluded
    ]
    muted = await tx.mutes.among(channel.id, {f"story:{outcome.story_id}" for outcome in outcomes})
    matches = await tx.matches.of_articles([outcome.article_id for outcome in outcomes])
    selected = await asyncio.to_thread(
        select_outcomes,
        [outcome for outcome in outcomes if f"story:{outcome.story_id}" not in muted],
        matches,
        subscriptions,
        new=frozenset(outcome.article_id for outcome in new),
        weekly=edition.weekly,
    )
    articles = await tx.articles.by_ids([outcome.article_id for outcome, _ in selected])
    topics = await tx.topics.by_ids({match.topic_id for _, due in selected for match in due})
    sections = await asyncio.to_thread(build_sections, selected, articles, topics, now=edition.now)
    listed = {story.story_id for section in sections for story in section.stories[:MAX_STORIES]}
    members = await tx.channel_stories.members([channel], listed)
    publishers = {story_id: [member.publisher for member in found] for (_, story_id), found in members.items()}
    sections = tuple(replace(section, stories=with_outlets(section.stories, publishers)) for section in sections)
    recent = _recent(members, frozenset(articles), since=edition.since)
    lines = await asyncio.to_thread(story_lines, sections, await quotable(tx, articles), selected, recent)
    lines = mark_listed(lines, selected, await rolled_up(tx, channel))
    stories = [story for section in sections for story in section.stories]
    groups = [to_group(section, lines) for section in sections]
    if channel.person is not None:
        own = await followed(
            tx, workspace, channel.person, since=edition.since, until=edition.until, excluded=edition.excluded
        )
        stories += own.stories
        groups += await asyncio.to_thread(followed_group, own)
    return _Content(stories=stories, groups=groups, held=held_labels(new, workspace))


def _recent(
    members: Mapping[tuple[int, int], Sequence[StoryMember]], article_ids: frozenset[int], *, since: datetime
) -> Mapping[int, Sequence[StoryMember]]:
    """Return the articles of each story that the digest covers or that appeared in its period, by story id."""
    return {
        story_id: [member for member in found if member.article_id in article_ids or member.at >= since]
        for (_, story_id), found in members.items()
    }


def _buttons(channel: Channel) -> tuple[Button, ...]:
    """Return the digest's buttons; none in direct messages, which on some platforms belong to no workspace."""
    if channel.person is not None and channel.platform is not Platform.CONSOLE:
        return ()
    return (
        Button(label="Change", action=f"digest:change:{channel.id}"),
        Button(label="Pause", action=f"digest:pause:{channel.id}"),
    )


def has_weekly(channel: Channel, after: date, day: date) -> bool:
    """Return whether the week's first digest day is `day`, or lies between `after` and `day`."""
    first = min(channel.digest_days, default=0)
    days = min(max((day - after).days, 1), 7)
    return any((day - timedelta(days=back)).weekday() == first for back in range(days))


async def mentions_by_day(
    tx: Tx, workspace_id: int, topic_ids: Sequence[int], *, until: datetime, zone: ZoneInfo
) -> Mapping[date, int]:
    """Return the number of articles about any of the topics, by the local day of publication. Counts each once."""
    edges = day_edges(until, zone, _CHART_DAYS)
    counts = await tx.matches.span_counts(topic_ids, workspace_id, [*edges.values(), until], until=until)
    return dict(zip(edges, counts, strict=True))
