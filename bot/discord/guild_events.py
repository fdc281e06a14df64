"""Handles events about servers and channels: the bot is added or removed, or what it may do in a channel changes."""

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

import discord

from bot.discord.failures import UNKNOWN_CHANNEL
from bot.discord.permissions import missing_names
from bot.discord.running_tasks import RunningTasks
from handlers.commands.dispatch import Commands
from storage.records import ChannelState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_REMOVED: Final = "I was removed from the server"


class GuildEvents:
    """The event handlers. The library calls them by name: https://discordpy.readthedocs.io/en/stable/api.html#event-reference"""

    def __init__(
        self,
        client: discord.Client,
        commands: Commands,
        store: Store,
        clock: Callable[[], datetime],
        running: RunningTasks,
    ) -> None:
        self._client = client
        self._commands = commands
        self._store = store
        self._clock = clock
        self._running = running

    @property
    def handlers(self) -> tuple[Callable[..., Coroutine[Any, Any, None]], ...]:
        """All handlers, to be registered with `discord.Client.event`."""
        return (
            self.on_ready,
            self.on_guild_join,
            self.on_guild_available,
            self.on_guild_remove,
            self.on_guild_channel_update,
            self.on_guild_channel_delete,
            self.on_guild_role_update,
            self.on_member_update,
        )

    async def on_ready(self) -> None:
        """Mark the servers that removed the bot while it was down. Servers in an outage still count as joined."""
        present = {str(guild.id) for guild in self._client.guilds}
        with self._running.track():
            left = await self._commands.close_absent_workspaces(Platform.DISCORD, present, _REMOVED, self._clock())
        if left:
            logger.info("%s servers removed the bot while it was down", left)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        channels = [guild.system_channel, *guild.text_channels]
        channel = next((c for c in channels if c is not None and c.permissions_for(guild.me).send_messages), None)
        with self._running.track():
            if channel is not None:
                await self._greet(channel)
            await self._reopen_channels(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._reopen_channels(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        with self._running.track():
            await self._commands.workspace_gone(
                platform=Platform.DISCORD, workspace=str(guild.id), reason=_REMOVED, now=self._clock()
            )

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self._reopen_channels(after.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        with self._running.track():
            await self._commands.channel_gone(
                platform=Platform.DISCORD,
                workspace=str(channel.guild.id),
                channel=str(channel.id),
                event=str(UNKNOWN_CHANNEL),
                now=self._clock(),
            )

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self._reopen_channels(after.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if after == after.guild.me:  # Discord sends updates of the bot itself with any intents
            await self._reopen_channels(after.guild)

    async def _reopen_channels(self, guild: discord.Guild) -> None:
        """Use channels again that were blocked or closed and in which the bot may now post."""
        with self._running.track():
            async with self._store.read() as tx:
                workspace = await tx.workspaces.find(Platform.DISCORD, str(guild.id))
                channels = () if workspace is None else await tx.channels.of(workspace.id)
            for stored in channels:
                if stored.state is not ChannelState.ACTIVE and stored.external_id.isdigit():
                    channel = guild.get_channel(int(stored.external_id))
                    if channel is not None and not missing_names(channel.permissions_for(guild.me).value):
                        await self._commands.check_channel(
                            Platform.DISCORD, str(guild.id), stored.external_id, self._clock()
                        )

    async def _greet(self, channel: discord.abc.GuildChannel) -> None:
        await self._commands.greet(
            platform=Platform.DISCORD,
            workspace=str(channel.guild.id),
            workspace_name=channel.guild.name,
            channel=str(channel.id),
            channel_name=channel.name,
            now=self._clock(),
        )
