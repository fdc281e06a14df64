"""Block channels to which the platform refuses to post for now, and open them again with a report of what was missed.

What is due in a blocked channel is kept. `recheck.py` asks the platform from time to time whether the bot may post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.answers.answer import Notice
from handlers.answers.parts import Link, Tone
from handlers.answers.serialize import serialize
from handlers.answers.times import counted, time_label, zone_of
from handlers.rules.refusals import SHORT_BLOCK, recheck_at
from storage.deliveries import NewDelivery
from storage.records import Channel, ChannelState, Delivery, DeliveryKind, HeldReason, Platform
from storage.store import Tx

ABOUT_ANOTHER: Final = "channel:"
"""The prefix of the subject of a notice about another channel than the one it is posted to."""
MAX_WAITING_ALERTS: Final = 3
"""If more alerts wait when a channel opens, one message lists their stories instead."""
MAX_STORIES: Final = 15
"""Stories that one message names."""
_MOST_NOTIFIED: Final = 5
"""The people who are notified of a blocked channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why the platform refuses posts for now."""

    reason: str
    """Completes "I can't post in #intel: "; without a full stop."""
    until: datetime | None = None
    """When it ends by itself (UTC), if it is known."""


async def block_channel(tx: Tx, channel: Channel, block: Block, *, now: datetime) -> None:
    """Block the channel, and notify the people who subscribed it, once for each block.

    Nobody is notified of a block that ends soon by itself. Blocking a closed channel changes nothing.
    """
    current = await tx.channels.get(channel.id)
    if current is None or current.state is ChannelState.GONE:
        return
    blocked_at = current.blocked_at or now
    await _store_block(tx, current, block, blocked_at, now)
    if block.until is None or block.until - blocked_at > SHORT_BLOCK:
        text = (
            f"I can't post in {channel.label}: {block.reason}. I keep what is due, and try again every hour and "
            "whenever somebody runs a command there."
        )
        await notify_subscribers(tx, current, text, subject=f"{blocked_at:%Y%m%dT%H%M%S}", now=now)


async def block_workspace(tx: Tx, channel: Channel, block: Block, *, now: datetime) -> None:
    """Block all active channels of the channel's workspace. Nobody is notified, because nothing can be posted there."""
    for each in await tx.channels.of(channel.workspace_id):
        if each.state is ChannelState.ACTIVE or each.id == channel.id:
            await _store_block(tx, each, block, each.blocked_at or now, now)


async def _store_block(tx: Tx, channel: Channel, block: Block, blocked_at: datetime, now: datetime) -> None:
    await tx.channels.update(
        channel.id,
        state=ChannelState.BLOCKED,
        gone_reason=block.reason,
        blocked_at=blocked_at,
        blocked_until=block.until,
        recheck_at=recheck_at(now, block.until),
    )


async def open_channel(tx: Tx, channel: Channel, *, now: datetime) -> Channel:
    """Use a blocked or closed channel again, and return it. Subscriptions that were paused by closing it are resumed.

    If more was missed than a few alerts, one message lists it instead of the alerts.
    """
    opened = await tx.channels.update(
        channel.id, state=ChannelState.ACTIVE, gone_reason=None, blocked_until=None, recheck_at=None
    )
    for subscription in await tx.subscriptions.of_channel(channel.id):
        if channel.gone_reason is not None and subscription.paused_reason == paused_because(channel.gone_reason):
            await tx.subscriptions.update(subscription.id, paused_reason=None)
    if channel.blocked_at is not None and channel.state is ChannelState.BLOCKED:
        await _report_missed(tx, channel, channel.blocked_at, now)
        await tx.channels.schedule_rechecks(now, workspace_id=channel.workspace_id, reason=channel.gone_reason)
    return opened


def paused_because(reason: str) -> str:
    """Return the reason of subscriptions that are paused because their channel is closed for this reason."""
    return f"I can't post here: {reason}"


async def _report_missed(tx: Tx, channel: Channel, blocked_at: datetime, now: datetime) -> None:
    waiting = await tx.deliveries.waiting(channel.id, now)
    alerts = [delivery for delivery in waiting if delivery.kind is DeliveryKind.ALERT]
    is_short = now - blocked_at <= SHORT_BLOCK
    if not alerts or (is_short and len(alerts) <= MAX_WAITING_ALERTS):
        return
    workspace = await tx.workspaces.get(channel.workspace_id)
    since = time_label(blocked_at, zone_of(channel.digest_zone or workspace.time_zone), now=now)
    head = f"I could not post here since {since}: {channel.gone_reason}."
    if len(alerts) <= MAX_WAITING_ALERTS:
        notices = [Notice(text=f"{head} {counted(len(alerts), 'alert')} from this time came late, just above.")]
    else:
        notices = await _list(tx, channel, head, alerts)
        await tx.outcomes.hold([alert.id for alert in alerts], HeldReason.BLOCKED)
        await tx.deliveries.remove([alert.id for alert in alerts])
    for number, notice in enumerate(notices):
        subject = f"missed:{blocked_at:%Y%m%dT%H%M%S}:{alerts[-1].id}:{number}"
        await _enqueue(tx, channel.id, subject, notice, now)


async def _list(tx: Tx, channel: Channel, head: str, alerts: Sequence[Delivery]) -> list[Notice]:
    """Return the stories of these alerts as one message, or as several if there are too many for one."""
    links: list[Link] = []
    for alert in alerts:
        articles = await tx.articles.of_story(alert.story_id or 0, channel.workspace_id)
        if articles:
            links.append(Link(text=f"{articles[0].title} · {articles[0].publisher}", url=articles[0].url))
    parts = [links[start : start + MAX_STORIES] for start in range(0, len(links), MAX_STORIES)] or [[]]
    first = f"{head} {counted(len(links), 'story', 'stories')} arrived meanwhile."
    return [
        Notice(text=first if number == 0 else "More stories from this time:", links=tuple(part))
        for number, part in enumerate(parts)
    ]


async def notify_subscribers(tx: Tx, channel: Channel, text: str, *, subject: str, now: datetime) -> None:
    """Enqueue a direct message about the channel to the people who subscribed it.

    No other channel hears of it, because its readers may not know the channel.
    """
    if channel.person is not None or channel.platform is Platform.CONSOLE:
        return
    subscriptions = await tx.subscriptions.of_channel(channel.id)
    people = dict.fromkeys(subscription.created_by for subscription in subscriptions if subscription.created_by)
    for person in list(people)[:_MOST_NOTIFIED]:
        direct = await tx.channels.find(channel.workspace_id, f"@{person}")
        if direct is None:
            direct = await tx.channels.ensure(channel.workspace_id, f"@{person}", f"@{person}", now=now)
        if direct.state is ChannelState.ACTIVE:
            notice = Notice(text=text, tone=Tone.REFUSED)
            await _enqueue(tx, direct.id, f"{ABOUT_ANOTHER}{channel.id}:{subject}", notice, now)


async def _enqueue(tx: Tx, channel_id: int, subject: str, notice: Notice, now: datetime) -> None:
    await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel_id, kind=DeliveryKind.NOTICE, subject=subject, due_at=now, body=serialize(notice)
        ),
        now,
    )
