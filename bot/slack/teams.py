"""The client that speaks for a workspace: of the one token in the settings, or of each workspace that installed us."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import REVOKED
from bot.slack.installs import InstallStore
from handlers.ports import PostError, PostFailure
from storage.sealing import SealError

TIMEOUT_S: Final = 20
_REMEMBER_S: Final = 60
"""Another process may store a new token; this is how long the old one is still used here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Our bot in one workspace. The client has no retry handlers: the outbox owns every retry."""

    client: AsyncWebClient
    team_id: str
    team_name: str
    bot_user: str
    bot_id: str


class Clients(Protocol):
    """Who speaks where. Implemented by OneWorkspace and InstalledWorkspaces."""

    async def of(self, team_id: str) -> Speaker:
        """Raises: PostError, WORKSPACE_GONE where we have no token of it."""
        ...

    def forget(self, team_id: str) -> None:
        """Its token is not to be trusted any more: look again."""
        ...


def web_client(token: str | None, *, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, session=session, retry_handlers=[])


class OneWorkspace:
    """The workspace of SLACK_BOT_TOKEN."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def of(self, team_id: str) -> Speaker:
        if team_id != self._speaker.team_id:
            raise PostError(
                "This channel belongs to another Slack workspace than SLACK_BOT_TOKEN does.",
                failure=PostFailure.WORKSPACE_GONE,
            )
        return self._speaker

    def forget(self, team_id: str) -> None:
        """The settings do not change while we run."""


class InstalledWorkspaces:
    """Every workspace that installed the app."""

    def __init__(self, installs: InstallStore, make_client: Callable[[str], AsyncWebClient]) -> None:
        self._installs = installs
        self._make_client = make_client
        self._known: dict[str, tuple[float, Speaker]] = {}

    async def of(self, team_id: str) -> Speaker:
        known = self._known.get(team_id)
        if known is not None and time.monotonic() - known[0] < _REMEMBER_S:
            return known[1]
        try:
            bot = await self._installs.async_find_bot(enterprise_id=None, team_id=team_id)
        except SealError as error:
            raise PostError(str(error), failure=PostFailure.LATER) from error
        except SlackTokenRotationError as error:
            raise _not_renewed(error) from error
        if bot is None:
            raise PostError(
                "This Slack workspace has not installed the app, or removed it.", failure=PostFailure.WORKSPACE_GONE
            )
        speaker = Speaker(
            client=self._make_client(bot.bot_token),
            team_id=team_id,
            team_name=bot.team_name or "",
            bot_user=bot.bot_user_id or "",
            bot_id=bot.bot_id or "",
        )
        self._known[team_id] = (time.monotonic(), speaker)
        return speaker

    def forget(self, team_id: str) -> None:
        self._known.pop(team_id, None)


def _not_renewed(error: SlackTokenRotationError) -> PostError:
    cause = error.api_error
    name = str(cause.response.get("error") or "") if isinstance(cause, SlackApiError) else ""
    if name in REVOKED:
        return PostError(
            f"Slack no longer renews this workspace's token ({name}). Install the app again.",
            failure=PostFailure.WORKSPACE_GONE,
        )
    return PostError(f"Slack did not renew the token ({name}).", failure=PostFailure.LATER)


class Authorize(AsyncAuthorize):
    """Tells Bolt whose token a request is answered with; a workspace without one is answered by Bolt itself."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        try:
            speaker = await self._clients.of(team_id or "")
        except PostError:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=speaker.bot_user,
            bot_id=speaker.bot_id,
            bot_token=speaker.client.token,
            user_id=user_id,
        )
