"""Opens and closes the connection to Discord, and reports whether it works."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord

from bot.discord.client import DiscordClient, Timing
from bot.discord.commands import register
from bot.discord.locales import Locales
from bot.discord.messenger import DiscordMessenger
from bot.discord.native import command_links
from bot.discord.publish import open_publisher
from handlers.answers.errors import WirewatchError
from handlers.commands.dispatch import Commands
from storage.store import Store

_DEAD_AFTER: Final = timedelta(minutes=5)
"""A gateway that is down for this long ends the process, so that its host restarts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordOptions:
    """How to connect to Discord."""

    token: str
    api_url: str
    shards: int | None = None
    """None: as many as Discord recommends."""
    command_guild: str | None = None
    """The id of the only server that gets the commands; None: all servers do."""
    locales: Locales = field(default_factory=Locales)
    timing: Timing = field(default_factory=Timing)


class DiscordGateway:
    """The open connection."""

    def __init__(self, client: DiscordClient, messenger: DiscordMessenger, connection: asyncio.Task[None]) -> None:
        self._client = client
        self._connection = connection
        self.messenger = messenger

    async def ready(self) -> None:
        """Wait until Discord has sent the list of the bot's servers: servers that come later are new."""
        await self._client.wait_until_ready()

    async def problem(self, now: datetime) -> str | None:
        """Return why the bot does not receive events, in words for people; None while it does."""
        if self._client.http.revoked:
            return "Discord no longer accepts DISCORD_TOKEN"
        if self._connection.done():
            return f"The connection to Discord's gateway ended: {self._end_reason()}"
        since = self._client.down_since
        return f"The connection to Discord's gateway has been down since {since:%H:%M:%S} UTC" if since else None

    def dead(self, now: datetime) -> bool:
        """Return whether only a restart helps: the connection ended, or has been down for too long."""
        since = self._client.down_since
        is_long = since is not None and now - since > _DEAD_AFTER
        return self._client.http.revoked or self._connection.done() or is_long

    def _end_reason(self) -> str:
        error = None if self._connection.cancelled() else self._connection.exception()
        return str(error or "it was closed")


@asynccontextmanager
async def open_discord(
    options: DiscordOptions, *, commands: Commands, store: Store, clock: Callable[[], datetime]
) -> AsyncIterator[DiscordGateway]:
    """Log in, register the commands if they changed, and connect; disconnect at the end.

    Raises: WirewatchError when the token is wrong or Discord cannot be reached.
    """
    async with DiscordClient(
        api_url=options.api_url,
        commands=commands,
        store=store,
        clock=clock,
        shards=options.shards,
        timing=options.timing,
    ) as client:
        bot_id = await _log_in(client, options, store)
        async with open_publisher(client.http, bot_id=bot_id) as publisher:
            messenger = DiscordMessenger(client, publisher, bot_id=bot_id)
            connection = asyncio.create_task(client.connect(), name="discord gateway")
            try:
                yield DiscordGateway(client, messenger, connection)
            finally:
                await client.drain()
                await client.close()
                connection.cancel()
                await asyncio.gather(connection, return_exceptions=True)
                await client.drain()  # events that arrived during closing still use the store, which closes next


async def _log_in(client: DiscordClient, options: DiscordOptions, store: Store) -> int:
    """Return the bot's user id. Raises: WirewatchError."""
    try:
        await client.login(options.token)
        await client.http.find_gateway()
        assert client.user is not None and client.application_id is not None  # noqa: S101  (login sets them)
        ids = await register(
            client.http,
            store,
            application=client.application_id,
            guild=options.command_guild,
            locales=options.locales,
        )
        client.command_links = command_links(ids)
        return client.user.id
    except discord.LoginFailure as error:
        raise WirewatchError(
            f"Discord did not accept DISCORD_TOKEN at {options.api_url}. Copy the token again from the developer "
            "portal: Bot, Reset Token."
        ) from error
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise WirewatchError(
            f"Discord cannot be reached at {options.api_url}: {error}. Start the bot again when it can."
        ) from error
