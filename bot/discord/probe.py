"""Asks Discord whether it accepts the configured token, for `python -m bot check`. Changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import discord

from bot.discord.failures import FAILURES
from bot.discord.http import ApiClient
from bot.discord.permissions import NAMES

_TIMEOUT_S: Final = 10
_INVITE: Final = "https://discord.com/oauth2/authorize"

Result = tuple[bool, str, str]
"""Whether it works, what was found, and what to do if it does not."""


async def probe_discord(api_url: str, token: str) -> AsyncIterator[Result]:
    """Yield what Discord says about the token, and the address that adds the bot to a server."""
    async with ApiClient(api_url=api_url) as client:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await client.login(token)
                await client.http.find_gateway()
        except discord.LoginFailure:
            yield (
                False,
                "Discord did not accept DISCORD_TOKEN",
                "Copy the token again from the developer portal: Bot, Reset Token.",
            )
            return
        except FAILURES as error:
            yield (
                False,
                f"Discord cannot be asked at {api_url}: {str(error) or type(error).__name__}",
                "Try again later.",
            )
            return
        yield True, f"the token is that of {client.user}; it needs no privileged intents", ""
        yield True, f"add it to a server: {invite_address(client.application_id or 0)}", ""


def invite_address(application: int) -> str:
    """Return the address that adds the bot to a server with the permissions that it needs."""
    permissions = sum(int(permission) for permission in NAMES)
    return f"{_INVITE}?client_id={application}&scope=bot+applications.commands&permissions={permissions}"
