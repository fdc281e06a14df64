"""Decide what follows from a failed attempt to deliver: a retry, giving up, or a blocked or closed channel.

Pure: the time and the random number are arguments, and `settle.py` stores the decision. How long a retry waits is in
`handlers/rules/retry_times.py`, and what each error of a platform means in `handlers/rules/refusal_table.py`.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from handlers.delivery.results import Blocked, Dead, Gone, Result, Retry
from handlers.ports import PostError
from handlers.rules.refusals import LONGEST_BLOCK, Refusal, RefusalKind, Scope
from handlers.rules.retry_times import post_retry_at
from storage.records import Delivery, DeliveryState

GIVE_UP_AGE: Final = timedelta(days=2)
GIVE_UP_ATTEMPTS: Final = 12
"""A delivery that may be posted is given up when it exceeds both limits: after a week of downtime it is tried."""
FAULT_ATTEMPTS: Final = 5
"""The limit for posts that fail because of a bug in this program, so that they do not block their channel for days."""


def judge_failure(error: PostError, delivery: Delivery, *, now: datetime, jitter: float, may_be_posted: bool) -> Result:
    """Return what follows from an error of the platform: a retry, or the end of the delivery or of its channel.

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


def refusal_text(error: PostError) -> str:
    """Return the reason of a refusal, without a full stop at the end."""
    return str(error).rstrip(". ")


def ends_at(error: PostError, refusal: Refusal, now: datetime) -> datetime | None:
    """Return when the refusal ends by itself (UTC), as the platform says or as is usual for this error."""
    if error.until is not None:
        return error.until
    wait = error.retry_after or refusal.wait
    return None if wait is None else now + wait
