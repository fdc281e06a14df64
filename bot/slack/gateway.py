"""The connection to Slack: for one workspace or many, over Socket Mode or HTTP. Reports its health."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.attachments import Attachments
from bot.slack.chart_files import ChartFiles
from bot.slack.directory import Directory
from bot.slack.events import Events
from bot.slack.failures import FAILURES, error_name
from bot.slack.http_mode import SlackRequests
from bot.slack.idempotency import SocketPayloads
from bot.slack.installs import InstallStore
from bot.slack.listeners import register_listeners
from bot.slack.messenger import SlackMessenger
from bot.slack.missed_uninstalls import find_missed_uninstalls
from bot.slack.oauth import InstallPages, OAuthApp, oauth_installation
from bot.slack.respond import Responder
from bot.slack.running_listeners import RunningListeners
from bot.slack.services import SlackServices
from bot.slack.teams import TIMEOUT_S, Authorize, InstalledTeams, SingleTeam, SlackTeam, Teams, web_client
from bot.slack.translate import Translator
from handlers.answers.errors import WirewatchError
from handlers.commands.dispatch import Commands
from storage.store import Store

logger = logging.getLogger(__name__)

_MAX_DOWN: Final = timedelta(minutes=5)
"""A socket that stays down for this long ends the process, and the host restarts it."""
_DRAIN_S: Final = 4
"""For the listeners that are running when the bot stops. Hosts give the whole process 10 s."""
_SOCKET: Final = "slack_sdk.socket_mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOptions:
    """How to connect. Either `bot_token` or `oauth_app` is set."""

    api_url: str
    bot_token: str | None = None
    """Token of the only workspace."""
    oauth_app: OAuthApp | None = None
    """Credentials of an app that many workspaces install."""
    app_token: str | None = None
    """Opens a socket (Socket Mode)."""
    signing_secret: str | None = None
    """Verifies requests in HTTP mode. Not used if there is an `app_token`."""


class SlackGateway:
    """The open connection, as the rest of the bot uses it."""

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
        """Handles POST /slack/events in HTTP mode."""
        self.pages = pages
        """Serves GET /slack/install, and the address that Slack redirects people back to."""

    async def problem(self, now: datetime) -> str | None:
        """Return why the bot receives nothing from Slack, or cannot post, at present; or None. `now` is in UTC."""
        if self._socket is None or await self._socket.client.is_connected():
            self._down_since = None
            return self.messenger.refused
        self._down_since = self._down_since or now
        return f"Slack's socket has been down since {self._down_since:%H:%M:%S} UTC"

    def dead(self, now: datetime) -> bool:
        """Return whether the socket has been down for so long that only a restart helps."""
        return self._down_since is not None and now - self._down_since > _MAX_DOWN


@asynccontextmanager
async def open_slack(
    options: SlackOptions, *, commands: Commands, store: Store, clock: Callable[[], datetime]
) -> AsyncIterator[SlackGateway]:
    """Connect to Slack, and disconnect when the block ends.

    Raises: WirewatchError if Slack does not accept a token or cannot be reached.
    """
    bolt_logger = _silence_libraries()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)))
        client = web_client(None, api_url=options.api_url, session=session)
        installs, flow = None, None
        if options.oauth_app is not None:
            installs, flow = oauth_installation(options.oauth_app, client, store, clock, bolt_logger)
        teams = await _teams(options, session, installs)
        chart_files = ChartFiles(session)
        services = SlackServices(
            teams=teams,
            commands=commands,
            translator=Translator(Directory()),
            responder=Responder(session, chart_files),
            attachments=Attachments(session),
            payloads=SocketPayloads(store=store, clock=clock),
            clock=clock,
        )
        events, running = Events(services, store), RunningListeners()
        app = _bolt_app(client, teams, flow, bolt_logger)
        register_listeners(app, services, events, running)
        stack.push_async_callback(running.drain, timeout_s=_DRAIN_S)
        if installs is not None:
            await stack.enter_async_context(_looking_for_uninstalls(installs, teams, events))
        socket = None
        if options.app_token is not None:
            socket = await stack.enter_async_context(_open_socket(app, client, options.app_token))
        secret = options.signing_secret if socket is None else None
        logger.info("Slack is connected")
        yield SlackGateway(
            SlackMessenger(teams, chart_files),
            socket,
            http=SlackRequests(app, secret, store, clock) if secret else None,
            pages=InstallPages(flow) if flow is not None else None,
        )


def _silence_libraries() -> logging.Logger:
    """Silence Bolt and the SDK, and return the logger for Bolt, which copies its level into every logger that it makes.

    Bolt and the SDK log what people typed, tokens and OAuth codes: at DEBUG, some at INFO and WARNING. Errors reach us
    as exceptions or answers. Only the socket's warnings are kept, because they say why it cannot connect.
    """
    bolt = logging.getLogger("slack_bolt")
    for silent in (bolt, logging.getLogger("slack_sdk")):
        silent.setLevel(logging.CRITICAL + 1)
    logging.getLogger(_SOCKET).setLevel(max(logging.WARNING, logging.getLogger().level))
    return bolt


async def _teams(options: SlackOptions, session: aiohttp.ClientSession, installs: InstallStore | None) -> Teams:
    """Return the workspaces that the bot can act in. Raises: WirewatchError."""

    def client_for(token: str | None) -> AsyncWebClient:
        return web_client(token, api_url=options.api_url, session=session)

    if installs is not None:
        return InstalledTeams(installs, client_for)
    return SingleTeam(await _single_team(client_for(options.bot_token), options.api_url))


async def _single_team(client: AsyncWebClient, api_url: str) -> SlackTeam:
    """Raises: WirewatchError."""
    try:
        identity = await client.auth_test()
    except FAILURES as error:
        raise WirewatchError(
            f"Slack did not accept SLACK_BOT_TOKEN at {api_url}: {error_name(error)}. "
            "Copy the Bot User OAuth Token (xoxb-...) again from the app's page, OAuth & Permissions."
        ) from error
    return SlackTeam(
        client=client,
        id=str(identity["team_id"]),
        name=str(identity.get("team") or ""),
        bot_user_id=str(identity["user_id"]),
        bot_id=str(identity.get("bot_id") or ""),
    )


def _bolt_app(
    client: AsyncWebClient, teams: Teams, flow: AsyncOAuthFlow | None, bolt_logger: logging.Logger
) -> AsyncApp:
    return AsyncApp(
        name="slack_app",  # of its logger; without a name Bolt searches all modules for the file that calls it
        logger=bolt_logger,
        client=client,
        signing_secret="",
        # SlackRequests verifies signatures before Bolt sees a request. Payloads from the socket have none.
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,  # so that our error handler logs it; Bolt itself must not log
        authorize=cast(Any, Authorize(teams)),  # the declared type is narrower than what Bolt accepts
        oauth_flow=flow,
    )


@asynccontextmanager
async def _looking_for_uninstalls(installs: InstallStore, teams: Teams, events: Events) -> AsyncIterator[None]:
    """Look for missed uninstalls in the background until the block ends."""
    stop = asyncio.Event()
    search = find_missed_uninstalls(installs, teams, events.uninstall, stop)
    task = asyncio.create_task(search, name="slack uninstalls")
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=_DRAIN_S / 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _open_socket(app: AsyncApp, client: AsyncWebClient, app_token: str) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect in Socket Mode, and disconnect when the block ends.

    The SDK alone would retry a wrong token forever, so the first address is requested here. Raises: WirewatchError.
    """
    try:
        opened = await client.apps_connections_open(app_token=app_token)
    except FAILURES as error:
        raise WirewatchError(
            f"Slack did not accept SLACK_APP_TOKEN: {error_name(error)}. On the app's page, Basic Information, create "
            "an app-level token with the scope connections:write, and check that Socket Mode is on."
        ) from error
    socket = AsyncSocketModeHandler(app, app_token, logger=logging.getLogger(_SOCKET))
    socket.client.wss_uri = opened["url"]
    await socket.connect_async()
    try:
        yield socket
    finally:
        await socket.close_async()
