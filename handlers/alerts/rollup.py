"""The fold: what a burst held, or quiet hours in a channel without a digest, as one message that names every story."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Notice
from handlers.answers.parts import Button, Link
from handlers.answers.serialize import serialize
from handlers.answers.times import zone_of
from handlers.rules.pacing import BURST_WINDOW, quiet_until
from storage.deliveries import NewDelivery
from storage.records import Channel, DeliveryKind, HeldReason, Outcome, OutcomeState, Workspace
from storage.store import Store, Tx

LISTED: Final = 15
"""Stories that one message names."""
_SETTLED: Final = timedelta(seconds=30)
"""Younger decisions wait: their transaction may still be open."""
_LOOKBACK: Final = timedelta(days=3)


async def enqueue_rollups(store: Store, now: datetime) -> int:
    """Enqueue the folds that are due at `now`, and how many that were. Doing it again owes nothing twice."""
    async with store.read() as tx:
        waiting = await tx.outcomes.channels_holding((HeldReason.BURST, HeldReason.QUIET), since=now - _LOOKBACK)
    owed = 0
    for channel_id in waiting:
        async with store.begin() as tx:
            channel = await tx.channels.get(channel_id)
            workspace = None if channel is None else await tx.workspaces.get(channel.workspace_id)
            if channel is not None and workspace is not None:
                owed += await _enqueue(tx, channel, workspace, now)
    return owed


async def _enqueue(tx: Tx, channel: Channel, workspace: Workspace, now: datetime) -> bool:
    name = f"fold:{channel.id}"
    told = await tx.meta.get(name)
    since = max(now - _LOOKBACK, datetime.fromisoformat(told)) if told else now - _LOOKBACK
    held = [
        outcome
        for outcome in await tx.outcomes.of_channel(channel.id, since=since, until=now - _SETTLED)
        if outcome.state is OutcomeState.HELD and outcome.reason in _due_reasons(channel, workspace, now)
    ]
    if not held or (
        held[0].reason is HeldReason.BURST and now - held[0].decided_at < BURST_WINDOW
    ):  # the burst may still go on
        return False
    await tx.meta.set(name, (now - _SETTLED).isoformat())
    stories = await _untold(tx, channel, held)
    if not stories:
        return False
    reasons = {outcome.reason for outcome in held}
    _, created = await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject=f"fold:{held[0].decided_at.isoformat()}",
            due_at=now,
            body=serialize(_notice(stories, reasons)),
        ),
        now,
    )
    return created


def _due_reasons(channel: Channel, workspace: Workspace, now: datetime) -> Collection[HeldReason]:
    """Quiet hours that go on are not over; where a digest comes, it shows what they held."""
    zone = zone_of(workspace.time_zone).key
    if channel.digest_time is not None or quiet_until(now, zone, workspace.quiet_from, workspace.quiet_until):
        return (HeldReason.BURST,)
    return (HeldReason.BURST, HeldReason.QUIET)


async def _untold(tx: Tx, channel: Channel, held: Sequence[Outcome]) -> list[Link]:
    """A link a story, in the order in which they came; none that has an alert here by now."""
    links: dict[int, Link] = {}
    articles = await tx.articles.by_ids([outcome.article_id for outcome in held])
    for outcome in held:
        article = articles.get(outcome.article_id)
        if article is None or outcome.story_id in links:
            continue
        if await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(outcome.story_id)) is None:
            links[outcome.story_id] = Link(text=f"{article.title} · {article.publisher}", url=article.url)
    return list(links.values())


def _notice(stories: Sequence[Link], reasons: Collection[HeldReason | None]) -> Notice:
    count = f"{len(stories)} more {'story' if len(stories) == 1 else 'stories'}"
    why = "while it was quiet" if HeldReason.QUIET in reasons else "in a burst, folded into one message"
    rest = f" The first {LISTED}:" if len(stories) > LISTED else ""
    return Notice(
        text=f"{count} {why}.{rest}",
        links=tuple(stories[:LISTED]),
        buttons=(Button(label="Digest now", action="show:digest"),),
    )
