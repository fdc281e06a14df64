"""Ask the platforms whether the bot may post in a channel: in blocked channels from time to time, and on a command."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handlers.delivery.blocking import Block, block_channel, block_workspace, open_channel
from handlers.delivery.closing import close_channel, close_workspace
from handlers.delivery.retry import ends_at, refusal_text
from handlers.ports import Messenger, PostError
from handlers.rules.refusals import LONGEST_BLOCK, RefusalKind, Scope, recheck_at
from storage.records import Channel, ChannelState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_CHECK_S: Final = 2.0
"""The time limit of one check. A command waits for it, and platforms allow 3 seconds for the first answer."""
_AT_ONCE: Final = 50
"""Channels to check in one run."""


class ChannelAccess:
    """Keeps the state of channels as the platforms report it. `messengers` may change while the bot runs."""

    def __init__(self, store: Store, messengers: Mapping[Platform, Messenger]) -> None:
        self._store = store
        self._messengers = messengers

    async def check(self, channel: Channel, now: datetime) -> Channel:
        """Ask the platform whether the bot may post in the channel; store what it says, and return the channel.

        A channel whose platform does not answer stays as it is. Raises: StorageError.
        """
        messenger = self._messengers.get(channel.platform)
        if messenger is None:
            return channel
        try:
            async with asyncio.timeout(_CHECK_S):
                await messenger.check(channel)
        except TimeoutError:
            return await self._postpone(channel, now)
        except PostError as error:
            return await self._refused(channel, error, now)
        if channel.state is ChannelState.ACTIVE:
            return channel
        logger.info("Channel %s can be used again", channel.id)
        async with self._store.begin() as tx:
            current = await tx.channels.get(channel.id) or channel
            return current if current.state is ChannelState.ACTIVE else await open_channel(tx, current, now=now)

    async def check_closed(self, platform: Platform, workspace: str, channel: str, now: datetime) -> None:
        """Check a channel, given by its external id, if it is blocked or closed. Raises: StorageError."""
        async with self._store.read() as tx:
            home = await tx.workspaces.find(platform, workspace)
            found = None if home is None else await tx.channels.find(home.id, channel)
        if found is not None and found.state is not ChannelState.ACTIVE:
            await self.check(found, now)

    async def check_due(self, now: datetime) -> int:
        """Check the blocked channels whose next check is due, and return how many were opened. Raises: StorageError."""
        async with self._store.read() as tx:
            ids = await tx.channels.due_rechecks(now, _AT_ONCE, platforms=list(self._messengers))
            found = await tx.channels.by_ids(ids)
        opened = 0
        for id in ids:
            opened += (await self.check(found[id], now)).state is ChannelState.ACTIVE
        return opened

    async def schedule(self, platform: Platform, now: datetime) -> None:
        """Make all blocked channels of the platform due for a check, because it was just connected."""
        async with self._store.begin() as tx:
            await tx.channels.schedule_rechecks(now, platform=platform)

    async def _postpone(self, channel: Channel, now: datetime) -> Channel:
        if channel.state is not ChannelState.BLOCKED:
            return channel
        async with self._store.begin() as tx:
            return await tx.channels.update(channel.id, recheck_at=recheck_at(now, None))

    async def _refused(self, channel: Channel, error: PostError, now: datetime) -> Channel:
        refusal = error.refusal
        if refusal is None or refusal.kind is RefusalKind.THIS_MESSAGE or channel.state is ChannelState.GONE:
            return await self._postpone(channel, now)
        until = ends_at(error, refusal, now)
        is_passing = refusal.kind is RefusalKind.UNTIL_TIME and refusal.scope is not Scope.WORKSPACE
        if is_passing and channel.state is ChannelState.ACTIVE:
            return channel  # a rate limit, for instance, does not block a channel
        reason = refusal_text(error)
        is_too_long = channel.blocked_at is not None and now - channel.blocked_at > LONGEST_BLOCK
        async with self._store.begin() as tx:
            if refusal.kind is RefusalKind.FOR_EVER and refusal.scope is Scope.WORKSPACE:
                await close_workspace(tx, channel.workspace_id, reason, now=now)
            elif refusal.kind is RefusalKind.FOR_EVER or is_too_long:
                await close_channel(tx, channel, reason, now=now)
            elif is_passing:
                await tx.channels.update(channel.id, recheck_at=recheck_at(now, until))
            elif refusal.scope is Scope.WORKSPACE:
                await block_workspace(tx, channel, Block(reason=reason, until=until), now=now)
            else:
                await block_channel(tx, channel, Block(reason=reason, until=until), now=now)
            return await tx.channels.get(channel.id) or channel
