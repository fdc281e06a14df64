"""Settle a delivery after an attempt: sent, edited, to be retried, dead, or its channel is blocked or closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.answers.serialize import serialize
from handlers.delivery.blocking import ABOUT_ANOTHER, Block, block_channel, block_workspace, notify_subscribers
from handlers.delivery.closing import close_channel, close_workspace
from handlers.ports import PostError
from handlers.rules.refusals import LONGEST_BLOCK, Refusal, RefusalKind, Scope
from handlers.rules.retry_times import post_retry_at
from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState
from storage.store import Tx

GIVE_UP_AGE: Final = timedelta(days=2)
GIVE_UP_ATTEMPTS: Final = 12
"""A delivery that may be posted is given up when it exceeds both limits: after a week of downtime it is tried."""
FAULT_ATTEMPTS: Final = 5
"""The limit for posts that fail because of a bug in this program, so that they do not block their channel for days."""
_REPORTED: Final = {DeliveryKind.ALERT: "An alert", DeliveryKind.DIGEST: "A digest"}
"""Deliveries whose end without a post is reported in their channel, with the word for them."""
_UNPOSTED: Final = "unposted:"
"""The prefix of the subject of such a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    ref: str
    """The platform's id of the message."""
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The delivery failed for now; the next attempt is at `due_at` (UTC)."""

    reason: str
    due_at: datetime
    may_be_posted: bool
    """The message may be posted already: the next attempt looks for it first."""
    blocks_channel: bool = True
    """The whole channel waits until `due_at`, which keeps its messages in order. False for an edit that waits alone."""
    failing_since: datetime | None = None
    """Since when no attempt has had a clear result (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """The message can never be sent."""

    reason: str
    is_reported: bool = True
    """Whether a line in the channel reports that an alert or a digest was not posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The platform refuses posts to the channel, or to the whole workspace, for now. The delivery is kept."""

    reason: str
    until: datetime | None
    """When this ends by itself (UTC), if it is known."""
    whole_workspace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The platform no longer lets the bot post to the channel, or to any channel of the workspace."""

    reason: str
    whole_workspace: bool


Result = Sent | Edited | Retry | Dead | Blocked | Gone


def judge(error: PostError, delivery: Delivery, *, now: datetime, jitter: float, may_be_posted: bool) -> Result:
    """Return what follows from the platform's answer.

    `jitter` is in 0..1. With `may_be_posted`, an earlier attempt may have posted the message, and what failed is its
    lookup: a refused lookup is not a refused post.
    """
    refusal = error.refusal
    if refusal is None:
        return _retry_uncertain(error, delivery, now, jitter)
    match refusal.kind:
        case RefusalKind.FOR_EVER:
            return Gone(reason=refusal_text(error), whole_workspace=refusal.scope is Scope.WORKSPACE)
        case RefusalKind.UNTIL_TIME if may_be_posted or refusal.scope is not Scope.WORKSPACE:
            return _retry_later(error, refusal, delivery, now, jitter, may_be_posted)
        case _ if may_be_posted:
            return _retry_uncertain(error, delivery, now, jitter)
        case RefusalKind.UNTIL_TIME | RefusalKind.UNTIL_ACTION:
            return Blocked(
                reason=refusal_text(error),
                until=ends_at(error, refusal, now),
                whole_workspace=refusal.scope is Scope.WORKSPACE,
            )
        case RefusalKind.THIS_MESSAGE:
            return Dead(reason=refusal_text(error))
        case _:
            assert_never(refusal.kind)


def refusal_text(error: PostError) -> str:
    """Return the reason of a refusal, without a full stop at the end."""
    return str(error).rstrip(". ")


def ends_at(error: PostError, refusal: Refusal, now: datetime) -> datetime | None:
    """Return when the refusal ends by itself (UTC), as the platform says or as is usual for this error."""
    if error.until is not None:
        return error.until
    wait = error.retry_after or refusal.wait
    return None if wait is None else now + wait


def _retry_later(
    error: PostError, refusal: Refusal, delivery: Delivery, now: datetime, jitter: float, may_be_posted: bool
) -> Result:
    """Return the retry of a message that the platform asks to send later, at the time that the platform names."""
    if now - delivery.created_at >= LONGEST_BLOCK:
        return Dead(reason=f"Gave up after {LONGEST_BLOCK.days} days: {error}")
    due_at = ends_at(error, refusal, now) or post_retry_at(now, attempts=delivery.attempts, jitter=jitter)
    return Retry(
        reason=str(error),
        due_at=max(due_at, now),
        may_be_posted=may_be_posted,
        # Notes and edits wait alone: a new alert is more urgent than the news of an old one.
        blocks_channel=refusal.scope is not Scope.MESSAGE
        and delivery.parent_id is None
        and delivery.state is not DeliveryState.SENT,
        failing_since=delivery.failing_since if may_be_posted else None,
    )


def _retry_uncertain(error: PostError, delivery: Delivery, now: datetime, jitter: float) -> Result:
    since = delivery.failing_since or now
    if delivery.attempts >= GIVE_UP_ATTEMPTS and now - since >= GIVE_UP_AGE:
        return Dead(reason=f"Gave up after {delivery.attempts} attempts: {error}")
    due_at = post_retry_at(now, attempts=delivery.attempts, jitter=jitter, retry_after=error.retry_after)
    return Retry(reason=str(error), due_at=due_at, may_be_posted=True, failing_since=since)


def judge_fault(error: Exception, delivery: Delivery, *, now: datetime, jitter: float) -> Result:
    """Return what follows from a bug in this program: a few retries, since a fixed version may run by then."""
    reason = f"Internal error ({type(error).__name__}: {error})"
    if delivery.attempts >= FAULT_ATTEMPTS:
        return Dead(reason=reason)
    due_at = post_retry_at(now, attempts=delivery.attempts, jitter=jitter)
    return Retry(reason=reason, due_at=due_at, may_be_posted=True, failing_since=delivery.failing_since or now)


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
