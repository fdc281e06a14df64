"""Slack workspaces ("teams" in Slack's API) that the bot can act in, each with its own client and token."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import REVOKED, CheckedClient, error_name, post_error
from bot.slack.installs import InstallStore
from handlers.ports import PostError, not_now, refused
from handlers.rules.refusal_table import find_refusal
from storage.records import Platform
from storage.sealing import SealError

TIMEOUT_S: Final = 20
_CACHE_S: Final = 60
"""Another process may renew a token. This process keeps using the old one for at most this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTeam:
    """The bot in one Slack workspace. The client has no retry handlers, because the outbox schedules every retry."""

    client: AsyncWebClient
    id: str
    name: str
    bot_user_id: str
    bot_id: str
    is_in_organisation: bool = False
    """The token is that of an Enterprise organisation that installed the app as a whole."""


class Teams(Protocol):
    """The workspaces that the bot can act in. Implemented by SingleTeam and InstalledTeams."""

    is_distributed: bool
    """Whether the app is installed by workspaces other than its own, for which Slack has stricter limits."""

    async def get(self, team_id: str, organisation: str | None = None) -> SlackTeam:
        """Return the workspace. A new one may use the token of its Enterprise organisation.

        Raises: PostError, with the code "app_uninstalled" if the bot has no token for it.
        """
        ...

    async def of_organisation(self, organisation: str) -> tuple[str, ...]:
        """Return the ids of the workspaces that use the organisation's token, and its own id."""
        ...

    def invalidate(self, team_id: str) -> None:
        """Discard the cached token of the workspace, so that the next `get` reads it again."""
        ...

    async def uninstall(self, team_id: str) -> None:
        """Delete the stored token of the workspace. Repeating it has no effect."""
        ...


def web_client(token: str | None, *, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    return CheckedClient(token=token, base_url=api_url, timeout=TIMEOUT_S, session=session, retry_handlers=[])


class SingleTeam:
    """The one workspace of SLACK_BOT_TOKEN. Its token comes from the settings, so it is neither read nor deleted."""

    is_distributed = False

    def __init__(self, team: SlackTeam) -> None:
        self._team = team

    async def get(self, team_id: str, organisation: str | None = None) -> SlackTeam:
        if team_id != self._team.id:
            reason = "this channel belongs to a different Slack workspace than SLACK_BOT_TOKEN"
            raise refused(find_refusal(Platform.SLACK, "team_not_found"), message=f"{reason}.")
        return self._team

    async def of_organisation(self, organisation: str) -> tuple[str, ...]:
        return ()

    def invalidate(self, team_id: str) -> None:
        return

    async def uninstall(self, team_id: str) -> None:
        return


class InstalledTeams:
    """Every workspace that has installed the app over OAuth."""

    is_distributed = True

    def __init__(self, installs: InstallStore, make_client: Callable[[str], AsyncWebClient]) -> None:
        self._installs = installs
        self._make_client = make_client
        self._cache: dict[str, tuple[float, SlackTeam]] = {}

    async def get(self, team_id: str, organisation: str | None = None) -> SlackTeam:
        team_id = team_id or organisation or ""
        cached = self._cache.get(team_id)
        if cached is not None and time.monotonic() - cached[0] < _CACHE_S:
            return cached[1]
        try:
            bot = await self._installs.async_find_bot(enterprise_id=organisation, team_id=team_id)
        except SealError as error:
            raise not_now(str(error), platform=Platform.SLACK) from error
        except SlackTokenRotationError as error:
            raise _renewal_error(error) from error
        if bot is None:
            raise refused(find_refusal(Platform.SLACK, "app_uninstalled"))
        team = SlackTeam(
            client=self._make_client(bot.bot_token),
            id=team_id,
            name=bot.team_name or "",
            bot_user_id=bot.bot_user_id or "",
            bot_id=bot.bot_id or "",
            is_in_organisation=bool(bot.is_enterprise_install),
        )
        self._cache[team_id] = (time.monotonic(), team)
        return team

    async def of_organisation(self, organisation: str) -> tuple[str, ...]:
        return (*await self._installs.teams_of(organisation), organisation)

    def invalidate(self, team_id: str) -> None:
        self._cache.pop(team_id, None)

    async def uninstall(self, team_id: str) -> None:
        self.invalidate(team_id)
        await self._installs.async_delete_all(enterprise_id=None, team_id=team_id)


def origin(context: Any, body: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the ids of the workspace that a payload comes from, and of its Enterprise organisation, if it has one.

    Where an organisation installed the app, Bolt finds no workspace in an event's authorization, but the body has it.
    """
    return str(context.team_id or body.get("team_id") or ""), context.enterprise_id


def _renewal_error(error: SlackTokenRotationError) -> PostError:
    failed = post_error(error.api_error)
    if failed.refusal is not None and failed.refusal.code in REVOKED:
        return failed
    return not_now(f"Slack did not renew the token: {error_name(error.api_error)}.", platform=Platform.SLACK)


class Authorize(AsyncAuthorize):
    """Tells Bolt which token belongs to a request. Bolt itself answers a workspace that has none."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **actor: str | None,
    ) -> AuthorizeResult | None:
        try:
            team = await self._teams.get(team_id or "", enterprise_id)
        except PostError:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=team.bot_user_id,
            bot_id=team.bot_id,
            bot_token=team.client.token,
            user_id=user_id,
        )
