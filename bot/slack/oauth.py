"""Installing the app over OAuth: the pages that a browser opens, and states that can be used once."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.slack.idempotency import claim
from bot.slack.installs import TOKENS, InstallStore
from bot.slack.manifest import SCOPES
from storage.sealing import Sealer, SealError
from storage.store import Store

logger = logging.getLogger(__name__)

_STATE_S: Final = 600
"""How long a person may take on Slack's page."""
_STATE: Final = "state "
_OURS: Final = {
    "invalid_code": "Slack did not accept its code. If this happens again, check SLACK_CLIENT_ID and "
    "SLACK_CLIENT_SECRET, and this server's clock.",
    "storage_error": "Slack gave a token that belongs to no single workspace, or it could not be stored.",
}
"""Failures that may be the operator's to mend. The others are a visitor's, who can cause as many as they like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What it takes to be installed by many workspaces."""

    client_id: str
    client_secret: str
    secret_key: str


class SealedStates(AsyncOAuthStateStore):
    """OAuth's `state`: sealed by us, good for ten minutes, bound to the browser by Bolt's cookie, and used once.

    Only used states are stored, so opening the install page writes nothing.
    """

    def __init__(self, sealer: Sealer, store: Store, clock: Callable[[], datetime]) -> None:
        self._sealer = sealer
        self._store = store
        self._clock = clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return self._sealer.seal(_STATE + secrets.token_urlsafe(24)).decode()

    async def async_consume(self, state: str) -> bool:
        """True for a state that we issued and that nobody has used, in any process on this database."""
        if not state.isascii():
            return False
        try:
            # What is inside is claimed: the same seal can be written in several ways.
            opened = self._sealer.open(state, within_s=_STATE_S)
        except SealError:
            return False
        if not opened.startswith(_STATE):
            return False
        async with self._store.begin() as tx:
            return await claim(tx, opened, self._clock())


def installing(
    many: Many, client: AsyncWebClient, store: Store, clock: Callable[[], datetime], bolt_logger: logging.Logger
) -> tuple[InstallStore, AsyncOAuthFlow]:
    """What is installed, and Bolt's flow that installs. The flow shows no page of its own before Slack's."""
    sealer = Sealer(many.secret_key, purpose=TOKENS)
    rotator = AsyncTokenRotator(client_id=many.client_id, client_secret=many.client_secret, client=client)
    installs = InstallStore(store, sealer, rotator, clock)
    api = client.base_url.removesuffix("/").removesuffix("/api")
    settings = AsyncOAuthSettings(
        client_id=many.client_id,
        client_secret=many.client_secret,
        scopes=list(SCOPES),
        installation_store=installs,
        installation_store_bot_only=True,
        state_store=SealedStates(sealer, store, clock),
        install_page_rendering_enabled=False,
        authorization_url=f"{api}/oauth/v2/authorize",
        callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
        logger=bolt_logger,
    )
    return installs, AsyncOAuthFlow(client=client, settings=settings, logger=bolt_logger)


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    return await args.default.success(args)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    if args.reason in _OURS:
        logger.warning("A Slack workspace could not install the app: %s", _OURS[args.reason])
    return await args.default.failure(args)


class InstallPages:
    """Answers GET /slack/install and the address that Slack sends people back to."""

    def __init__(self, flow: AsyncOAuthFlow) -> None:
        self._flow = flow

    async def handle(self, request: Request) -> Response:
        """The page. Anybody may open it, so no body is read. HEAD is refused: it would use up the state of a link."""
        if request.method != "GET":
            return JSONResponse(
                {"detail": "Open this address in a browser."}, status_code=405, headers={"Allow": "GET"}
            )
        asked = AsyncBoltRequest(
            body="", query=request.url.query, headers={"cookie": request.headers.getlist("cookie")}
        )
        if request.url.path == self._flow.install_path:
            return to_starlette_response(await self._flow.handle_installation(asked))
        if request.url.path == self._flow.redirect_uri_path:
            return to_starlette_response(await self._flow.handle_callback(asked))
        return JSONResponse({"detail": "There is no such page."}, status_code=404)
