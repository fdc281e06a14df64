"""Close channels and workspaces to which the bot can never post again.

Closing a channel ends its unsent deliveries and pauses its subscriptions. `open_channel` resumes them.
"""

from collections.abc import Iterable
from datetime import datetime

from handlers.delivery.blocking import notify_subscribers, paused_because
from storage.records import Channel, ChannelState
from storage.store import Tx


async def close_channel(tx: Tx, channel: Channel, reason: str, *, now: datetime) -> int:
    """Close a channel, notify the people who subscribed it, and return the number of subscriptions that were paused.

    Closing a closed channel changes nothing.
    """
    current = await tx.channels.get(channel.id)
    if current is None or current.state is ChannelState.GONE:
        return 0
    paused = await close_channels(tx, [current], reason, now=now)
    text = f"I can't post in {channel.label} any more: {reason.rstrip('. ')}. Its subscriptions are paused."
    await notify_subscribers(tx, current, text, subject=f"{now:%Y%m%dT%H%M%S}", now=now)
    return paused


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
    usable = [each for each in await tx.channels.of(workspace.id) if each.state is not ChannelState.GONE]
    return await close_channels(tx, usable, reason, now=now)


async def close_channels(tx: Tx, channels: Iterable[Channel], reason: str, *, now: datetime) -> int:
    """Close these channels. Returns the number of subscriptions that were paused."""
    paused = 0
    for channel in channels:
        await tx.channels.update(
            channel.id,
            state=ChannelState.GONE,
            gone_reason=reason,
            blocked_at=None,
            blocked_until=None,
            recheck_at=None,
        )
        paused += await tx.subscriptions.pause_channel(channel.id, paused_because(reason))
        await tx.deliveries.kill_unsent(channel.id, reason=reason, now=now)
    return paused
