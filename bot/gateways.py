"""Connects the platforms that the settings configure. Each SDK is imported only if needed: it takes 0.3 s and 20 MB."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.config import Settings, bare
from bot.connections import Connection
from bot.core import SEEDS, Core, steady_now, utc_now
from storage.records import Platform

if TYPE_CHECKING:
    from bot.discord.gateway import DiscordGateway
    from bot.slack.gateway import SlackGateway
    from bot.slack.oauth import OAuthApp

_FIRST: Final = timedelta(seconds=5)
"""The start of the bot waits for the first connections at most this long."""
_DRAIN: Final = timedelta(seconds=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateways:
    """The configured platforms. One that is not configured, or that another process connects, is None."""

    slack: "Connection[SlackGateway] | None" = None
    discord: "Connection[DiscordGateway] | None" = None
    answers_slack: bool = False
    """Whether Slack sends its requests to this process, over HTTP."""
    installs_slack: bool = False
    """Whether this process serves the pages on which workspaces install the app."""

    @property
    def all(self) -> "tuple[Connection[Any], ...]":
        return tuple(each for each in (self.slack, self.discord) if each is not None)

    def slack_handler(self) -> Callable[[Any], Awaitable[Any]] | None:
        """Return what handles POST /slack/events; None while Slack is not connected."""
        gateway = None if self.slack is None else self.slack.gateway
        return None if gateway is None or gateway.http is None else gateway.http.handle

    def slack_pages(self) -> Callable[[Any], Awaitable[Any]] | None:
        """Return what serves the pages on which workspaces install the app; None while Slack is not connected."""
        gateway = None if self.slack is None else self.slack.gateway
        return None if gateway is None or gateway.pages is None else gateway.pages.handle


@asynccontextmanager
async def open_gateways(core: Core, *, connects: bool) -> AsyncIterator[Gateways]:
    """Connect the platforms, and keep them connected until the block ends. A platform that is down is tried again.

    With `connects=False` no sockets are opened, because another process holds them. Only Slack over HTTP is opened.
    """
    slack, discord = _slack(core, connects), _discord(core, connects)
    settings = core.settings
    gateways = Gateways(
        slack=None if slack is None else _connection(core, Platform.SLACK, slack),
        discord=None if discord is None else _connection(core, Platform.DISCORD, discord),
        answers_slack=slack is not None and settings.slack_app_token is None and bool(settings.slack_signing_secret),
        installs_slack=slack is not None and _oauth_app(settings) is not None,
    )
    stop = asyncio.Event()
    tasks = [asyncio.create_task(each.run(stop), name=each.platform.value) for each in gateways.all]
    waits = [asyncio.create_task(each.tried.wait()) for each in gateways.all]
    try:
        if waits:
            await asyncio.wait(waits, timeout=_FIRST.total_seconds())
        yield gateways
    finally:
        stop.set()
        for wait in waits:
            wait.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_DRAIN.total_seconds())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *waits, return_exceptions=True)


def _connection(core: Core, platform: Platform, opening: Any) -> "Connection[Any]":
    async def connected(platform: Platform) -> None:
        await core.access.schedule(platform, utc_now())
        core.woken.set()

    return Connection(platform, opening, core.messengers, connected=connected, clock=steady_now)


def _slack(core: Core, connects: bool) -> "Callable[[], AbstractAsyncContextManager[SlackGateway]] | None":
    """Return a function that connects to Slack; None if this process does not."""
    settings = core.settings
    oauth_app = _oauth_app(settings)
    by_http = settings.slack_app_token is None
    if not (settings.slack_bot_token or oauth_app) or not (connects or by_http or oauth_app):
        return None
    from bot.slack.gateway import SlackOptions, open_slack

    options = SlackOptions(
        api_url=settings.slack_api_url,
        bot_token=bare(settings.slack_bot_token),
        oauth_app=oauth_app,
        app_token=bare(settings.slack_app_token) if connects else None,
        signing_secret=bare(settings.slack_signing_secret) if by_http else None,
    )
    return lambda: open_slack(options, commands=core.commands, store=core.store, clock=utc_now)


def _oauth_app(settings: Settings) -> "OAuthApp | None":
    """Return the credentials of an app that many workspaces install, or None if the settings are for one workspace."""
    if not (settings.slack_client_id and settings.slack_client_secret and settings.secret_key):
        return None
    from bot.slack.oauth import OAuthApp

    return OAuthApp(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        secret_key=settings.secret_key.get_secret_value(),
    )


def _discord(core: Core, connects: bool) -> "Callable[[], AbstractAsyncContextManager[DiscordGateway]] | None":
    """Return a function that connects to Discord; None if this process does not."""
    settings = core.settings
    if not settings.discord_token or not connects:
        return None
    from bot.discord.client import Timing
    from bot.discord.gateway import DiscordOptions, open_discord
    from bot.discord.locales import read_locales

    options = DiscordOptions(
        token=settings.discord_token.get_secret_value(),
        api_url=settings.discord_api_url,
        shards=settings.discord_shards,
        command_guild=settings.discord_guild,
        locales=read_locales(SEEDS / "locales"),
        timing=Timing(steady=steady_now),
    )
    return lambda: open_discord(options, commands=core.commands, store=core.store, clock=utc_now)
