"""Opens the platforms that the settings configure. Each SDK is imported only if needed: it takes 0.3 s and 20 MB."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.config import Settings, bare
from bot.core import SEEDS, Core, utc_now
from storage.records import Platform

if TYPE_CHECKING:
    from bot.discord.gateway import DiscordGateway
    from bot.slack.gateway import SlackGateway
    from bot.slack.oauth import OAuthApp


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateways:
    """The open platforms. One that is not configured, or that another process opens, is None."""

    slack: "SlackGateway | None" = None
    discord: "DiscordGateway | None" = None

    @property
    def by_platform(self) -> "dict[Platform, SlackGateway | DiscordGateway]":
        found: dict[Platform, SlackGateway | DiscordGateway] = {}
        if self.slack is not None:
            found[Platform.SLACK] = self.slack
        if self.discord is not None:
            found[Platform.DISCORD] = self.discord
        return found


async def open_gateways(stack: AsyncExitStack, core: Core, *, connects: bool) -> Gateways:
    """Open the platforms until the stack ends.

    With `connects=False` no sockets are opened, because another process holds them. Only Slack over HTTP is opened.
    """
    return Gateways(slack=await _slack(stack, core, connects), discord=await _discord(stack, core, connects))


async def _slack(stack: AsyncExitStack, core: Core, connects: bool) -> "SlackGateway | None":
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
    return await stack.enter_async_context(open_slack(options, commands=core.commands, store=core.store, clock=utc_now))


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


async def _discord(stack: AsyncExitStack, core: Core, connects: bool) -> "DiscordGateway | None":
    settings = core.settings
    if not settings.discord_token or not connects:
        return None
    from bot.discord.gateway import DiscordOptions, open_discord
    from bot.discord.locales import read_locales

    return await stack.enter_async_context(
        open_discord(
            DiscordOptions(
                token=settings.discord_token.get_secret_value(),
                api_url=settings.discord_api_url,
                shards=settings.discord_shards,
                command_guild=settings.discord_guild,
                locales=read_locales(SEEDS / "locales"),
            ),
            commands=core.commands,
            store=core.store,
            clock=utc_now,
        )
    )
