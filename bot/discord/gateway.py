"""Discord's way in: the client that listens to the gateway, and its opening and closing."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord

from bot.discord.commands import register
from bot.discord.destinations import Places
from bot.discord.http import ApiClient
from bot.discord.interactions import Conversation, Expired, Interactions
from bot.discord.locales import Locales
from bot.discord.messenger import DiscordMessenger
from bot.discord.permissions import lacking
from bot.discord.publish import open_publisher
from bot.discord.render import render
from bot.discord.translate import payload_of
from handlers.answers.answer import Notice
from handlers.answers.errors import WirewatchError
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from storage.records import ChannelState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

_DOWN: Final = timedelta(minutes=5)
"""A gateway that stays down this long ends the process: the host restarts it."""
_REMOVED: Final = "I was removed from the server"
_FAULT: Final = Notice(
    text="That went wrong on our side, and it is logged. Nothing was changed. Try again in a minute; "
    "if it stays, tell whoever runs this bot.",
    tone=Tone.REFUSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How patient the connection is, in seconds. The first three are the library's own."""

    heartbeat: float = 60.0
    """Silence after which a connection counts as dead."""
    servers: float = 2.0
    """How long the list of servers may pause before it counts as complete."""
    between_shards: float = 5.0
    """Discord takes one new session every 5 seconds: https://discord.com/developers/docs/events/gateway#rate-limiting"""
    direct: float = 1.5
    """A press that is answered within this is not acknowledged first; Discord's limit is 3 s."""
    drain: float = 1.5
    """For interactions under way when the bot stops."""


class DiscordClient(ApiClient):
    """Tells the house what happens on Discord."""

    def __init__(
        self,
        *,
        api_url: str,
        commands: Commands,
        store: Store,
        clock: Callable[[], datetime],
        shards: int | None = None,
        timing: Timing,
    ) -> None:
        super().__init__(
            api_url=api_url,
            shard_count=shards,
            heartbeat_timeout=timing.heartbeat,
            guild_ready_timeout=timing.servers,
        )
        self._commands = commands
        self._store = store
        self._clock = clock
        self._timing = timing
        self._interactions = Interactions(self.http, Places(self), commands, clock, direct_s=timing.direct)
        self._busy: set[asyncio.Task[Any]] = set()
        self._started_at = clock()
        self._down: dict[int, datetime] = {}
        """Shards that are down, and since when."""
        self._up: set[int] = set()

    @property
    def down_since(self) -> datetime | None:
        """Since when some shard does not listen; None: all do."""
        if not self._up and not self._down:
            return self._started_at
        return min(self._down.values(), default=None)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Nothing begins once the client is closed: the library's timers for READY go on after that."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await asyncio.sleep(self._timing.between_shards)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._listens(shard_id)
        logger.info("Discord is connected: shard %s", shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._listens(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._up.discard(shard_id)
        self._down.setdefault(shard_id, self._clock())

    def _listens(self, shard_id: int) -> None:
        self._down.pop(shard_id, None)
        self._up.add(shard_id)

    async def on_ready(self) -> None:
        """Servers that removed the bot while it was down; those in an outage are among its own all the same."""
        present = {str(guild.id) for guild in self.guilds}
        with self._working():
            left = await self._commands.workspaces_are(Platform.DISCORD, present, _REMOVED, self._clock())
        if left:
            logger.info("%s servers removed the bot while it was down", left)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        places = [guild.system_channel, *guild.text_channels]
        place = next((c for c in places if c is not None and c.permissions_for(guild.me).send_messages), None)
        with self._working():
            if place is not None:
                await self._greet(place)
            await self._look_again(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._look_again(guild)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self._look_again(after.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self._look_again(after.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if after == after.guild.me:  # told of the bot itself, whatever the intents
            await self._look_again(after.guild)

    async def _look_again(self, guild: discord.Guild) -> None:
        """Channels that were closed to the bot and are open again are used again."""
        with self._working():
            async with self._store.read() as tx:
                home = await tx.workspaces.find(Platform.DISCORD, str(guild.id))
                known = () if home is None else await tx.channels.of(home.id)
            for one in known:
                if one.state is ChannelState.GONE and one.external_id.isdigit():
                    place = guild.get_channel(int(one.external_id))
                    if place is not None and not lacking(place.permissions_for(guild.me).value):
                        await self._greet(place)

    async def _greet(self, place: discord.abc.GuildChannel) -> None:
        await self._commands.greet(
            platform=Platform.DISCORD,
            workspace=str(place.guild.id),
            workspace_name=place.guild.name,
            channel=str(place.id),
            channel_name=place.name,
            now=self._clock(),
        )

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        with self._working():
            await self._commands.workspace_gone(
                platform=Platform.DISCORD, workspace=str(guild.id), reason=_REMOVED, now=self._clock()
            )

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        with self._working():
            await self._commands.channel_gone(
                platform=Platform.DISCORD,
                workspace=str(channel.guild.id),
                channel=str(channel.id),
                reason="it was deleted",
                now=self._clock(),
            )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        with self._working():
            await self._answer(interaction)

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        payload = payload_of(interaction)
        talk = Conversation(self.http, payload)
        try:
            if interaction.type is discord.InteractionType.autocomplete:
                await self._interactions.complete(payload, talk)
            elif interaction.type is discord.InteractionType.application_command:
                await self._interactions.command(payload, talk)
            elif interaction.type is discord.InteractionType.component:
                await self._interactions.click(payload, talk)
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._interactions.submit(payload, talk)
        except Expired as error:
            logger.warning("An interaction came too late to be answered: %s", error)
        except Exception:  # the last resort of this platform: say so to the person, keep the gateway alive
            logger.exception("A Discord interaction failed")
            with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, TimeoutError):
                await talk.follow_up(render(_FAULT))

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        """The bot does not stop before this is done, or a moment has passed."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (the library runs every event in a task)
        self._busy.add(task)
        try:
            yield
        finally:
            self._busy.discard(task)

    async def drain(self) -> None:
        """Give what is under way time to be done, and the interactions to be answered."""
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=self._timing.drain)


class DiscordGateway:
    """The connection to Discord."""

    def __init__(self, client: DiscordClient, messenger: DiscordMessenger, connection: asyncio.Task[None]) -> None:
        self._client = client
        self._connection = connection
        self.messenger = messenger

    async def ready(self) -> None:
        """Wait until the servers that the bot is in are known: what comes afterwards is new."""
        await self._client.wait_until_ready()

    async def problem(self, now: datetime) -> str | None:
        """Why Discord does not reach us now, or None."""
        if self._client.http.revoked:
            return "Discord no longer accepts DISCORD_TOKEN"
        if self._connection.done():
            return f"Discord's gateway ended: {self._ended()}"
        since = self._client.down_since
        return f"Discord's gateway has been down since {since:%H:%M:%S} UTC" if since else None

    def dead(self, now: datetime) -> bool:
        """It ended, or was down for so long that only a restart helps."""
        since = self._client.down_since
        is_long = since is not None and now - since > _DOWN
        return self._client.http.revoked or self._connection.done() or is_long

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
    shards: int | None = None,
    command_guild: str | None = None,
    locales: Locales | None = None,
    timing: Timing | None = None,
) -> AsyncIterator[DiscordGateway]:
    """Log in, register the commands where they changed, connect; at the end disconnect.

    `shards`: None takes as many as Discord recommends. `command_guild`: the one server that gets the commands.

    Raises: WirewatchError when the token is wrong or Discord cannot be reached.
    """
    timing = timing or Timing()
    async with DiscordClient(
        api_url=api_url, commands=commands, store=store, clock=clock, shards=shards, timing=timing
    ) as client:
        try:
            await client.login(token)
            await client.http.find_gateway()
            assert client.user is not None and client.application_id is not None  # noqa: S101  (login sets them)
            await register(
                client.http,
                store,
                application=client.application_id,
                guild=command_guild,
                locales=locales or Locales(),
            )
        except discord.LoginFailure as error:
            raise WirewatchError(
                f"Discord did not accept DISCORD_TOKEN at {api_url}. Copy it again from the developer portal, Bot, "
                "Reset Token."
            ) from error
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WirewatchError(f"Discord cannot be reached at {api_url}: {error}. Start again when it is.") from error
        async with open_publisher(client.http, bot_id=client.user.id) as publisher:
            messenger = DiscordMessenger(client, publisher, bot_id=client.user.id)
            connection = asyncio.create_task(client.connect(), name="discord gateway")
            try:
                yield DiscordGateway(client, messenger, connection)
            finally:
                await client.drain()
                await client.close()
                connection.cancel()
                await asyncio.gather(connection, return_exceptions=True)
                await client.drain()  # what came in meanwhile: it works with the store, which closes next
