"""Registers the listeners of Slack's payloads with Bolt, and answers people when a listener fails."""

import logging
import re
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.slack import views
from bot.slack.clicks import Clicks
from bot.slack.commands import SlashCommands
from bot.slack.events import EVENTS, Events
from bot.slack.forms import Forms
from bot.slack.manifest import CHECK
from bot.slack.running_listeners import RunningListeners
from bot.slack.services import SlackServices
from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.table import ALIAS, COMMANDS

logger = logging.getLogger(__name__)

_BUTTONS: Final = re.compile(r"^(press|example|miss)\b")
"""Action ids of buttons (`block_kit.BUTTON_ID`), and of the rows of a topic test."""
_FAULT: Final = Notice(
    text="Something went wrong in the bot, and the error was logged. What you asked for may have been done: check that "
    "before you try again. If it happens again, tell the person who runs this bot.",
    tone=Tone.REFUSED,
)


def register_listeners(app: AsyncApp, services: SlackServices, events: Events, running: RunningListeners) -> None:
    """Register everything that the app's manifest asks Slack to send. `running` tracks the tasks of the listeners."""
    commands, clicks, forms = SlashCommands(services), Clicks(services), Forms(services)
    for name in (*(entry.name for entry in COMMANDS), ALIAS):
        app.command(f"/{name}")(running.track(commands.command))
    app.message_shortcut(CHECK)(running.track(commands.check_message))
    app.action(_BUTTONS)(running.track(clicks.click))
    app.action(views.QUERY_ACTION)(running.track(forms.test_query))
    app.action(views.SELECT_ACTION)(running.track(clicks.pick_topic))
    app.action(views.CHANNEL_ACTION)(running.track(clicks.pick_channel))
    app.options(views.SELECT_ACTION)(running.track(forms.suggest))
    app.view(views.FORM)(running.track(forms.submit))
    for name in EVENTS:
        app.event(name)(running.track(events.handle))
    _handle_errors(app, services)


def _handle_errors(app: AsyncApp, services: SlackServices) -> None:
    async def on_error(error: Exception, body: dict[str, Any], context: Any) -> None:
        if isinstance(error, BoltUnhandledRequestError):
            logger.warning(
                "Slack sent a request that this bot does not handle, so it was not answered. If this happens again, "
                "compare the app's settings with the output of `python -m bot manifest`"
            )
            return
        logger.error("A Slack request failed", exc_info=error)
        if body.get("response_url"):
            user = (body.get("user") or {}).get("id") or body.get("user_id", "")
            channel = (body.get("channel") or {}).get("id") or body.get("channel_id", "")
            team = await services.team(context, body)
            reply = Reply(answer=_FAULT)
            await services.responder.to_response_url(team, body["response_url"], reply, channel=channel, user=user)

    app.error(on_error)
