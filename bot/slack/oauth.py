"""Installation of the app over OAuth: the pages that a browser opens, and states that can be used once."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs
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
from bot.slack.welcome import Welcome
from storage.sealing import Sealer, SealError
from storage.store import Store

logger = logging.getLogger(__name__)

_STATE_S: Final = 600
"""How long a person may take on Slack's page."""
_STATE: Final = "state "
"""Begins the text of every state, so that nothing else that is encrypted with the same key is taken for one."""
_LOGGED_FAILURES: Final = {
    "invalid_code": "Slack did not accept the code that it sent. If this happens again, check SLACK_CLIENT_ID, "
    "SLACK_CLIENT_SECRET and this server's clock.",
    "storage_error": "Slack's answer names no workspace, or its token could not be stored.",
}
"""Failures that the operator may be able to fix. Visitors can cause any number of others, which are not logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthApp:
    """The credentials of an app that many workspaces install."""

    client_id: str
    client_secret: str
    secret_key: str
    """Encrypts the tokens of the workspaces."""


class EncryptedStates(AsyncOAuthStateStore):
    """OAuth states: encrypted, valid for ten minutes and for one use. Bolt's cookie binds a state to its browser.

    Only used states are stored, so opening the install page writes nothing to the database.
    """

    def __init__(self, sealer: Sealer, store: Store, clock: Callable[[], datetime]) -> None:
        self._sealer = sealer
        self._store = store
        self._clock = clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return self._sealer.seal(_STATE + secrets.token_urlsafe(24)).decode()

    async def async_consume(self, state: str) -> bool:
        """Return True for a state that was issued with this key and not used before in any process on this database."""
        if not state.isascii():
            return False
        try:
            # The decrypted text is claimed, because the same ciphertext can be written in several ways.
            text = self._sealer.open(state, within_s=_STATE_S)
        except SealError:
            return False
        if not text.startswith(_STATE):
            return False
        async with self._store.begin() as tx:
            return await claim(tx, text, self._clock())


def oauth_installation(
    app: OAuthApp, client: AsyncWebClient, store: Store, clock: Callable[[], datetime], bolt_logger: logging.Logger
) -> tuple[InstallStore, AsyncOAuthFlow]:
    """Return the store of installations, and Bolt's OAuth flow that fills it. The flow redirects to Slack at once."""
    sealer = Sealer(app.secret_key, purpose=TOKENS)
    rotator = AsyncTokenRotator(client_id=app.client_id, client_secret=app.client_secret, client=client)
    installs = InstallStore(store, sealer, rotator, clock)
    api = client.base_url.removesuffix("/").removesuffix("/api")
    settings = AsyncOAuthSettings(
        client_id=app.client_id,
        client_secret=app.client_secret,
        scopes=list(SCOPES),
        installation_store=installs,
        installation_store_bot_only=True,
        state_store=EncryptedStates(sealer, store, clock),
        install_page_rendering_enabled=False,
        authorization_url=f"{api}/oauth/v2/authorize",
        callback_options=AsyncCallbackOptions(success=Welcome(client, store, clock).succeeded, failure=_failed),
        logger=bolt_logger,
    )
    return installs, AsyncOAuthFlow(client=client, settings=settings, logger=bolt_logger)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    if args.reason in _LOGGED_FAILURES:
        logger.warning("A Slack workspace could not install the app: %s", _LOGGED_FAILURES[args.reason])
    return await args.default.failure(args)


class InstallPages:
    """Serves GET /slack/install, and the address that Slack redirects people back to."""

    def __init__(self, flow: AsyncOAuthFlow) -> None:
        self._flow = flow

    async def handle(self, request: Request) -> Response:
        """Return the page. Anybody may open it, so no body is read. HEAD is refused because it would use up a state."""
        if request.method != "GET":
            return JSONResponse(
                {"detail": "Open this address in a browser."}, status_code=405, headers={"Allow": "GET"}
            )
        bolt_request = AsyncBoltRequest(
            body="", query=request.url.query, headers={"cookie": request.headers.getlist("cookie")}
        )
        if request.url.path == self._flow.install_path:
            return to_starlette_response(await self._flow.handle_installation(bolt_request))
        if request.url.path == self._flow.redirect_uri_path:
            return to_starlette_response(await self._flow.handle_callback(bolt_request))
        return JSONResponse({"detail": "There is no such page."}, status_code=404)
