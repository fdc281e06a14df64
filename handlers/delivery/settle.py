"""What a platform's answer means for a delivery: sent, edited, tried again, dead, or a channel that is gone."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.answers.serialize import serialize
from handlers.ports import PostError, PostFailure
from handlers.rules.pacing import post_retry_at
from storage.records import Channel, ChannelState, Delivery, DeliveryKind, DeliveryState
from storage.store import Tx

GIVE_UP_AGE: Final = timedelta(days=2)
GIVE_UP_ATTEMPTS: Final = 12
"""Both must be passed: a bot that was down for a week still tries what it owes."""
FAULT_ATTEMPTS: Final = 5
"""A post that our own code cannot make may not hold its channel back for days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    ref: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Tried again at `due_at`; the channel waits that long with everything, so that the order holds."""

    reason: str
    due_at: datetime
    perhaps: bool
    """It may be posted: looked up first."""
    only_this: bool = False
    """The channel need not wait: an edit, which stands outside the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    reason: str
    whole_workspace: bool


Result = Sent | Edited | Again | Dead | Gone


def judge(error: PostError, delivery: Delivery, *, now: datetime, jitter: float, perhaps: bool) -> Result:
    """What follows from a platform's refusal. `perhaps`: it was not known before whether it is posted."""
    match error.failure:
        case PostFailure.CHANNEL_GONE:
            return Gone(reason=str(error), whole_workspace=False)
        case PostFailure.WORKSPACE_GONE:
            return Gone(reason=str(error), whole_workspace=True)
        case PostFailure.REFUSED:
            return Dead(reason=str(error))
        case PostFailure.LATER | PostFailure.PERHAPS:
            if delivery.attempts >= GIVE_UP_ATTEMPTS and now - delivery.created_at >= GIVE_UP_AGE:
                return Dead(reason=f"Given up after {delivery.attempts} tries: {error}")
            return Again(
                reason=str(error),
                due_at=post_retry_at(now, attempts=delivery.attempts, jitter=jitter, retry_after=error.retry_after),
                perhaps=perhaps or error.failure is PostFailure.PERHAPS,
                only_this=error.only_this,
            )
        case _:
            assert_never(error.failure)


def judge_fault(error: Exception, delivery: Delivery, *, now: datetime, jitter: float) -> Result:
    """What follows from a fault of our own: a few more tries, for another version may run by then."""
    reason = f"A fault of this program ({type(error).__name__}: {error})"
    if delivery.attempts >= FAULT_ATTEMPTS:
        return Dead(reason=reason)
    due_at = post_retry_at(now, attempts=delivery.attempts, jitter=jitter)
    return Again(reason=reason, due_at=due_at, perhaps=True)


async def settle(tx: Tx, channel: Channel, delivery: Delivery, result: Result, *, now: datetime) -> None:
    """Write it down. Doing it again changes nothing."""
    match result:
        case Sent():
            await tx.deliveries.settle_sent(delivery.id, ref=result.ref, version=result.version, now=now)
        case Edited():
            await tx.deliveries.settle_edited(delivery.id, version=result.version)
        case Again():
            state = DeliveryState.UNKNOWN if result.perhaps else DeliveryState.FAILED
            await tx.deliveries.retry(
                delivery.id, reason=result.reason, due_at=result.due_at, state=state, attempts=delivery.attempts
            )
        case Dead():
            await tx.deliveries.kill(delivery.id, reason=result.reason, now=now)
        case Gone():
            await close_channel(tx, channel, result.reason, whole_workspace=result.whole_workspace, now=now)
        case _:
            assert_never(result)


async def close_channel(tx: Tx, channel: Channel, reason: str, *, whole_workspace: bool, now: datetime) -> None:
    """The platform closed it to us: nothing is owed there any more, and another channel of the workspace hears why."""
    everyone = await tx.channels.of(channel.workspace_id)
    active = [one for one in everyone if one.state is ChannelState.ACTIVE]
    if whole_workspace:
        await close_workspace(tx, channel.workspace_id, reason, now=now)
        return
    closed = [one for one in active if one.id == channel.id]
    await close_all(tx, closed, reason, now=now)
    others = [one for one in active if one.id != channel.id and one.person is None]
    if not closed or not others or channel.person is not None:
        return
    notice = Notice(
        text=f"I can't post in #{channel.name.lstrip('#')}: {reason.rstrip('. ')}. Nothing more goes there, and its "
        "subscriptions are paused. Once I can post there again, /subscriptions shows them.",
        tone=Tone.REFUSED,
    )
    await tx.deliveries.enqueue(
        channel_id=min(others, key=lambda one: one.id).id,
        kind=DeliveryKind.NOTICE,
        subject=f"gone:{channel.id}:{now:%Y%m%dT%H%M%S}",
        key=new_key(),
        due_at=now,
        now=now,
        body=serialize(notice),
    )


async def close_workspace(tx: Tx, workspace_id: int, reason: str, *, now: datetime) -> int:
    """Its channels are closed, its sources rest, and its time of grace begins; gives how many subscriptions paused.

    Twice is harmless.
    """
    home = await tx.workspaces.get(workspace_id)
    if home.gone_at is None:
        await tx.workspaces.update(home.id, gone_at=now, gone_reason=reason)
    for source in await tx.sources.visible(home.id):
        if source.workspace_id == home.id:
            await tx.sources.update(source.id, next_poll_at=None)
    active = [one for one in await tx.channels.of(home.id) if one.state is ChannelState.ACTIVE]
    return await close_all(tx, active, reason, now=now)


async def close_all(tx: Tx, closed: Iterable[Channel], reason: str, *, now: datetime) -> int:
    """Nothing is owed there any more, and the subscriptions are paused; gives how many those were."""
    paused = 0
    for one in closed:
        await tx.channels.update(one.id, state=ChannelState.GONE, gone_reason=reason)
        paused += await tx.subscriptions.pause_channel(one.id, _paused_because(reason))
        await tx.deliveries.kill_waiting(one.id, reason=reason, now=now)
    return paused


async def open_again(tx: Tx, channel: Channel) -> None:
    """What was paused because the channel was closed goes on."""
    await tx.channels.update(channel.id, state=ChannelState.ACTIVE, gone_reason=None)
    for subscription in await tx.subscriptions.of_channel(channel.id):
        if channel.gone_reason is not None and subscription.paused_reason == _paused_because(channel.gone_reason):
            await tx.subscriptions.update(subscription.id, paused_reason=None)


def _paused_because(reason: str) -> str:
    return f"I can't post here: {reason}"


def new_key() -> str:
    """A delivery's key: 16 characters, fit for Discord's nonce and Slack's metadata."""
    return secrets.token_urlsafe(12)
