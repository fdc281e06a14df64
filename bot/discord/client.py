"""The client that listens to Discord's gateway: it tracks the connection and answers interactions."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import aiohttp
import discord

from bot.discord.destinations import Destinations
from bot.discord.guild_events import GuildEvents
from bot.discord.http import ApiClient
from bot.discord.interactions import InteractionHandler, Patience
from bot.discord.native import channel_links
from bot.discord.payload import payload_of
from bot.discord.render import render
from bot.discord.responder import InteractionExpired, Responder
from bot.discord.running_tasks import RunningTasks
from bot.discord.translate import channels_of
from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from storage.store import Store

logger = logging.getLogger(__name__)

_FAULT: Final = Notice(
    text="Something went wrong in the bot, and the error was logged. What you asked for may have been done: check that "
    "before you try again. If it happens again, tell the person who runs this bot.",
    tone=Tone.REFUSED,
)
_CLAIMED: Final = 10_000
"""Interactions to remember, far more than arrive while one can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Time limits of the connection, in seconds, and their clock. The first three are passed to the library."""

    heartbeat: float = 60.0
    """Silence after which a connection counts as dead."""
    servers: float = 2.0
    """A pause after which the list of servers counts as complete."""
    between_shards: float = 5.0
    """Discord takes one new session every 5 seconds: https://discord.com/developers/docs/events/gateway#rate-limiting"""
    direct: float = 0.15
    """A reply to a click within this time is sent without an acknowledgement first. Discord's limit is 3 s."""
    form: float = 1.5
    """The same for what may open a form, which must be the first response."""
    drain: float = 1.5
    """How long running interactions may take to finish when the bot stops."""
    steady: Callable[[], datetime] | None = None
    """Returns the time by which it is measured how long the connection is down, in UTC. None: the clock."""


class DiscordClient(ApiClient):
    """The bot's connection to the gateway."""

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
        self._steady = timing.steady or clock
        self._claimed: OrderedDict[int, None] = OrderedDict()
        """The ids of the latest interactions."""
        self._timing = timing
        self._running = RunningTasks()
        self.command_links: dict[str, str] = {}
        """Discord's links to the commands, by what is replaced by them; set at login."""
        patience = Patience(click_s=timing.direct, form_s=timing.form)
        self._interactions = InteractionHandler(self.http, Destinations(self), commands, clock, patience)
        self._started_at = self._steady()
        self._down: dict[int, datetime] = {}
        """The shards that are down, and since when."""
        self._up: set[int] = set()
        for handler in GuildEvents(self, commands, store, clock, self._running).handlers:
            self.event(handler)

    @property
    def down_since(self) -> datetime | None:
        """Since when, in UTC, at least one shard is disconnected; None while all are connected."""
        if not self._up and not self._down:
            return self._started_at
        return min(self._down.values(), default=None)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Drop events after `close`: the library's timers for READY continue after that."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await asyncio.sleep(self._timing.between_shards)

    async def on_shard_connect(self, shard_id: int) -> None:
        self._shard_is_up(shard_id)
        logger.info("Discord is connected: shard %s", shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._shard_is_up(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._up.discard(shard_id)
        self._down.setdefault(shard_id, self._steady())

    def _shard_is_up(self, shard_id: int) -> None:
        self._down.pop(shard_id, None)
        self._up.add(shard_id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        with self._running.track():
            await self._answer(interaction)

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        payload = payload_of(interaction)
        responder = Responder(self.http, payload, links=self.command_links | channel_links(channels_of(payload)))
        try:
            if interaction.type is discord.InteractionType.autocomplete:
                await self._interactions.autocomplete(payload, responder)
            elif not self._claim(interaction.id):
                logger.info("An interaction arrived twice")
            elif interaction.type is discord.InteractionType.application_command:
                await self._interactions.command(payload, responder)
            elif interaction.type is discord.InteractionType.component:
                await self._interactions.click(payload, responder)
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._interactions.submit(payload, responder)
        except InteractionExpired as error:
            logger.warning("An interaction arrived too late to be answered: %s", error)
        except Exception:  # the last resort of this platform: tell the person, and keep the gateway alive
            logger.exception("A Discord interaction failed")
            with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, TimeoutError):
                await responder.follow_up(render(_FAULT))

    def _claim(self, interaction: int) -> bool:
        """Return whether the interaction must be answered: the gateway may send one twice, as after a resume."""
        if interaction in self._claimed:
            return False
        self._claimed[interaction] = None
        if len(self._claimed) > _CLAIMED:
            self._claimed.popitem(last=False)
        return True

    async def drain(self) -> None:
        """Let running event handlers finish, within the time limit."""
        await self._running.drain(self._timing.drain)
