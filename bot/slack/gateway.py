"""The connection to Slack: one workspace or many, by Socket Mode or HTTP, and how well it is."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import aiohttp
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import views
from bot.slack.absence import find_left
from bot.slack.clients import (
    TIMEOUT_S,
    Authorize,
    Clients,
    InstalledWorkspaces,
    OneWorkspace,
    Speaker,
    web_client,
)
from bot.slack.events import GONE, UNINSTALLED, Events
from bot.slack.failures import FAILURES
from bot.slack.installs import TOKENS, InstallStore, SealedStates
from bot.slack.interactions import Interactions
from bot.slack.manifest import CHECK, SCOPES
from bot.slack.messenger import SlackMessenger
from bot.slack.people import People
from bot.slack.pictures import Pictures
from bot.slack.respond import Responder
from bot.slack.translate import Translator
from bot.slack.under_way import UnderWay
from handlers.answers.answer import Notice, Reply
from handlers.answers.errors import WirewatchError
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.commands.table import COMMANDS
from storage.sealing import Sealer
from storage.store import Store

logger = logging.getLogger(__name__)

_DOWN: Final = timedelta(minutes=5)
"""A socket that stays down this long ends the process: the host restarts it."""
_DRAIN_S: Final = 4
"""For answers that are being made when the bot stops; hosts give it 10 s in all."""
_FAULT: Final = Notice(
    text="That went wrong on our side, and it is logged. Nothing was changed. Try again in a minute; "
    "if it stays, tell whoever runs this bot.",
    tone=Tone.REFUSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What it takes to be installed by many workspaces."""

    client_id: str
    client_secret: str
    secret_key: str


class SlackGateway:
    """The connection, for the rest of the bot."""

    def __init__(
        self, app: AsyncApp, messenger: SlackMessenger, socket: AsyncSocketModeHandler | None, *, signed: bool
    ) -> None:
        handler = AsyncSlackRequestHandler(app)
        self._socket = socket
        self._down_since: datetime | None = None
        self.messenger = messenger
        self.http = handler if signed and socket is None else None
        """Answers POST /slack/events in HTTP mode; checks the signature and its age by itself."""
        self.pages = handler if app.oauth_flow is not None else None
        """Answers GET /slack/install and what Slack sends people back to."""

    async def problem(self, now: datetime) -> str | None:
        """Why Slack does not reach us now, or None."""
        if self._socket is None or await self._socket.client.is_connected():
            self._down_since = None
            return None
        self._down_since = self._down_since or now
        return f"Slack's socket has been down since {self._down_since:%H:%M:%S} UTC"

    def dead(self, now: datetime) -> bool:
        """It was down for so long that only a restart helps."""
        return self._down_since is not None and now - self._down_since > _DOWN


@asynccontextmanager
async def open_slack(
    *,
    bot_token: str | None,
    app_token: str | None,
    signing_secret: str | None,
    api_url: str,
    commands: Commands,
    store: Store,
    clock: Callable[[], datetime],
    many: Many | None = None,
) -> AsyncIterator[SlackGateway]:
    """Connect and disconnect: by socket where there is an app token, else by HTTP with the signing secret.

    `many` stands in place of `bot_token`. Raises: WirewatchError when a token is wrong or Slack cannot be reached.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:

        def client_of(token: str | None) -> AsyncWebClient:
            return web_client(token, api_url=api_url, session=session)

        flow, installs = None, None
        clients: Clients
        if many is not None:
            installs, flow = _installs(many, client_of(None), api_url, store, clock)
            clients = InstalledWorkspaces(installs, client_of)
        else:
            clients = OneWorkspace(await _speaker(client_of(bot_token), api_url))
        pictures = Pictures(session)

        async def uninstalled(team_id: str) -> None:
            clients.forget(team_id)
            if installs is not None:
                await installs.async_delete_all(enterprise_id=None, team_id=team_id)

        app = AsyncApp(
            name="slack_app",  # of its logger; without one it looks through every module for the file that calls it
            client=client_of(None),
            signing_secret=signing_secret or "",
            # Without a secret only the socket brings requests, and it needs no signature.
            request_verification_enabled=signing_secret is not None,
            authorize=cast(Any, Authorize(clients)),  # its declared type is narrower than what it takes
            oauth_flow=flow,
        )
        translate, respond = Translator(People()), Responder(session, pictures)
        interactions = Interactions(
            clients=clients, commands=commands, translate=translate, respond=respond, session=session, clock=clock
        )
        events = Events(
            clients=clients,
            commands=commands,
            store=store,
            translate=translate,
            respond=respond,
            interactions=interactions,
            uninstalled=uninstalled,
            clock=clock,
        )
        asking, stop = None, asyncio.Event()
        if installs is not None:
            asking = asyncio.create_task(find_left(installs, clients, events.left, stop), name="slack installs")
        under_way = UnderWay()
        _listen(app, interactions, events, under_way)
        _explain_faults(app, clients, respond)
        socket = await _open_socket(app, client_of(None), app_token) if app_token else None
        logger.info("Slack is connected")
        try:
            messenger = SlackMessenger(clients, pictures)
            yield SlackGateway(app, messenger, socket, signed=signing_secret is not None)
        finally:
            if socket is not None:
                await socket.close_async()
            stop.set()
            if asking is not None:
                await asyncio.wait({asking}, timeout=_DRAIN_S / 2)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
            await under_way.end(within_s=_DRAIN_S)


async def _speaker(client: AsyncWebClient, api_url: str) -> Speaker:
    """Raises: WirewatchError."""
    try:
        who = await client.auth_test()
    except FAILURES as error:
        raise WirewatchError(
            f"Slack did not accept SLACK_BOT_TOKEN at {api_url}: {_named(error)}. "
            "Copy the Bot User OAuth Token (xoxb-...) again from the app's page, OAuth & Permissions."
        ) from error
    return Speaker(
        client=client,
        team_id=str(who["team_id"]),
        team_name=str(who.get("team") or ""),
        bot_user=str(who["user_id"]),
        bot_id=str(who.get("bot_id") or ""),
    )


def _installs(
    many: Many, client: AsyncWebClient, api_url: str, store: Store, clock: Callable[[], datetime]
) -> tuple[InstallStore, AsyncOAuthFlow]:
    sealer = Sealer(many.secret_key, purpose=TOKENS)
    rotator = AsyncTokenRotator(client_id=many.client_id, client_secret=many.client_secret, client=client)
    installs = InstallStore(store, sealer, rotator, clock)
    settings = AsyncOAuthSettings(
        client_id=many.client_id,
        client_secret=many.client_secret,
        scopes=list(SCOPES),
        installation_store=installs,
        installation_store_bot_only=True,
        state_store=SealedStates(sealer),
        install_page_rendering_enabled=False,  # straight to Slack's own page
        authorization_url=api_url.removesuffix("/").removesuffix("/api") + "/oauth/v2/authorize",
    )
    return installs, AsyncOAuthFlow(client=client, settings=settings)


async def _open_socket(app: AsyncApp, client: AsyncWebClient, app_token: str) -> AsyncSocketModeHandler:
    """Raises: WirewatchError when the token is wrong: the SDK by itself would try for ever."""
    try:
        opened = await client.apps_connections_open(app_token=app_token)
    except FAILURES as error:
        raise WirewatchError(
            f"Slack did not accept SLACK_APP_TOKEN: {_named(error)}. Make an app-level token with the scope "
            "connections:write on the app's page, Basic Information, and see that Socket Mode is on."
        ) from error
    socket = AsyncSocketModeHandler(app, app_token)
    socket.client.wss_uri = opened["url"]
    await socket.connect_async()
    return socket


def _named(error: Exception) -> str:
    response: Any = getattr(error, "response", None)
    return str(response.get("error")) if response is not None and hasattr(response, "get") else type(error).__name__


def _listen(app: AsyncApp, interactions: Interactions, events: Events, under_way: UnderWay) -> None:
    tracked = under_way.tracked
    for entry in COMMANDS:
        app.command(f"/{entry.name}")(tracked(interactions.command))
    app.action(re.compile(r"^(press|example|miss)\b"))(tracked(interactions.click))
    app.action(views.LIVE_ACTION)(tracked(interactions.typed))
    app.view(views.FORM)(tracked(interactions.submit))
    app.options(views.PICK_ACTION)(tracked(interactions.complete))
    app.message_shortcut(CHECK)(tracked(interactions.shortcut))
    app.event("app_home_opened")(tracked(interactions.home_opened))
    for name in ("member_joined_channel", "app_mention", "message", "file_shared", *GONE, *UNINSTALLED):
        app.event(name)(tracked(events.received))


def _explain_faults(app: AsyncApp, clients: Clients, respond: Responder) -> None:
    async def on_error(error: Exception, body: dict[str, Any], context: Any) -> None:
        logger.error("A Slack request failed", exc_info=error)
        if body.get("response_url"):
            user = (body.get("user") or {}).get("id") or body.get("user_id", "")
            channel = (body.get("channel") or {}).get("id") or body.get("channel_id", "")
            speaker = await clients.of(context.team_id)
            await respond.by_url(speaker, body["response_url"], Reply(answer=_FAULT), channel=channel, user=user)

    app.error(on_error)
