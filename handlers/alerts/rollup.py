"""The roll-up: one message with every story that a burst held back, or quiet hours in a channel without a digest."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Notice
from handlers.answers.parts import Button, Link
from handlers.answers.phrases import also_line
from handlers.answers.serialize import serialize
from handlers.answers.story_lines import other_headlines
from handlers.answers.times import zone_of
from handlers.reports.rolled_up import record_rollup
from handlers.rules.bursts import may_continue
from handlers.rules.quiet_hours import quiet_until
from storage.deliveries import NewDelivery
from storage.records import Channel, DeliveryKind, HeldReason, Outcome, OutcomeState, Workspace
from storage.store import Store, Tx

MAX_STORIES: Final = 15
"""Stories that one roll-up names."""
_COMMIT_DELAY: Final = timedelta(seconds=30)
"""More recent decisions are left for the next roll-up: older ones may still be uncommitted."""
_LOOKBACK: Final = timedelta(days=3)
_PREFIX: Final = "fold:"
"""The stored prefix of a roll-up's subject, and of the row that says up to when a channel's articles were reported."""


def reported_until_name(channel_id: int) -> str:
    """Return the name of the stored time up to which the roll-ups of a channel have reported articles."""
    return f"{_PREFIX}{channel_id}"


async def enqueue_rollups(store: Store, now: datetime) -> int:
    """Enqueue the roll-ups that are due at `now` (UTC) and return their number. A repeated call enqueues none twice."""
    async with store.read() as tx:
        channel_ids = await tx.outcomes.channels_holding((HeldReason.BURST, HeldReason.QUIET), since=now - _LOOKBACK)
    enqueued = 0
    for channel_id in channel_ids:
        async with store.begin() as tx:
            channel = await tx.channels.get(channel_id)
            workspace = None if channel is None else await tx.workspaces.get(channel.workspace_id)
            if channel is not None and workspace is not None:
                enqueued += await _enqueue(tx, channel, workspace, now)
    return enqueued


async def _enqueue(tx: Tx, channel: Channel, workspace: Workspace, now: datetime) -> bool:
    name = reported_until_name(channel.id)
    reported_until = await tx.meta.get(name)
    since = now - _LOOKBACK
    if reported_until:
        since = max(since, datetime.fromisoformat(reported_until))
    reasons = _due_reasons(channel, workspace, now)
    held = [
        outcome
        for outcome in await tx.outcomes.of_channel(channel.id, since=since, until=now - _COMMIT_DELAY)
        if outcome.state is OutcomeState.HELD and outcome.reason in reasons
    ]
    if not held:
        return False
    if held[0].reason is HeldReason.BURST and may_continue(held[0].decided_at, now):
        return False
    await tx.meta.set(name, (now - _COMMIT_DELAY).isoformat())
    story_ids = await _stories_without_alert(tx, channel, held)
    if not story_ids:
        return False
    named = story_ids[:MAX_STORIES]
    subject = f"{_PREFIX}{held[0].decided_at.isoformat()}"
    links = await _links(tx, channel, named, held)
    _, created = await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=subject,
            due_at=now,
            body=serialize(_notice(len(story_ids), links, {outcome.reason for outcome in held})),
        ),
        now,
    )
    covered = [outcome.article_id for outcome in held if outcome.story_id in named]
    await record_rollup(tx, channel, subject, covered, now)
    return created


def _due_reasons(channel: Channel, workspace: Workspace, now: datetime) -> Collection[HeldReason]:
    """Return the reasons to report now. Quiet hours are reported after they end, unless a digest reports them."""
    zone = zone_of(workspace.time_zone).key
    if channel.digest_time is not None or quiet_until(now, zone, workspace.quiet_from, workspace.quiet_until):
        return (HeldReason.BURST,)
    return (HeldReason.BURST, HeldReason.QUIET)


async def _stories_without_alert(tx: Tx, channel: Channel, held: Sequence[Outcome]) -> list[int]:
    """Return the held stories that have no alert in the channel by now, oldest first."""
    story_ids = dict.fromkeys(outcome.story_id for outcome in held)
    return [
        story_id
        for story_id in story_ids
        if await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id)) is None
    ]


async def _links(tx: Tx, channel: Channel, story_ids: Sequence[int], held: Sequence[Outcome]) -> list[Link]:
    """Return a link for each story, followed by a line with its different headlines if it has any."""
    members = await tx.channel_stories.members([channel], set(story_ids))
    first = {outcome.story_id: outcome.article_id for outcome in reversed(held)}
    links = []
    for story_id in story_ids:
        found = members.get((channel.id, story_id), ())
        lead = next((member for member in found if member.article_id == first[story_id]), None)
        if lead is None:
            continue
        links.append(Link(text=f"{lead.title} · {lead.publisher}", url=lead.url))
        also, more = other_headlines(found, lead.article_id)
        if also:
            links.append(Link(text=also_line(also, more)))
    return links


def _notice(stories: int, links: Sequence[Link], reasons: Collection[HeldReason | None]) -> Notice:
    count = f"{stories} more {'story' if stories == 1 else 'stories'}"
    when = "during quiet hours" if HeldReason.QUIET in reasons else "within minutes"
    shown = f". The first {MAX_STORIES}:" if stories > MAX_STORIES else ":"
    return Notice(
        text=f"{count} arrived {when}{shown}",
        links=tuple(links),
        buttons=(Button(label="Digest now", action="show:digest"),),
    )
