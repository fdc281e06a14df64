"""Store the result of an attempt to deliver: sent, edited, to be retried, dead, or its channel is blocked or closed.

`retry.py` decides what follows from a failure.
"""

from datetime import datetime
from typing import Final, assert_never

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.answers.serialize import serialize
from handlers.delivery.blocking import ABOUT_ANOTHER, Block, block_channel, block_workspace, notify_subscribers
from handlers.delivery.closing import close_channel, close_workspace
from handlers.delivery.results import Blocked, Dead, Edited, Gone, Result, Retry, Sent
from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState
from storage.store import Tx

_REPORTED: Final = {DeliveryKind.ALERT: "An alert", DeliveryKind.DIGEST: "A digest"}
"""Deliveries whose end without a post is reported in their channel, with the word for them."""
_UNPOSTED: Final = "unposted:"
"""The prefix of the subject of such a report."""


async def settle(tx: Tx, channel: Channel, delivery: Delivery, result: Result, *, now: datetime) -> None:
    """Store the result of an attempt. Settling the same result again changes nothing."""
    match result:
        case Sent():
            await tx.deliveries.settle_sent(delivery.id, ref=result.ref, version=result.version, now=now)
            if channel.blocked_at is not None:
                await tx.channels.update(channel.id, blocked_at=None)
        case Edited():
            await tx.deliveries.settle_edited(delivery.id, version=result.version)
        case Retry():
            await _retry(tx, delivery, result)
        case Dead():
            await _end(tx, channel, delivery, result, now)
        case Blocked() | Gone():
            await _lose_channel(tx, channel, delivery, result, now)
        case _:
            assert_never(result)


async def _retry(tx: Tx, delivery: Delivery, result: Retry) -> None:
    await tx.deliveries.retry(
        delivery.id,
        reason=result.reason,
        due_at=result.due_at,
        state=DeliveryState.UNKNOWN if result.may_be_posted else DeliveryState.FAILED,
        attempts=delivery.attempts,
        failing_since=result.failing_since,
    )


async def _lose_channel(tx: Tx, channel: Channel, delivery: Delivery, result: Blocked | Gone, now: datetime) -> None:
    """Block or close the channel or its workspace."""
    if delivery.subject.startswith(ABOUT_ANOTHER) and not result.whole_workspace:
        # A notice about another channel must not end what its reader gets.
        await tx.deliveries.kill(delivery.id, reason=result.reason, now=now)
        return
    if isinstance(result, Gone):
        if result.whole_workspace:
            await close_workspace(tx, channel.workspace_id, result.reason, now=now)
        else:
            await close_channel(tx, channel, result.reason, now=now)
        return
    block = Block(reason=result.reason, until=result.until)
    if result.whole_workspace:
        await block_workspace(tx, channel, block, now=now)
    else:
        await block_channel(tx, channel, block, now=now)
    await tx.deliveries.put_back(delivery, reason=result.reason)


async def _end(tx: Tx, channel: Channel, delivery: Delivery, result: Dead, now: datetime) -> None:
    """End the delivery. If it is an alert or a digest that was never posted, a line in the channel reports this.

    If the line cannot be posted either, the people who subscribed the channel hear of it by direct message.
    """
    await tx.deliveries.kill(delivery.id, reason=result.reason, now=now)
    if delivery.subject.startswith(_UNPOSTED):
        text = f"A message for {channel.label} could not be posted: {result.reason.rstrip('. ')}."
        await notify_subscribers(tx, channel, text, subject=delivery.subject, now=now)
        return
    if not result.is_reported or delivery.kind not in _REPORTED or delivery.state is DeliveryState.SENT:
        return
    certain = "could not be posted" if delivery.state is not DeliveryState.UNKNOWN else "may not have been posted"
    notice = Notice(
        text=f"{_REPORTED[delivery.kind]} for this channel {certain}: {result.reason.rstrip('. ')}. "
        "/digest now shows what is new.",
        tone=Tone.REFUSED,
    )
    await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=delivery.channel_id,
            kind=DeliveryKind.NOTICE,
            subject=f"{_UNPOSTED}{delivery.id}",
            due_at=now,
            body=serialize(notice),
        ),
        now,
    )
