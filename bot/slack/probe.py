"""Asks Slack whether it accepts the configured tokens, for `python -m bot check`. Posts and changes nothing."""

from collections.abc import AsyncIterator
from typing import Final

import aiohttp

from bot.slack.failures import FAILURES, error_name
from bot.slack.manifest import SCOPES
from bot.slack.teams import web_client

_TIMEOUT_S: Final = 10
_SCOPES_HEADER: Final = "x-oauth-scopes"
"""Lists the scopes of the token, in the answer to every call: https://docs.slack.dev/authentication/best-practices"""

Result = tuple[bool, str, str]
"""Whether it works, what was found, and what to do if it does not."""


async def probe_slack(api_url: str, *, bot_token: str | None, app_token: str | None) -> AsyncIterator[Result]:
    """Yield what Slack says about the tokens that are set, and their scopes."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S)) as session:
        client = web_client(bot_token, api_url=api_url, session=session)
        if bot_token is not None:
            try:
                identity = await client.auth_test()
            except FAILURES as error:
                yield (
                    False,
                    f"Slack did not accept SLACK_BOT_TOKEN: {error_name(error)}",
                    "Copy the Bot User OAuth Token (xoxb-...) again from the app's page, OAuth & Permissions.",
                )
                return
            yield True, f"the token is that of {identity.get('user')} in {identity.get('team')}", ""
            granted = {name.lower(): value for name, value in identity.headers.items()}.get(_SCOPES_HEADER)
            if granted is not None:
                yield _scopes({scope.strip() for scope in granted.split(",")})
        if app_token is not None:
            try:
                await client.apps_connections_open(app_token=app_token)
            except FAILURES as error:
                yield (
                    False,
                    f"Slack did not open a socket with SLACK_APP_TOKEN: {error_name(error)}",
                    "On the app's page, switch on Socket Mode, and create an app-level token with the scope "
                    "connections:write under Basic Information.",
                )
                return
            yield True, "Socket Mode works", ""


def _scopes(granted: set[str]) -> Result:
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return True, "all scopes are granted", ""
    return (
        False,
        f"scopes are missing: {', '.join(missing)}",
        "Compare the app with `python -m bot manifest`, and install it again from its page.",
    )
