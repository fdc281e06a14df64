"""The platforms that the settings name, opened. An SDK is loaded where it is wanted: each costs 0.3 s and 20 MB."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.config import Settings, bare
from bot.core import SEEDS, Core, utc_now
from storage.records import Platform

if TYPE_CHECKING:
    from bot.discord.gateway import DiscordGateway
    from bot.slack.gateway import SlackGateway
    from bot.slack.oauth import Many


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateways:
    """None: not set, or the other process's."""

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
    """Open until the stack ends. `connects=False`: only what comes in by HTTP; another process holds the sockets."""
    return Gateways(slack=await _slack(stack, core, connects), discord=await _discord(stack, core, connects))


async def _slack(stack: AsyncExitStack, core: Core, connects: bool) -> "SlackGateway | None":
    settings = core.settings
    is_for_many = bool(settings.slack_client_id and settings.slack_client_secret and settings.secret_key)
    by_http = settings.slack_app_token is None
    if not (settings.slack_bot_token or is_for_many) or not (connects or by_http or is_for_many):
        return None
    from bot.slack.gateway import open_slack

    return await stack.enter_async_context(
        open_slack(
            bot_token=bare(settings.slack_bot_token),
            app_token=bare(settings.slack_app_token) if connects else None,
            signing_secret=bare(settings.slack_signing_secret) if by_http else None,
            api_url=settings.slack_api_url,
            commands=core.commands,
            store=core.store,
            clock=utc_now,
            many=_many(settings),
        )
    )


def _many(settings: Settings) -> "Many | None":
    """What it takes to be installed by many workspaces; the settings have all of it or none."""
    from bot.slack.oauth import Many

    if not (settings.slack_client_id and settings.slack_client_secret and settings.secret_key):
        return None
    return Many(
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
