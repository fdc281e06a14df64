"""Uninstall: close a workspace that removed the bot, restore it if it returns within 30 days, else delete its data."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from handlers.delivery.blocking import Block, block_channel, open_channel
from handlers.delivery.closing import close_channel, close_workspace
from handlers.rules.refusal_table import find_refusal
from handlers.rules.refusals import RefusalKind
from storage.records import ChannelState, Platform, SourceState, Workspace
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

GRACE: Final = timedelta(days=30)
"""The grace period. The greeting states it."""
_IN_FLIGHT: Final = timedelta(minutes=1)
"""A command that was sent before the bot was removed, and arrives within this time, does not restore the workspace."""


async def workspace_gone(store: Store, platform: Platform, workspace: str, reason: str, now: datetime) -> int:
    """Close the workspace's channels and stop polling its sources.

    Returns the number of subscriptions that were paused. A repeated call changes nothing.
    """
    async with store.begin() as tx:
        found = await tx.workspaces.find(platform, workspace)
        return 0 if found is None else await close_workspace(tx, found.id, reason, now=now)


async def close_absent(store: Store, platform: Platform, present: Collection[str], reason: str, now: datetime) -> int:
    """Close the workspaces that removed the bot while it was not running, and return their number.

    `present` are the platform's ids of the workspaces that have the bot.
    """
    async with store.read() as tx:
        workspaces = await tx.workspaces.all()
    absent = [
        workspace.external_id
        for workspace in workspaces
        if workspace.platform is platform and workspace.gone_at is None and workspace.external_id not in present
    ]
    for external_id in absent:
        await workspace_gone(store, platform, external_id, reason, now)
    return len(absent)


async def restore_workspace(tx: Tx, workspace: Workspace, now: datetime, *, added: bool = False) -> Workspace:
    """Restore a workspace that is in use again after it removed the bot. Channels closed before that stay closed.

    `added` says that the platform reported that the bot was added again, rather than that a command arrived.
    """
    if workspace.gone_at is None or (now - workspace.gone_at < _IN_FLIGHT and not added):
        return workspace
    for channel in await tx.channels.of(workspace.id):
        if channel.state is ChannelState.GONE and channel.gone_reason == workspace.gone_reason:
            await open_channel(tx, channel, now=now)
    for source in await tx.sources.visible(workspace.id):
        is_own = source.workspace_id == workspace.id
        if is_own and source.state is SourceState.ACTIVE and source.next_poll_at is None:
            await tx.sources.update(source.id, next_poll_at=now)
    logger.info("Restored a workspace within its grace period")
    return await tx.workspaces.update(workspace.id, gone_at=None, gone_reason=None)


async def channel_gone(
    store: Store, platform: Platform, workspace: str, channel: str, event: str, now: datetime
) -> None:
    """Close or block the channel after an event, whose name or code is in the table of refusals.

    Does nothing for an unknown channel.
    """
    refusal = find_refusal(platform, event)
    async with store.begin() as tx:
        home = await tx.workspaces.find(platform, workspace)
        found = None if home is None else await tx.channels.find(home.id, channel)
        if found is None:
            return
        if refusal.kind is RefusalKind.FOR_EVER:
            await close_channel(tx, found, refusal.reason, now=now)
        else:
            await block_channel(tx, found, Block(reason=refusal.reason), now=now)


async def delete_departed(store: Store, now: datetime) -> int:
    """Delete the workspaces whose grace period has ended, with everything that only they use. Returns their number."""
    async with store.read() as tx:
        departed = await tx.workspaces.gone_before(now - GRACE)
    deleted = 0
    for workspace_id in departed:
        async with store.begin() as tx:
            if workspace_id in await tx.workspaces.gone_before(now - GRACE):  # it may have returned meanwhile
                await tx.workspaces.remove(workspace_id)
                deleted += 1
    if deleted:
        logger.info("Deleted %s workspaces that removed the bot %s days ago", deleted, GRACE.days)
    return deleted
