"""Posts to Slack's channels and people; a delivery is found again by its key in the message's metadata."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import Look, chart_of
from bot.slack.chart_files import Pictures
from bot.slack.failures import FAILURES, post_error
from bot.slack.render import PLAIN, Message, render, split
from bot.slack.teams import Clients, Speaker
from handlers.answers.answer import Post
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform

EVENT_TYPE: Final = "wirewatch_delivery"
_PAGE: Final = 200
_PAGES: Final = 10
_CLOCKS: Final = timedelta(minutes=2)
"""How far Slack's clock and ours may differ."""
_PICTURE_S: Final = 8.0
"""For a chart's upload; the outbox gives the whole post 20 s."""
_BAD_PICTURE: Final = ("invalid_blocks", "invalid_blocks_format")
_REMEMBERED: Final = 10_000


class SlackMessenger:
    """Speaks for every workspace that there is a token of."""

    def __init__(self, clients: Clients, pictures: Pictures) -> None:
        self._clients = clients
        self._pictures = pictures
        self._talks: dict[tuple[str, str], str] = {}
        """Slack's id of the direct messages with a person, by team and person."""

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        speaker = await self._clients.of(channel.workspace_external_id)
        place = await self._place(speaker, channel)

        async def send(message: Message) -> Any:
            return await speaker.client.chat_postMessage(
                channel=place,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )

        chart = await self._pictures.file_of(speaker, chart_of(post), within_s=_PICTURE_S)
        return str((await self._shown(channel, post, chart, send))["ts"])

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        speaker = await self._clients.of(channel.workspace_external_id)
        place = await self._place(speaker, channel)

        async def send(message: Message) -> Any:
            return await speaker.client.chat_update(channel=place, ts=ref, text=message.text, blocks=message.blocks)

        await self._shown(channel, post, None, send)

    async def _shown(self, channel: Channel, post: Post, chart: str | None, send: Any) -> Any:
        """Slack's answer. A message with a picture that Slack refuses goes once more, without: it was not posted."""
        message = render(post, Look(chart_file=chart))
        try:
            try:
                return await send(message)
            except SlackApiError as error:
                if not message.has_pictures or error.response.get("error") not in (
                    "invalid_blocks",
                    "invalid_blocks_format",
                ):
                    raise
                if chart is not None:
                    self._pictures.forget(chart)
                return await send(render(post, PLAIN))
        except FAILURES as error:
            raise self._failed(channel, error) from error

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        speaker = await self._clients.of(channel.workspace_external_id)
        place = await self._place(speaker, channel)
        oldest = f"{(since - _CLOCKS).timestamp():.6f}"
        cursor = ""
        for _ in range(_PAGES):
            try:
                page = await _page(speaker, place, thread, oldest, cursor)
            except FAILURES as error:
                raise self._failed(channel, error) from error
            for message in page.get("messages", ()):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise PostError(
            f"{channel.label} has had over {_PAGE * _PAGES} messages since; the post could not be looked up.",
            failure=PostFailure.REFUSED,
        )

    async def _place(self, speaker: Speaker, channel: Channel) -> str:
        """Slack's id of the channel, or of the direct messages with the person that "@U1" names. Raises: PostError."""
        if not channel.external_id.startswith("@"):
            return channel.external_id
        person = channel.external_id[1:]
        known = speaker.team_id, person
        if known not in self._talks:
            try:
                opened = await speaker.client.conversations_open(users=person)
            except FAILURES as error:
                failed = self._failed(channel, error)
                # Nothing is posted by opening.
                again = failed.failure is PostFailure.PERHAPS
                failure = PostFailure.LATER if again else failed.failure
                raise PostError(str(failed), failure=failure, retry_after=failed.retry_after) from error
            if len(self._talks) >= _REMEMBERED:
                self._talks.clear()
            self._talks[known] = str(opened["channel"]["id"])
        return self._talks[known]

    def _failed(self, channel: Channel, error: Exception) -> PostError:
        failed = post_error(error)
        if failed.failure is PostFailure.WORKSPACE_GONE:
            self._clients.forget(channel.workspace_external_id)
        return failed


async def _page(speaker: Speaker, place: str, thread: str | None, oldest: str, cursor: str) -> Any:
    if thread is not None:
        return await speaker.client.conversations_replies(
            channel=place, ts=thread, oldest=oldest, limit=_PAGE, cursor=cursor, include_all_metadata=True
        )
    return await speaker.client.conversations_history(
        channel=place, oldest=oldest, limit=_PAGE, cursor=cursor, include_all_metadata=True
    )
