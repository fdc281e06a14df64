"""Settle a delivery after an attempt: sent, edited, to be retried, dead, or its channel is closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from handlers.delivery.closing import close_channel, close_workspace
from handlers.ports import PostError, PostFailure
from handlers.rules.pacing import post_retry_at
from storage.records import Channel, Delivery, DeliveryState
from storage.store import Tx

GIVE_UP_AGE: Final = timedelta(days=2)
GIVE_UP_ATTEMPTS: Final = 12
"""A delivery is given up when it exceeds both limits: after a week of downtime, old deliveries are still attempted."""
FAULT_ATTEMPTS: Final = 5
"""The limit for posts that fail because of a bug in this program, so that they do not block their channel for days."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """The message can never be sent."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The platform no longer lets the bot post to the channel, or to any channel of the workspace."""

    reason: str
    whole_workspace: bool


Result = Sent | Edited | Retry | Dead | Gone


def judge(error: PostError, delivery: Delivery, *, now: datetime, jitter: float, may_be_posted: bool) -> Result:
    """Return what follows from the platform's refusal.

    `jitter` is in 0..1. `may_be_posted` says whether an earlier attempt may have posted the message.
    """
    match error.failure:
        case PostFailure.CHANNEL_GONE:
            return Gone(reason=str(error), whole_workspace=False)
        case PostFailure.WORKSPACE_GONE:
            return Gone(reason=str(error), whole_workspace=True)
        case PostFailure.REFUSED:
            return Dead(reason=str(error))
        case PostFailure.LATER | PostFailure.PERHAPS:
            if delivery.attempts >= GIVE_UP_ATTEMPTS and now - delivery.created_at >= GIVE_UP_AGE:
                return Dead(reason=f"Gave up after {delivery.attempts} attempts: {error}")
            return Retry(
                reason=str(error),
                due_at=post_retry_at(now, attempts=delivery.attempts, jitter=jitter, retry_after=error.retry_after),
                may_be_posted=may_be_posted or error.failure is PostFailure.PERHAPS,
                blocks_channel=not error.only_this,
            )
        case _:
            assert_never(error.failure)


def judge_fault(error: Exception, delivery: Delivery, *, now: datetime, jitter: float) -> Result:
    """Return what follows from a bug in this program: a few retries, since a fixed version may run by then."""
    reason = f"Internal error ({type(error).__name__}: {error})"
    if delivery.attempts >= FAULT_ATTEMPTS:
        return Dead(reason=reason)
    due_at = post_retry_at(now, attempts=delivery.attempts, jitter=jitter)
    return Retry(reason=reason, due_at=due_at, may_be_posted=True)


async def settle(tx: Tx, channel: Channel, delivery: Delivery, result: Result, *, now: datetime) -> None:
    """Store the result of an attempt. Settling the same result again changes nothing."""
    match result:
        case Sent():
            await tx.deliveries.settle_sent(delivery.id, ref=result.ref, version=result.version, now=now)
        case Edited():
            await tx.deliveries.settle_edited(delivery.id, version=result.version)
        case Retry():
            state = DeliveryState.UNKNOWN if result.may_be_posted else DeliveryState.FAILED
            await tx.deliveries.retry(
                delivery.id, reason=result.reason, due_at=result.due_at, state=state, attempts=delivery.attempts
            )
        case Dead():
            await tx.deliveries.kill(delivery.id, reason=result.reason, now=now)
        case Gone(whole_workspace=True):
            await close_workspace(tx, channel.workspace_id, result.reason, now=now)
        case Gone():
            await close_channel(tx, channel, result.reason, now=now)
        case _:
            assert_never(result)
