"""The digest: what a channel got and what was held back, by topic and story; owed once, at the channel's hour."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.answer import Digest
from handlers.answers.charts import day_edges, days_chart
from handlers.answers.parts import Button
from handlers.answers.serialize import serialize
from handlers.answers.times import zone_of
from handlers.commands.follow import followed
from handlers.delivery.settle import new_key
from handlers.reports.digest_sections import choose, draw_lines, followed_group, held_labels, shelve, to_group
from handlers.rules.pacing import next_digest
from storage.records import (
    Channel,
    ChannelState,
    DeliveryKind,
    Platform,
    Workspace,
)
from storage.store import Store, Tx

LATE: Final = timedelta(minutes=30)
"""A digest that is owed this long after its hour says so."""
OVERLAP: Final = timedelta(minutes=10)
"""How far a digest looks back into the time of the one before, for what was decided then and committed only later."""
WEEK: Final = timedelta(days=7)
_CHART_DAYS: Final = 7
_MOST_MISSED: Final = 1_000


async def enqueue_digests(store: Store, now: datetime) -> int:
    """Enqueue the digest of every channel whose hour has passed, and set its next one. Gives how many are owed now."""
    async with store.read() as tx:
        due = await tx.channels.due_digests(now)
    owed = 0
    for channel in due:
        async with store.begin() as tx:
            owed += await _enqueue(tx, channel.id, now)
    return owed


async def _enqueue(tx: Tx, channel_id: int, now: datetime) -> bool:
    channel = await tx.channels.get(channel_id)
    if channel is None or channel.next_digest_at is None or channel.next_digest_at > now:
        return False  # another process was here first
    workspace = await tx.workspaces.get(channel.workspace_id)
    due = channel.next_digest_at
    if channel.state is ChannelState.GONE or channel.digest_time is None:
        await tx.channels.update(channel.id, next_digest_at=None)
        return False
    latest, upcoming = missed(channel, workspace, due=due, now=now)
    zone = zone_of(channel.digest_zone or workspace.time_zone)
    day = latest.astimezone(zone).date()
    last = channel.last_digest_at or due - timedelta(days=1)
    digest = await compose_digest(
        tx,
        channel,
        since=last - OVERLAP,
        until=now,
        now=now,
        late=now - due > LATE,
        day=day,
        next_at=upcoming,
        weekly=has_weekly(channel, last.astimezone(zone).date(), day),
        told=await _told(tx, channel.id),
    )
    await tx.channels.update(channel.id, next_digest_at=upcoming, last_digest_at=now)
    tail = [one.article_id for one in await tx.outcomes.of_channel(channel.id, since=now - OVERLAP, until=now)]
    if channel.person is not None:
        own = await followed(tx, workspace, channel.person, since=now - OVERLAP, until=now, told=frozenset())
        tail += own.articles
    await tx.meta.set(f"digest_tail:{channel.id}", json.dumps(tail))
    if not await _worth_posting(tx, channel, digest):
        return False
    _, created = await tx.deliveries.enqueue(
        channel_id=channel.id,
        kind=DeliveryKind.DIGEST,
        subject=day.isoformat(),
        key=new_key(),
        due_at=now,
        now=now,
        body=serialize(digest),
    )
    return created


async def _told(tx: Tx, channel_id: int) -> frozenset[int]:
    """Articles that the last digest counted shortly before it was made."""
    return frozenset(json.loads(await tx.meta.get(f"digest_tail:{channel_id}") or "[]"))


async def _worth_posting(tx: Tx, channel: Channel, digest: Digest) -> bool:
    if digest.stories or digest.held:
        return True
    return channel.digest_when_empty and bool(await tx.subscriptions.of_channel(channel.id))


def missed(channel: Channel, workspace: Workspace, *, due: datetime, now: datetime) -> tuple[datetime, datetime | None]:
    """The last digest time that has passed, from `due` on, and the next one."""
    zone = channel.digest_zone or workspace.time_zone
    if channel.digest_time is None:
        return due, None
    latest = due
    if now - due > timedelta(days=_MOST_MISSED):
        latest = now - timedelta(days=8)
    upcoming = next_digest(latest, zone, channel.digest_time, channel.digest_days)
    while upcoming is not None and upcoming <= now:
        latest = upcoming
        upcoming = next_digest(latest, zone, channel.digest_time, channel.digest_days)
    return latest, upcoming


async def compose_digest(
    tx: Tx,
    channel: Channel,
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    late: bool,
    day: date | None = None,
    next_at: datetime | None = None,
    weekly: bool = True,
    told: frozenset[int] = frozenset(),
) -> Digest:
    """What was decided for the channel in `since <= t < until`, but for the articles that were `told` already.

    With `weekly`, weekly subscriptions add their last seven days.
    """
    workspace = await tx.workspaces.get(channel.workspace_id)
    zone = zone_of(channel.digest_zone or workspace.time_zone)
    day = day or now.astimezone(zone).date()
    subscriptions = {one.topic_id: one for one in await tx.subscriptions.of_channel(channel.id)}
    reach = min(since, until - WEEK) if weekly else since
    outcomes = await tx.outcomes.of_channel(channel.id, since=reach, until=until)
    fresh = [one for one in outcomes if one.decided_at >= since and one.article_id not in told]
    muted = await tx.mutes.among(channel.id, {f"story:{one.story_id}" for one in outcomes})
    matches = await tx.matches.of_articles([one.article_id for one in outcomes], traced=False)
    chosen = await asyncio.to_thread(
        choose,
        [one for one in outcomes if f"story:{one.story_id}" not in muted],
        matches,
        subscriptions,
        fresh=frozenset(one.article_id for one in fresh),
        weekly=weekly,
    )
    articles = await tx.articles.by_ids([one.article_id for one, _ in chosen])
    topics = await tx.topics.by_ids({match.topic_id for _, found in chosen for match in found})
    shelves = await asyncio.to_thread(shelve, chosen, articles, topics, now=now)
    lines = await asyncio.to_thread(draw_lines, shelves, articles, chosen)
    listed = [story for shelf in shelves for story in shelf.stories]
    groups = [to_group(shelf, lines) for shelf in shelves]
    if channel.person is not None:
        own = await followed(tx, workspace, channel.person, since=since, until=until, told=told)
        listed += own.stories
        groups += await asyncio.to_thread(followed_group, own)
    days = await _days(tx, workspace.id, list(subscriptions), until=until, zone=zone) if listed else {}
    return Digest(
        day=day,
        late=late,
        stories=len(listed),
        articles=sum(len(story.mentions) for story in listed),
        groups=tuple(groups),
        chart=days_chart([("All topics", days)], until=until, zone=zone) if listed else None,
        held=held_labels(fresh, workspace),
        next_at=next_at,
        time_zone=zone.key,
        buttons=_buttons(channel),
    )


def _buttons(channel: Channel) -> tuple[Button, ...]:
    """None in direct messages, which on some platforms belong to no workspace."""
    if channel.person is not None and channel.platform is not Platform.CONSOLE:
        return ()
    return (
        Button(label="Change", action=f"digest:change:{channel.id}"),
        Button(label="Pause", action=f"digest:pause:{channel.id}"),
    )


def has_weekly(channel: Channel, after: date, day: date) -> bool:
    """Whether the week's first digest day lies after `after`, up to `day`; `day` itself always counts."""
    first = min(channel.digest_days, default=0)
    days = min(max((day - after).days, 1), 7)
    return any((day - timedelta(days=back)).weekday() == first for back in range(days))


async def _days(
    tx: Tx, workspace_id: int, topic_ids: Sequence[int], *, until: datetime, zone: ZoneInfo
) -> Mapping[date, int]:
    """Articles about any of the topics by the local day on which they were published, once each."""
    edges = day_edges(until, zone, _CHART_DAYS)
    counts = await tx.matches.span_counts(topic_ids, workspace_id, [*edges.values(), until], until=until)
    return dict(zip(edges, counts, strict=True))
