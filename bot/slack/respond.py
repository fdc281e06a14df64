"""How an answer reaches a person: a response address, an ephemeral message, a thread, a modal, a file."""

import logging
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.blocks import Look, chart_of
from bot.slack.chart_files import Pictures
from bot.slack.failures import FAILURES
from bot.slack.render import PLAIN, Message, render
from bot.slack.teams import Speaker
from bot.slack.views import View
from handlers.answers.answer import Answer, Notice, Reply

logger = logging.getLogger(__name__)

_PICTURE_S: Final = 1.5
"""A person waits: after that the chart comes in characters."""


class Responder:
    """Says things to people. What Slack refuses is logged and, where there is another way, said on that."""

    def __init__(self, session: aiohttp.ClientSession, pictures: Pictures) -> None:
        self._session = session
        self._pictures = pictures

    async def by_url(
        self, speaker: Speaker, url: str, reply: Reply, *, channel: str, user: str, replaces: bool = False
    ) -> None:
        """Through a response address: it can be used 5 times within 30 minutes; we use it once, twice at most.

        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
        Where it is used up, the person hears it in an ephemeral message.
        """
        hook = AsyncWebhookClient(url, session=self._session, retry_handlers=[])
        message = await self._rendered(speaker, reply.answer)
        taken = await _taken(hook, message, reply, replaces)
        if not taken and message.has_pictures:
            message = render(reply.answer, PLAIN)
            taken = await _taken(hook, message, reply, replaces)
        if not taken and reply.public:
            await self._post(speaker, channel, message)
        elif not taken:
            await self._alone(speaker, channel, user, message)
        await self._hand_over(speaker, user, reply.answer)

    async def alone(self, speaker: Speaker, channel: str, user: str, answer: Answer, thread: str | None = None) -> None:
        """In the channel, to this person only."""
        await self._alone(speaker, channel, user, await self._rendered(speaker, answer), thread)
        await self._hand_over(speaker, user, answer)

    async def in_channel(self, speaker: Speaker, channel: str, answer: Answer, thread: str | None = None) -> bool:
        """To everyone in the channel, or under a message. False: Slack does not let us write there."""
        return await self._post(speaker, channel, await self._rendered(speaker, answer), thread)

    async def open_view(self, speaker: Speaker, trigger: str, view: View, *, push: bool = False) -> bool:
        """A modal, or one above it. False: the trigger is older than 3 s, or three modals are open."""
        try:
            if push:
                await speaker.client.views_push(trigger_id=trigger, view=view)
            else:
                await speaker.client.views_open(trigger_id=trigger, view=view)
        except FAILURES as error:
            logger.info("Slack opened no modal: %s", _named(error))
            return False
        return True

    async def update_view(self, speaker: Speaker, shown: dict[str, Any], view: View, *, only_if_same: bool) -> None:
        """Put another in its place; `only_if_same`: not where it changed meanwhile."""
        try:
            await speaker.client.views_update(
                view_id=shown["id"], view=view, hash=shown.get("hash") if only_if_same else None
            )
        except FAILURES as error:
            logger.info("Slack kept the old view: %s", _named(error))

    async def publish_home(self, speaker: Speaker, user: str, view: View) -> None:
        try:
            await speaker.client.views_publish(user_id=user, view=view)
        except FAILURES as error:
            logger.warning("Slack did not take a Home: %s", _named(error))

    async def _rendered(self, speaker: Speaker, answer: Answer) -> Message:
        file = await self._pictures.file_of(speaker, chart_of(answer), within_s=_PICTURE_S)
        return render(answer, Look(chart_file=file))

    async def _alone(
        self, speaker: Speaker, channel: str, user: str, message: Message, thread: str | None = None
    ) -> None:
        if channel.startswith("@"):
            await self._post(speaker, user, message)
            return
        try:
            await speaker.client.chat_postEphemeral(
                channel=channel, user=user, text=message.text, blocks=message.blocks, thread_ts=thread
            )
        except FAILURES as error:
            logger.warning("An answer did not reach its person: %s", _named(error))

    async def _post(self, speaker: Speaker, channel: str, message: Message, thread: str | None = None) -> bool:
        try:
            await speaker.client.chat_postMessage(
                channel=channel.removeprefix("@"),
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as error:
            logger.info("Slack did not take an answer: %s", _named(error))
            return False
        return True

    async def _hand_over(self, speaker: Speaker, user: str, answer: Answer) -> None:
        """The file of an answer, in the direct messages with the person."""
        if not isinstance(answer, Notice) or answer.file is None:
            return
        name, text = answer.file
        try:
            talk = await speaker.client.conversations_open(users=user)
            await speaker.client.files_upload_v2(channel=talk["channel"]["id"], filename=name, title=name, content=text)
        except FAILURES as error:
            logger.warning("A file did not reach its person: %s", _named(error))


async def _taken(hook: AsyncWebhookClient, message: Message, reply: Reply, replaces: bool) -> bool:
    try:
        response = await hook.send(
            text=message.text,
            blocks=message.blocks,
            response_type="in_channel" if reply.public else "ephemeral",
            replace_original=replaces,
            unfurl_links=False,
            unfurl_media=False,
        )
    except FAILURES as error:
        logger.info("A response address did not take an answer: %s", type(error).__name__)
        return False
    return response.status_code == 200 and '"ok":false' not in response.body.replace(" ", "")


def _named(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
