"""Delivers answers to people: through a response URL, as an ephemeral message, in a channel, in a view, as a file."""

import asyncio
import logging
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.blocks import ImageOptions, chart_of
from bot.slack.chart_files import ChartFiles
from bot.slack.failures import FAILURES
from bot.slack.render import NO_IMAGES, Message, render
from bot.slack.teams import SlackTeam
from bot.slack.views import View, home
from handlers.answers.answer import Answer, Notice, Reply
from handlers.commands.home import Home

logger = logging.getLogger(__name__)

_PAUSES_S: Final = (0.2, 1.0)
"""Before each further attempt to deliver an answer."""
_CHART_TIMEOUT_S: Final = 1.5
"""A person waits for the answer, so a chart whose upload takes longer is shown as text."""


class Responder:
    """Answers people. If Slack refuses an answer, it is logged and, where possible, delivered in another way."""

    def __init__(self, session: aiohttp.ClientSession, chart_files: ChartFiles) -> None:
        self._session = session
        self._chart_files = chart_files

    async def to_response_url(
        self, team: SlackTeam, url: str, reply: Reply, *, channel: str, user: str, replaces: bool = False
    ) -> None:
        """Answer through a response URL, and if that is used up, in the channel or in an ephemeral message.

        `replaces` replaces the message that the person clicked in. A response URL accepts 5 messages within 30
        minutes; this uses one of them, or two if Slack refuses the pictures.
        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        """
        webhook = AsyncWebhookClient(url, session=self._session, retry_handlers=[])
        message = await self._render(team, reply.answer)
        accepted = await _send(webhook, message, reply, replaces)
        if not accepted and message.has_images:
            message = render(reply.answer, NO_IMAGES)
            accepted = await _send(webhook, message, reply, replaces)
        if not accepted and reply.public:
            await self._post(team, channel, message)
        elif not accepted:
            await self._post_ephemeral(team, channel, user, message)
        await self._send_file(team, user, reply.answer)

    async def to_person(
        self, team: SlackTeam, channel: str, user: str, answer: Answer, thread: str | None = None
    ) -> None:
        """Answer in the channel or thread, visible to this person only."""
        await self._post_ephemeral(team, channel, user, await self._render(team, answer), thread)
        await self._send_file(team, user, answer)

    async def to_channel(self, team: SlackTeam, channel: str, answer: Answer, thread: str | None = None) -> bool:
        """Answer in the channel or thread, visible to everybody. Return whether Slack accepted the message."""
        return await self._post(team, channel, await self._render(team, answer), thread)

    async def open_view(self, team: SlackTeam, trigger_id: str, view: View, *, push: bool = False) -> bool:
        """Open a modal, or push it on top of the open one. Return whether Slack accepted it.

        Slack refuses a trigger that is older than 3 s, and a fourth modal on top of three.
        """
        try:
            if push:
                await team.client.views_push(trigger_id=trigger_id, view=view)
            else:
                await team.client.views_open(trigger_id=trigger_id, view=view)
        except FAILURES as error:
            logger.info("Slack opened no modal: %s", _error_name(error))
            return False
        return True

    async def update_view(self, team: SlackTeam, shown: dict[str, Any], view: View, *, only_if_same: bool) -> None:
        """Replace a view. With `only_if_same`, Slack refuses this if the view has changed since `shown` was sent."""
        try:
            await team.client.views_update(
                view_id=shown["id"], view=view, hash=shown.get("hash") if only_if_same else None
            )
        except FAILURES as error:
            logger.info("Slack did not update a view: %s", _error_name(error))

    async def publish_home(self, team: SlackTeam, user: str, shown: Home) -> None:
        """Show the person's Home; with its chart as text if Slack does not accept the picture."""
        chart = None if shown.my_day is None else shown.my_day.chart
        file_id = await self._chart_files.file_for(team, chart, timeout_s=_CHART_TIMEOUT_S)
        for chart_file in dict.fromkeys((file_id, None)):
            try:
                await team.client.views_publish(user_id=user, view=home(shown, ImageOptions(chart_file=chart_file)))
            except FAILURES as error:
                logger.warning("Slack did not accept a Home: %s", _error_name(error))
            else:
                return

    async def _render(self, team: SlackTeam, answer: Answer) -> Message:
        file_id = await self._chart_files.file_for(team, chart_of(answer), timeout_s=_CHART_TIMEOUT_S)
        return render(answer, ImageOptions(chart_file=file_id))

    async def _post_ephemeral(
        self, team: SlackTeam, channel: str, user: str, message: Message, thread: str | None = None
    ) -> None:
        if channel.startswith("@"):
            await self._post(team, user, message)
            return
        try:
            await team.client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=message.blocks, thread_ts=thread
            )
        except FAILURES as error:
            logger.warning("Slack did not accept an answer to a person: %s", _error_name(error))

    async def _post(self, team: SlackTeam, channel: str, message: Message, thread: str | None = None) -> bool:
        try:
            await team.client.chat_postMessage(
                channel=channel.removeprefix("@"),
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as error:
            logger.info("Slack did not accept an answer: %s", _error_name(error))
            return False
        return True

    async def _send_file(self, team: SlackTeam, user: str, answer: Answer) -> None:
        """Send the file of an answer, if it has one, in the direct messages with the person."""
        if not isinstance(answer, Notice) or answer.file is None:
            return
        name, text = answer.file
        try:
            opened = await team.client.conversations_open(users=user)
            channel_id = opened["channel"]["id"]
            await team.client.files_upload_v2(channel=channel_id, filename=name, title=name, content=text)
        except FAILURES as error:
            logger.warning("Slack did not accept a file for a person: %s", _error_name(error))


async def _send(webhook: AsyncWebhookClient, message: Message, reply: Reply, replaces: bool) -> bool:
    """Send the answer, again if it may not have arrived. Return whether Slack accepted it."""
    for pause_s in (*_PAUSES_S, None):
        try:
            response = await webhook.send(
                text=message.text,
                blocks=message.blocks,
                response_type="in_channel" if reply.public else "ephemeral",
                replace_original=replaces,
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as error:
            logger.info("A response URL did not accept an answer: %s", type(error).__name__)
        else:
            if response.status_code < 500 and response.status_code != 429:
                return response.status_code == 200 and '"ok":false' not in response.body.replace(" ", "")
        if pause_s is not None:
            await asyncio.sleep(pause_s)
    return False


def _error_name(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
