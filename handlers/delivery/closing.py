"""Close channels and workspaces to which the platform refuses to post, and reopen them.

Closing a channel ends its unsent deliveries and pauses its subscriptions. Reopening it resumes these subscriptions.
"""

from collections.abc import Iterable
from datetime import datetime

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.queries.notices import enqueue_notice
from storage.records import Channel, ChannelState
from storage.store import Tx


async def close_channel(tx: Tx, channel: Channel, reason: str, *, now: datetime) -> None:
    """Close a channel that refused a post, and enqueue a notice that says why to another channel of the workspace.

    Closing a closed channel changes nothing. Nothing is enqueued for a person's direct messages.
    """
    active = [each for each in await tx.channels.of(channel.workspace_id) if each.state is ChannelState.ACTIVE]
    closed = [each for each in active if each.id == channel.id]
    await close_channels(tx, closed, reason, now=now)
    others = [each for each in active if each.id != channel.id and each.person is None]
    if not closed or not others or channel.person is not None:
        return
    notice = Notice(
        text=f"I can't post in #{channel.name.lstrip('#')}: {reason.rstrip('. ')}. Nothing more is sent there, and its "
        "subscriptions are paused. Once I can post there again, use /subscriptions to resume them.",
        tone=Tone.REFUSED,
    )
    first = min(others, key=lambda each: each.id)
    await enqueue_notice(tx, first, f"gone:{channel.id}:{now:%Y%m%dT%H%M%S}", notice, now)


async def close_workspace(tx: Tx, workspace_id: int, reason: str, *, now: datetime) -> int:
    """Close all channels of a workspace, stop polling its sources, and start its grace period.

    Returns the number of subscriptions that were paused. A repeated call changes nothing.
    """
    workspace = await tx.workspaces.get(workspace_id)
    if workspace.gone_at is None:
        await tx.workspaces.update(workspace.id, gone_at=now, gone_reason=reason)
    for source in await tx.sources.visible(workspace.id):
        if source.workspace_id == workspace.id:
            await tx.sources.update(source.id, next_poll_at=None)
    active = [each for each in await tx.channels.of(workspace.id) if each.state is ChannelState.ACTIVE]
    return await close_channels(tx, active, reason, now=now)


async def close_channels(tx: Tx, channels: Iterable[Channel], reason: str, *, now: datetime) -> int:
    """Close these channels. Returns the number of subscriptions that were paused."""
    paused = 0
    for channel in channels:
        await tx.channels.update(channel.id, state=ChannelState.GONE, gone_reason=reason)
        paused += await tx.subscriptions.pause_channel(channel.id, _paused_because(reason))
        await tx.deliveries.kill_unsent(channel.id, reason=reason, now=now)
    return paused


async def reopen_channel(tx: Tx, channel: Channel) -> None:
    """Reopen a closed channel and resume the subscriptions that were paused when it was closed."""
    await tx.channels.update(channel.id, state=ChannelState.ACTIVE, gone_reason=None)
    for subscription in await tx.subscriptions.of_channel(channel.id):
        if channel.gone_reason is not None and subscription.paused_reason == _paused_because(channel.gone_reason):
            await tx.subscriptions.update(subscription.id, paused_reason=None)


def _paused_because(reason: str) -> str:
    return f"I can't post here: {reason}"
