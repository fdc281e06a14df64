"""Discord's way in: interactions and events from the gateway. Acknowledge, translate, ask Commands, render."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.discord.commands import (
    command_payload,
    focused,
    missing_rights,
    payload_hash,
    promises_posts,
    to_request,
)
from bot.discord.limits import action_of
from bot.discord.messenger import DiscordMessenger, send
from bot.discord.render import Message, render
from handlers.answers import Notice, Reply, Tone
from handlers.commands import Commands
from handlers.errors import WirewatchError
from handlers.ports import Attachment
from storage.records import Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_DOWN: Final = timedelta(minutes=5)
"""A gateway that stays down this long ends the process: the host restarts it."""
_LONGEST_WAIT_S: Final = 30.0
"""discord.py waits this long for a rate limit by itself; longer ones go back to the outbox."""
_DIRECT_S: Final = 1.5
"""A press that is answered within this needs no "thinking" first; the platform's limit is 3 s."""
_ATTACHMENT_BYTES: Final = 20_000_000
# Callback types: https://discord.com/developers/docs/interactions/receiving-and-responding
_MESSAGE: Final = 4
_DEFERRED: Final = 5
_UPDATE: Final = 7
_CHOICES: Final = 8
_EPHEMERAL: Final = 1 << 6
_COMMANDS_HASH: Final = "discord_commands"
_FAULT: Final = Notice(
    text="That went wrong on our side, and it is logged. Nothing was changed. Try again in a minute; "
    "if it stays, tell whoever runs this bot.",
    tone=Tone.REFUSED,
)


class _Client(discord.Client):
    """Tells the gateway what happens; needs the intent for guilds alone."""

    def __init__(self, commands: Commands, store: Store, clock: Callable[[], datetime]) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_LONGEST_WAIT_S,
            chunk_guilds_at_startup=False,
        )
        self._commands = commands
        self._store = store
        self._clock = clock
        self.down_since: datetime | None = clock()

    async def on_connect(self) -> None:
        self.down_since = None
        logger.info("Discord is connected")

    async def on_resumed(self) -> None:
        self.down_since = None

    async def on_disconnect(self) -> None:
        self.down_since = self.down_since or self._clock()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        places = [guild.system_channel, *guild.text_channels]
        place = next((c for c in places if c is not None and c.permissions_for(guild.me).send_messages), None)
        if place is not None:
            await self._commands.greet(
                platform=Platform.DISCORD,
                workspace=str(guild.id),
                workspace_name=guild.name,
                channel=str(place.id),
                channel_name=place.name,
                now=self._clock(),
            )

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._commands.workspace_gone(
            platform=Platform.DISCORD,
            workspace=str(guild.id),
            reason="I was removed from the server",
            now=self._clock(),
        )

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._commands.channel_gone(
            platform=Platform.DISCORD,
            workspace=str(channel.guild.id),
            channel=str(channel.id),
            reason="it was deleted",
            now=self._clock(),
        )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        payload = _payload(interaction)
        guild_name = interaction.guild.name if interaction.guild else str(interaction.guild_id or "")
        try:
            if interaction.type is discord.InteractionType.autocomplete:
                await self._complete(payload, guild_name)
            elif interaction.type is discord.InteractionType.application_command:
                await self._command(payload, guild_name)
            elif interaction.type is discord.InteractionType.component:
                await self._press(payload, guild_name)
        except Exception:  # the last resort of this platform: say so to the person, keep the gateway alive
            logger.exception("A Discord interaction failed")
            with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, TimeoutError):
                await self._follow_up(payload, render(_FAULT), ephemeral=True)

    async def _command(self, payload: dict[str, Any], guild_name: str) -> None:
        await self._call_back(payload, {"type": _DEFERRED, "data": {"flags": _EPHEMERAL}})
        channel, lacking = missing_rights(payload) if promises_posts(payload) else ("", [])
        if lacking:
            rights = " and ".join(f'"{right}"' for right in lacking)
            text = f"I can't post in #{channel}: I lack {rights} there. A server admin can grant it in its permissions."
            reply = Reply(answer=Notice(text=text, tone=Tone.REFUSED))
        else:
            files = await self._attachments(payload)
            request = to_request(payload, guild_name=guild_name, attachments=files, now=self._clock())
            reply = await self._commands.answer(request)
        await self._edit_original(payload, render(reply.answer))

    async def _press(self, payload: dict[str, Any], guild_name: str) -> None:
        request = to_request(payload, guild_name=guild_name, now=self._clock())
        action = action_of(payload["data"]["custom_id"])
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(self._commands.press(request, action))
            done, _ = await asyncio.wait({answering}, timeout=_DIRECT_S)
            if not done:
                await self._call_back(payload, {"type": _DEFERRED, "data": {"flags": _EPHEMERAL}})
                reply = await answering
                await self._edit_original(payload, render(reply.answer))
                return
        reply = answering.result()
        message = render(reply.answer)
        if reply.replaces:
            await self._call_back(payload, {"type": _UPDATE, "data": message.payload()}, message)
        else:
            flags = 0 if reply.public else _EPHEMERAL
            await self._call_back(payload, {"type": _MESSAGE, "data": message.payload() | {"flags": flags}}, message)

    async def _complete(self, payload: dict[str, Any], guild_name: str) -> None:
        option, typed = focused(payload["data"])
        request = to_request(payload, guild_name=guild_name, now=self._clock())
        found = await self._commands.complete(request, command=request.command, option=option, typed=typed)
        choices = [{"name": text, "value": text} for text in found]
        await self._call_back(payload, {"type": _CHOICES, "data": {"choices": choices}})

    async def _call_back(self, payload: dict[str, Any], body: dict[str, Any], message: Message | None = None) -> None:
        # The names webhook_id and webhook_token give each interaction a rate-limit bucket of its own in discord.py.
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=int(payload["id"]),
            webhook_token=payload["token"],
        )
        await send(self.http, route, body, message or Message(embed={}))

    async def _edit_original(self, payload: dict[str, Any], message: Message) -> None:
        route = Route(
            "PATCH",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
            webhook_id=int(payload["application_id"]),
            webhook_token=payload["token"],
        )
        await send(self.http, route, message.payload(), message)

    async def _follow_up(self, payload: dict[str, Any], message: Message, *, ephemeral: bool) -> None:
        route = Route(
            "POST",
            "/webhooks/{webhook_id}/{webhook_token}",
            webhook_id=int(payload["application_id"]),
            webhook_token=payload["token"],
        )
        await send(self.http, route, message.payload() | {"flags": _EPHEMERAL if ephemeral else 0}, message)

    async def _attachments(self, payload: dict[str, Any]) -> tuple[Attachment, ...]:
        found = (payload["data"].get("resolved") or {}).get("attachments") or {}
        return tuple(
            [
                Attachment(
                    name=file["filename"],
                    content_type=file.get("content_type", ""),
                    body=await self.http.get_from_cdn(file["url"]),
                )
                for file in found.values()
                if file.get("size", 0) <= _ATTACHMENT_BYTES
            ]
        )

    async def register_commands(self) -> None:
        """Only when the table changed: Discord counts registrations."""
        name = f"{_COMMANDS_HASH}:{self.application_id}"
        async with self._store.read() as tx:
            known = await tx.meta.get(name)
        if known != payload_hash() and self.application_id is not None:
            await self.http.bulk_upsert_global_commands(self.application_id, command_payload())
            async with self._store.begin() as tx:
                await tx.meta.set(name, payload_hash())
            logger.info("Discord's commands were registered")


def _payload(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    """What Discord sent, as far as discord.py keeps it."""
    user = interaction.user
    channel = interaction.channel
    return {
        "id": interaction.id,
        "token": interaction.token,
        "application_id": interaction.application_id,
        "guild_id": interaction.guild_id or "",
        "channel_id": interaction.channel_id or "",
        "channel": {"name": getattr(channel, "name", "") or ""},
        "app_permissions": str(interaction.app_permissions.value),
        "member": {
            "user": {"id": user.id, "username": user.name, "global_name": user.global_name},
            "nick": getattr(user, "nick", None),
            "permissions": str(interaction.permissions.value),
        },
        "data": interaction.data or {},
    }


class DiscordGateway:
    """The connection to Discord."""

    def __init__(self, client: _Client, messenger: DiscordMessenger, connection: asyncio.Task[None]) -> None:
        self._client = client
        self._connection = connection
        self.messenger = messenger

    async def ready(self) -> None:
        """Wait until the servers that the bot is in are known: what comes afterwards is new."""
        await self._client.wait_until_ready()

    async def problem(self, now: datetime) -> str | None:
        """Why Discord does not reach us now, or None."""
        if self._connection.done():
            return f"Discord's gateway ended: {self._ended()}"
        since = self._client.down_since
        return f"Discord's gateway has been down since {since:%H:%M:%S} UTC" if since else None

    def dead(self, now: datetime) -> bool:
        """It ended, or was down for so long that only a restart helps."""
        since = self._client.down_since
        return self._connection.done() or (since is not None and now - since > _DOWN)

    def _ended(self) -> str:
        error = None if self._connection.cancelled() else self._connection.exception()
        return str(error or "it was closed")


@asynccontextmanager
async def open_discord(
    *,
    token: str,
    api_url: str,
    commands: Commands,
    store: Store,
    clock: Callable[[], datetime],
) -> AsyncIterator[DiscordGateway]:
    """Log in, connect and disconnect.

    Raises: WirewatchError when the token is wrong or Discord cannot be reached.
    """
    Route.BASE = api_url.rstrip("/")
    client = _Client(commands, store, clock)
    async with client:
        try:
            await client.login(token)
            # A client without shards would go to the library's fixed gateway, whatever the API says.
            _, gateway_url, _ = await client.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
            await client.register_commands()
        except discord.LoginFailure as error:
            raise WirewatchError(
                f"Discord did not accept DISCORD_TOKEN at {api_url}. Copy it again from the developer portal, Bot, "
                "Reset Token."
            ) from error
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WirewatchError(f"Discord cannot be reached at {api_url}: {error}. Start again when it is.") from error
        assert client.user is not None  # noqa: S101  (login sets it)
        messenger = DiscordMessenger(client.http, bot_id=client.user.id)
        connection = asyncio.create_task(client.connect(), name="discord gateway")
        try:
            yield DiscordGateway(client, messenger, connection)
        finally:
            await client.close()
            connection.cancel()
            await asyncio.gather(connection, return_exceptions=True)
