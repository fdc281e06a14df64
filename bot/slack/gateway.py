"""Slack's way in: commands, presses, events, by Socket Mode or HTTP. Acknowledge, translate, ask Commands, render."""

import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.failures import FAILURES
from bot.slack.messenger import SlackMessenger
from bot.slack.render import render
from bot.slack.translate import Translator
from handlers.answers import Notice, Reply, Tone
from handlers.command_table import COMMANDS
from handlers.commands import Commands
from handlers.errors import WirewatchError
from storage.records import Platform

logger = logging.getLogger(__name__)

_TIMEOUT_S: Final = 20
_DOWN: Final = timedelta(minutes=5)
"""A socket that stays down this long ends the process: the host restarts it."""
_GONE: Final = {
    "channel_archive": "it was archived",
    "channel_deleted": "it was deleted",
    "channel_left": "I was removed from it",
    "group_archive": "it was archived",
    "group_deleted": "it was deleted",
    "group_left": "I was removed from it",
}
_FAULT: Final = Notice(
    text="That went wrong on our side, and it is logged. Nothing was changed. Try again in a minute; "
    "if it stays, tell whoever runs this bot.",
    tone=Tone.REFUSED,
)


class SlackGateway:
    """The connection to one Slack workspace."""

    def __init__(self, app: AsyncApp, messenger: SlackMessenger, socket: AsyncSocketModeHandler | None) -> None:
        self._socket = socket
        self._down_since: datetime | None = None
        self.messenger = messenger
        self.http = AsyncSlackRequestHandler(app) if socket is None else None
        """Answers POST /slack/events in HTTP mode; checks the signature and its age by itself."""

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
    bot_token: str,
    app_token: str | None,
    signing_secret: str | None,
    api_url: str,
    commands: Commands,
    clock: Callable[[], datetime],
) -> AsyncIterator[SlackGateway]:
    """Connect and disconnect: by socket where there is an app token, else by HTTP with the signing secret.

    Raises: WirewatchError when a token is wrong or Slack cannot be reached.
    """
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            token=bot_token, base_url=api_url, timeout=_TIMEOUT_S, session=session, retry_handlers=[]
        )
        try:
            who = await client.auth_test()
        except FAILURES as error:
            raise WirewatchError(
                f"Slack did not accept SLACK_BOT_TOKEN at {api_url}: {_named(error)}. "
                "Copy the Bot User OAuth Token (xoxb-...) again from the app's page, OAuth & Permissions."
            ) from error
        messenger = SlackMessenger(client, team_id=str(who["team_id"]))
        app = _app(client, signing_secret, commands, clock, bot_user=str(who["user_id"]), session=session)
        socket = await _open_socket(app, client, app_token) if app_token else None
        logger.info("Slack is connected")
        try:
            yield SlackGateway(app, messenger, socket)
        finally:
            if socket is not None:
                await socket.close_async()


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


def _app(
    client: AsyncWebClient,
    signing_secret: str | None,
    commands: Commands,
    clock: Callable[[], datetime],
    *,
    bot_user: str,
    session: aiohttp.ClientSession,
) -> AsyncApp:
    app = AsyncApp(
        client=client,
        signing_secret=signing_secret or "",
        # Without a secret only the socket brings requests, and it needs no signature.
        request_verification_enabled=signing_secret is not None,
    )
    translate = Translator(client)

    async def reply(response_url: str, answer: Reply) -> None:
        message = render(answer.answer)
        hook = AsyncWebhookClient(response_url, session=session, retry_handlers=[])
        await hook.send(
            text=message.text,
            blocks=message.blocks,
            response_type="in_channel" if answer.public else "ephemeral",
            replace_original=answer.replaces,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def on_command(ack: Any, command: dict[str, Any]) -> None:
        await ack()
        request = await translate.command(command, now=clock())
        await reply(command["response_url"], await commands.answer(request))

    async def on_press(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        if "value" in action:  # a button that opens an address has none
            request = await translate.press(body, now=clock())
            await reply(body["response_url"], await commands.press(request, action["value"]))

    async def on_mention(body: dict[str, Any]) -> None:
        request = await translate.mention(body, now=clock())
        answer = await commands.answer(request)
        message = render(answer.answer)
        await client.chat_postEphemeral(
            channel=request.channel, user=request.person.external_id, text=message.text, blocks=message.blocks
        )

    async def on_joined(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("user") == bot_user:
            await commands.greet(
                platform=Platform.SLACK,
                workspace=body["team_id"],
                workspace_name=body["team_id"],
                channel=event["channel"],
                channel_name=await translate.channel_name(event["channel"]),
                now=clock(),
            )

    async def on_gone(event: dict[str, Any], body: dict[str, Any]) -> None:
        await commands.channel_gone(
            platform=Platform.SLACK,
            workspace=body["team_id"],
            channel=event["channel"],
            reason=_GONE[event["type"]],
            now=clock(),
        )

    async def on_uninstalled(body: dict[str, Any]) -> None:
        await commands.workspace_gone(
            platform=Platform.SLACK, workspace=body["team_id"], reason="the app was uninstalled", now=clock()
        )

    async def on_error(error: Exception, body: dict[str, Any]) -> None:
        logger.error("A Slack request failed", exc_info=error)
        if body.get("response_url"):
            await reply(body["response_url"], Reply(answer=_FAULT))

    for entry in COMMANDS:
        app.command(f"/{entry.name}")(on_command)
    app.action(re.compile(r"^(press|example|miss)\b"))(on_press)
    app.event("app_mention")(on_mention)
    app.event("member_joined_channel")(on_joined)
    for name in _GONE:
        app.event(name)(on_gone)
    for name in ("app_uninstalled", "tokens_revoked"):
        app.event(name)(on_uninstalled)
    app.error(on_error)
    return app
