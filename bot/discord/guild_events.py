"""Handles events about servers and channels: the bot is added or removed, or what it may do in a channel changes."""

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

import discord

from bot.discord.failures import UNKNOWN_CHANNEL
from bot.discord.permissions import TEXT, missing_names, required_in
from bot.discord.running_tasks import RunningTasks
from handlers.commands.dispatch import Commands
from handlers.workspaces.uninstall import restore_workspace
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
        """Mark the servers that removed the bot while it was down, and greet those that added it.

        Servers in an outage still count as joined; they are greeted when they are available.
        """
        present = {str(guild.id) for guild in self._client.guilds}
        with self._running.track():
            left = await self._commands.close_absent_workspaces(Platform.DISCORD, present, _REMOVED, self._clock())
            for guild in self._client.guilds:
                await self._greet_new(guild)
        if left:
            logger.info("%s servers removed the bot while it was down", left)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        with self._running.track():
            await self._restore(guild)
            await self._greet(guild)
            await self._reopen_channels(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        with self._running.track():
            if self._client.is_ready():
                await self._greet_new(guild)
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

    async def _restore(self, guild: discord.Guild) -> None:
        """Use the server again that had removed the bot, even if there is no channel to greet."""
        async with self._store.begin() as tx:
            stored = await tx.workspaces.find(Platform.DISCORD, str(guild.id))
            if stored is not None:
                await restore_workspace(tx, stored, self._clock(), added=True)

    async def _greet_new(self, guild: discord.Guild) -> None:
        """Greet a server that is not stored: it added the bot while the bot was down."""
        async with self._store.read() as tx:
            known = await tx.workspaces.find(Platform.DISCORD, str(guild.id))
        if known is None and not guild.unavailable:
            await self._greet(guild)

    async def _greet(self, guild: discord.Guild) -> None:
        """Greet the server in its first channel where the bot has all permissions; nowhere if there is none."""
        for channel in dict.fromkeys([guild.system_channel, *guild.text_channels]):
            if channel is None or missing_names(channel.permissions_for(guild.me).value, required_in(TEXT)):
                continue
            await self._commands.greet(
                platform=Platform.DISCORD,
                workspace=str(guild.id),
                workspace_name=guild.name,
                channel=str(channel.id),
                channel_name=channel.name,
                now=self._clock(),
            )
            return
