"""Posts to Slack's channels; a delivery is found again by its key in the message's metadata."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import FAILURES, post_error
from bot.slack.render import render, split
from handlers.answers import Post
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform

EVENT_TYPE: Final = "wirewatch_delivery"
_PAGE: Final = 200
_PAGES: Final = 10
_CLOCKS: Final = timedelta(minutes=2)
"""How far Slack's clock and ours may differ."""


class SlackMessenger:
    """Speaks for one workspace. The client must have no retry handlers: the outbox owns every retry."""

    def __init__(self, client: AsyncWebClient, *, team_id: str) -> None:
        self._client = client
        self._team_id = team_id

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        self._require_own(channel)
        message = render(post)
        try:
            response = await self._client.chat_postMessage(
                channel=channel.external_id,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as error:
            raise post_error(error, channel.name) from error
        return str(response["ts"])

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        self._require_own(channel)
        message = render(post)
        try:
            await self._client.chat_update(
                channel=channel.external_id, ts=ref, text=message.text, blocks=message.blocks
            )
        except FAILURES as error:
            raise post_error(error, channel.name) from error

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        self._require_own(channel)
        oldest = f"{(since - _CLOCKS).timestamp():.6f}"
        cursor = ""
        for _ in range(_PAGES):
            try:
                page = await self._page(channel, thread, oldest, cursor)
            except FAILURES as error:
                raise post_error(error, channel.name) from error
            for message in page.get("messages", ()):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise PostError(
            f"#{channel.name} has had over {_PAGE * _PAGES} messages since; the post could not be looked up.",
            failure=PostFailure.REFUSED,
        )

    async def _page(self, channel: Channel, thread: str | None, oldest: str, cursor: str) -> Any:
        if thread is not None:
            return await self._client.conversations_replies(
                channel=channel.external_id,
                ts=thread,
                oldest=oldest,
                limit=_PAGE,
                cursor=cursor,
                include_all_metadata=True,
            )
        return await self._client.conversations_history(
            channel=channel.external_id, oldest=oldest, limit=_PAGE, cursor=cursor, include_all_metadata=True
        )

    def _require_own(self, channel: Channel) -> None:
        if channel.workspace_external_id != self._team_id:
            raise PostError(
                f"#{channel.name} belongs to another Slack workspace than SLACK_BOT_TOKEN does.",
                failure=PostFailure.WORKSPACE_GONE,
            )
