"""A workspace that removes us is closed; it may come back as it was for a month, then all of its own is removed."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from handlers.delivery.closing import close_channels, close_workspace, reopen_channel
from storage.records import ChannelState, Platform, SourceState, Workspace
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

GRACE: Final = timedelta(days=30)
"""The greeting names it."""
_UNDER_WAY: Final = timedelta(minutes=1)
"""A command that was on its way when we were removed does not bring the workspace back."""


async def workspace_gone(store: Store, platform: Platform, workspace: str, reason: str, now: datetime) -> int:
    """Close its channels and rest its sources; gives how many subscriptions that paused. Twice is harmless."""
    async with store.begin() as tx:
        home = await tx.workspaces.find(platform, workspace)
        return 0 if home is None else await close_workspace(tx, home.id, reason, now=now)


async def absent(store: Store, platform: Platform, present: Collection[str], reason: str, now: datetime) -> int:
    """The platform tells which workspaces we are in: the others have removed us unheard; gives how many those were."""
    async with store.read() as tx:
        known = [one for one in await tx.workspaces.all() if one.platform is platform and one.gone_at is None]
    left = [one.external_id for one in known if one.external_id not in present]
    for workspace in left:
        await workspace_gone(store, platform, workspace, reason, now)
    return len(left)


async def come_back(tx: Tx, home: Workspace, now: datetime, *, added: bool = False) -> Workspace:
    """A workspace that we hear of again has everything as it was; what was closed before it left stays closed.

    `added`: the platform itself says that we were added again.
    """
    if home.gone_at is None or (now - home.gone_at < _UNDER_WAY and not added):
        return home
    for channel in await tx.channels.of(home.id):
        if channel.state is ChannelState.GONE and channel.gone_reason == home.gone_reason:
            await reopen_channel(tx, channel)
    for source in await tx.sources.visible(home.id):
        if source.workspace_id == home.id and source.state is SourceState.ACTIVE and source.next_poll_at is None:
            await tx.sources.update(source.id, next_poll_at=now)
    logger.info("A workspace came back within its time of grace")
    return await tx.workspaces.update(home.id, gone_at=None, gone_reason=None)


async def channel_gone(
    store: Store, platform: Platform, workspace: str, channel: str, reason: str, now: datetime
) -> int:
    """Close the channel and pause its subscriptions; gives how many. An unknown channel has none."""
    async with store.begin() as tx:
        home = await tx.workspaces.find(platform, workspace)
        place = None if home is None else await tx.channels.find(home.id, channel)
        return 0 if place is None else await close_channels(tx, [place], reason, now=now)


async def remove_left(store: Store, now: datetime) -> int:
    """Remove the workspaces that left a month ago, with all that is theirs alone; gives how many those were."""
    async with store.read() as tx:
        left = await tx.workspaces.gone_before(now - GRACE)
    removed = 0
    for workspace_id in left:
        async with store.begin() as tx:
            if workspace_id in await tx.workspaces.gone_before(now - GRACE):  # it may have come back meanwhile
                await tx.workspaces.remove(workspace_id)
                removed += 1
    if removed:
        logger.info("Removed %s workspaces that left %s days ago", removed, GRACE.days)
    return removed
