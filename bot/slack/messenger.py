"""Posts to Slack's channels and people. A post whose answer was lost is found again by the key in its metadata."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.slack.blocks import ImageOptions, chart_of
from bot.slack.chart_files import ChartFiles
from bot.slack.failures import FAILURES, post_error
from bot.slack.render import NO_IMAGES, Message, render, split
from bot.slack.teams import SlackTeam, Teams
from handlers.answers.answer import Post
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform

EVENT_TYPE: Final = "wirewatch_delivery"
"""Type of the metadata of our posts. Messages that are already posted contain it, so it must not change."""
_PAGE_SIZE: Final = 200
_MAX_PAGES: Final = 10
_CLOCK_SKEW: Final = timedelta(minutes=2)
"""How far Slack's clock and ours may differ."""
_CHART_TIMEOUT_S: Final = 8.0
"""For uploading a chart; the outbox gives the whole post 20 s."""
_IMAGE_ERRORS: Final = ("invalid_blocks", "invalid_blocks_format")
"""Slack's errors for a message with a picture that it cannot show."""
_CACHE_SIZE: Final = 10_000


class SlackMessenger:
    """Posts in every workspace that the bot has a token for."""

    def __init__(self, teams: Teams, chart_files: ChartFiles) -> None:
        self._teams = teams
        self._chart_files = chart_files
        self._direct_messages: dict[tuple[str, str], str] = {}
        """Slack's channel ids of direct messages, by team and user."""

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)

        async def send(message: Message) -> Any:
            return await team.client.chat_postMessage(
                channel=channel_id,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )

        chart_file = await self._chart_files.file_for(team, chart_of(post), timeout_s=_CHART_TIMEOUT_S)
        return str((await self._send(channel, post, chart_file, send))["ts"])

    async def edit(self, channel: Channel, ref: str, post: Post, *, thread: str | None = None) -> None:
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)

        async def send(message: Message) -> Any:
            return await team.client.chat_update(channel=channel_id, ts=ref, text=message.text, blocks=message.blocks)

        await self._send(channel, post, None, send)

    async def _send(self, channel: Channel, post: Post, chart_file: str | None, send: Any) -> Any:
        """Call `send` with the message and return Slack's answer.

        If Slack refuses a picture in the message, it has not posted the message, so it is sent again without pictures.
        """
        message = render(post, ImageOptions(chart_file=chart_file))
        try:
            try:
                return await send(message)
            except SlackApiError as error:
                if not message.has_images or error.response.get("error") not in _IMAGE_ERRORS:
                    raise
                if chart_file is not None:
                    self._chart_files.forget(chart_file)
                return await send(render(post, NO_IMAGES))
        except FAILURES as error:
            raise self._post_error(channel, error) from error

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)
        oldest = f"{(since - _CLOCK_SKEW).timestamp():.6f}"
        cursor = ""
        for _ in range(_MAX_PAGES):
            try:
                page = await _history_page(team, channel_id, thread, oldest, cursor)
            except FAILURES as error:
                raise self._post_error(channel, error) from error
            for message in page.get("messages", ()):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise PostError(
            f"{channel.label} has had more than {_PAGE_SIZE * _MAX_PAGES} messages since this post was sent, so it "
            "cannot be looked up. It may be there.",
            failure=PostFailure.REFUSED,
        )

    async def _channel_id(self, team: SlackTeam, channel: Channel) -> str:
        """Return Slack's id of the channel. "@U1" means the direct messages with the user U1. Raises: PostError."""
        if not channel.external_id.startswith("@"):
            return channel.external_id
        user_id = channel.external_id[1:]
        cache_key = team.id, user_id
        if cache_key not in self._direct_messages:
            try:
                opened = await team.client.conversations_open(users=user_id)
            except FAILURES as error:
                failed = self._post_error(channel, error)
                # Opening a conversation posts nothing, so it can always be repeated.
                failure = PostFailure.LATER if failed.failure is PostFailure.PERHAPS else failed.failure
                raise PostError(str(failed), failure=failure, retry_after=failed.retry_after) from error
            if len(self._direct_messages) >= _CACHE_SIZE:
                self._direct_messages.clear()
            self._direct_messages[cache_key] = str(opened["channel"]["id"])
        return self._direct_messages[cache_key]

    def _post_error(self, channel: Channel, error: Exception) -> PostError:
        failed = post_error(error)
        if failed.failure is PostFailure.WORKSPACE_GONE:
            self._teams.invalidate(channel.workspace_external_id)
        return failed


async def _history_page(team: SlackTeam, channel_id: str, thread: str | None, oldest: str, cursor: str) -> Any:
    """Return a page of the messages of the channel or thread. Raises what slack_sdk raises."""
    if thread is not None:
        return await team.client.conversations_replies(
            channel=channel_id, ts=thread, oldest=oldest, limit=_PAGE_SIZE, cursor=cursor, include_all_metadata=True
        )
    return await team.client.conversations_history(
        channel=channel_id, oldest=oldest, limit=_PAGE_SIZE, cursor=cursor, include_all_metadata=True
    )
