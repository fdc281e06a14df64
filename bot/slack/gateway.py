"""The connection to Slack: one workspace or many, by Socket Mode or HTTP, and how well it is."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, cast

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import views
from bot.slack.chart_files import Pictures
from bot.slack.directory import People
from bot.slack.events import EVENTS, Events
from bot.slack.failures import FAILURES
from bot.slack.forms import Interactions
from bot.slack.http_mode import SlackRequests
from bot.slack.manifest import CHECK
from bot.slack.messenger import SlackMessenger
from bot.slack.missed_uninstalls import find_left
from bot.slack.oauth import InstallPages, Many, installing
from bot.slack.respond import Responder
from bot.slack.running_listeners import UnderWay
from bot.slack.teams import (
    TIMEOUT_S,
    Authorize,
    Clients,
    InstalledWorkspaces,
    OneWorkspace,
    Speaker,
    web_client,
)
from bot.slack.translate import Translator
from handlers.answers.answer import Notice, Reply
from handlers.answers.errors import WirewatchError
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.commands.table import COMMANDS
from storage.store import Store

logger = logging.getLogger(__name__)

_DOWN: Final = timedelta(minutes=5)
"""A socket that stays down this long ends the process: the host restarts it."""
_DRAIN_S: Final = 4
"""For answers that are being made when the bot stops; hosts give it 10 s in all."""
_SOCKET: Final = "slack_sdk.socket_mode"
_FAULT: Final = Notice(
    text="That went wrong on our side, and it is logged. Nothing was changed. Try again in a minute; "
    "if it stays, tell whoever runs this bot.",
    tone=Tone.REFUSED,
)


class SlackGateway:
    """The connection, for the rest of the bot."""

    def __init__(
        self,
        messenger: SlackMessenger,
        socket: AsyncSocketModeHandler | None,
        *,
        http: SlackRequests | None,
        pages: InstallPages | None,
    ) -> None:
        self._socket = socket
        self._down_since: datetime | None = None
        self.messenger = messenger
        self.http = http
        """Answers POST /slack/events in HTTP mode."""
        self.pages = pages
        """Answers GET /slack/install and the address that Slack sends people back to."""

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

        bolt_logger = _silence_libraries()
        flow, installs = None, None
        clients: Clients
        if many is not None:
            installs, flow = installing(many, client_of(None), store, clock, bolt_logger)
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
            logger=bolt_logger,
            client=client_of(None),
            signing_secret="",
            # SlackRequests checks signatures before Bolt sees a request; what comes by the socket has none.
            request_verification_enabled=False,
            raise_error_for_unhandled_request=True,  # to _explain_faults, since Bolt may not log
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
            by_http = signing_secret if socket is None else None
            yield SlackGateway(
                messenger,
                socket,
                http=SlackRequests(app, by_http, store, clock) if by_http else None,
                pages=InstallPages(flow) if flow is not None else None,
            )
        finally:
            if socket is not None:
                await socket.close_async()
            stop.set()
            if asking is not None:
                await asyncio.wait({asking}, timeout=_DRAIN_S / 2)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
            await under_way.end(within_s=_DRAIN_S)


def _silence_libraries() -> logging.Logger:
    """The logger to give to Bolt, which copies its level into every logger that it makes, now or later.

    Bolt and the SDK log what people typed, tokens and OAuth codes: at DEBUG, some at INFO and WARNING. What went wrong
    reaches us as an exception or an answer. Only the socket's warnings are left: they say why it cannot connect.
    """
    bolt = logging.getLogger("slack_bolt")
    for silent in (bolt, logging.getLogger("slack_sdk")):
        silent.setLevel(logging.CRITICAL + 1)
    logging.getLogger(_SOCKET).setLevel(max(logging.WARNING, logging.getLogger().level))
    return bolt


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


async def _open_socket(app: AsyncApp, client: AsyncWebClient, app_token: str) -> AsyncSocketModeHandler:
    """Raises: WirewatchError when the token is wrong: the SDK by itself would try for ever."""
    try:
        opened = await client.apps_connections_open(app_token=app_token)
    except FAILURES as error:
        raise WirewatchError(
            f"Slack did not accept SLACK_APP_TOKEN: {_named(error)}. Make an app-level token with the scope "
            "connections:write on the app's page, Basic Information, and see that Socket Mode is on."
        ) from error
    socket = AsyncSocketModeHandler(app, app_token, logger=logging.getLogger(_SOCKET))
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
    for name in EVENTS:
        app.event(name)(tracked(events.received))


def _explain_faults(app: AsyncApp, clients: Clients, respond: Responder) -> None:
    async def on_error(error: Exception, body: dict[str, Any], context: Any) -> None:
        if isinstance(error, BoltUnhandledRequestError):
            logger.warning(
                "Slack sent a request that nothing in this bot handles, so it was not answered. If this happens again, "
                "compare the app's settings with what `python -m bot manifest` prints"
            )
            return
        logger.error("A Slack request failed", exc_info=error)
        if body.get("response_url"):
            user = (body.get("user") or {}).get("id") or body.get("user_id", "")
            channel = (body.get("channel") or {}).get("id") or body.get("channel_id", "")
            speaker = await clients.of(context.team_id)
            await respond.by_url(speaker, body["response_url"], Reply(answer=_FAULT), channel=channel, user=user)

    app.error(on_error)
