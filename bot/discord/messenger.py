"""Posts to Discord's channels; a delivery is found again by its nonce, else by its key in the channel's history."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.charts import chart_png
from bot.discord.limits import ALT_TEXT, KEY_MARK, cut
from bot.discord.render import Message, render, split
from handlers.answers import Post
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform

# JSON error codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
_CHANNEL_GONE: Final[Mapping[int, str]] = {
    10003: "it was deleted",
    50001: 'I lack "View Channel" there. A server admin can grant it in the channel\'s permissions',
    50008: "it is not a text channel",
    50013: 'I lack "Send Messages" or "Embed Links" there. A server admin can grant it in the channel\'s permissions',
    50083: "it is an archived thread",
}
_UNKNOWN_GUILD: Final = 10004
_UNKNOWN_MESSAGE: Final = 10008
_THREAD_EXISTS: Final = 160004
_A_DAY_MIN: Final = 1440
_PAGE: Final = 100
_PAGES: Final = 20
_CLOCKS: Final = timedelta(minutes=2)
"""How far Discord's clock and ours may differ."""
_FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError)


class DiscordMessenger:
    """Speaks through a logged-in HTTP client; needs no gateway."""

    def __init__(self, http: HTTPClient, *, bot_id: int) -> None:
        self._http = http
        self._bot_id = str(bot_id)

    @property
    def platform(self) -> Platform:
        return Platform.DISCORD

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        """In a thread, `thread` is the message that it hangs on; the thread is made when it is not there."""
        message = render(post)
        # enforce_nonce gives the message that is there instead of a second one, for some minutes:
        # https://discord.com/developers/docs/resources/message#create-message
        payload = message.payload(key=key) | {"nonce": key, "enforce_nonce": True}
        place = channel.external_id
        if thread is not None:
            place = await self._thread(channel, thread, render(post))
        sent = await self._ask(
            channel, Route("POST", "/channels/{channel_id}/messages", channel_id=place), payload, message
        )
        return str(sent["id"])

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        message = render(post)
        route = Route(
            "PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=channel.external_id, message_id=ref
        )
        await self._ask(channel, route, message.payload(), message)

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        place = thread or channel.external_id
        after = discord.utils.time_snowflake(since - _CLOCKS)
        for _ in range(_PAGES):
            try:
                page = await self._http.request(
                    Route("GET", "/channels/{channel_id}/messages", channel_id=place),
                    params={"limit": _PAGE, "after": after},
                )
            except discord.NotFound:
                if thread is not None:
                    return None  # the thread was never made
                raise PostError(
                    f"I can't post in #{channel.name}: {_CHANNEL_GONE[10003]}.", failure=PostFailure.CHANNEL_GONE
                ) from None
            except _FAILURES as error:
                raise post_error(error, channel.name) from error
            for message in page:
                if message["author"]["id"] == self._bot_id and _carries(message, key):
                    return str(message["id"])
            if len(page) < _PAGE:
                return None
            after = max(int(message["id"]) for message in page)
        raise PostError(
            f"#{channel.name} has had over {_PAGE * _PAGES} messages since; the post could not be looked up.",
            failure=PostFailure.REFUSED,
        )

    async def _thread(self, channel: Channel, message_id: str, message: Message) -> str:
        """The thread that hangs on the message has the message's own id."""
        name = cut(str(message.embed.get("description", "")).replace("*", "").replace("\\", "") or "Updates", 80)
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=channel.external_id,
            message_id=message_id,
        )
        try:
            await self._http.request(route, json={"name": name, "auto_archive_duration": _A_DAY_MIN})
        except discord.HTTPException as error:
            if error.code != _THREAD_EXISTS:
                raise _for_thread(error, channel.name) from error
        except _FAILURES as error:
            # Making a thread twice is harmless: the second time it is there.
            raise PostError("Discord did not confirm a thread.", failure=PostFailure.LATER) from error
        return message_id

    async def _ask(self, channel: Channel, route: Route, payload: dict[str, Any], message: Message) -> Any:
        try:
            return await send(self._http, route, payload, message)
        except _FAILURES as error:
            raise post_error(error, channel.name) from error


async def send(http: HTTPClient, route: Route, payload: dict[str, Any], message: Message) -> Any:
    """The request, with the chart drawn and attached where the message has one. Raises what discord.py raises."""
    if message.chart is None:
        return await http.request(route, json=payload)
    picture = await asyncio.to_thread(chart_png, message.chart)
    body = payload.get("data", payload)
    body["embeds"] = [body["embeds"][0] | {"image": {"url": "attachment://chart.png"}}]
    body["attachments"] = [{"id": 0, "filename": "chart.png", "description": cut(message.chart.alt, ALT_TEXT)}]
    file = discord.File(BytesIO(picture), filename="chart.png")
    form: list[dict[str, Any]] = [
        {"name": "payload_json", "value": json.dumps(payload)},
        {"name": "files[0]", "value": file.fp, "filename": "chart.png", "content_type": "image/png"},
    ]
    return await http.request(route, files=[file], form=form)


def _carries(message: Mapping[str, Any], key: str) -> bool:
    if message.get("nonce") == key:
        return True
    if any(str(embed.get("url", "")).endswith(f"{KEY_MARK}{key}") for embed in message.get("embeds", ())):
        return True
    return any(
        str(button.get("custom_id", "")).endswith(f"{KEY_MARK}{key}")
        for row in message.get("components", ())
        for button in row.get("components", ())
    )


def post_error(error: Exception, channel: str) -> PostError:
    """discord.py's failure in our words. `channel` is its name, for the message."""
    if isinstance(error, discord.RateLimited):
        return PostError(
            "Discord asks to wait.", failure=PostFailure.LATER, retry_after=timedelta(seconds=error.retry_after)
        )
    if isinstance(error, discord.HTTPException):
        if error.status == 429:
            return PostError("Discord asks to wait.", failure=PostFailure.LATER, retry_after=timedelta(minutes=5))
        if error.status >= 500:
            return PostError(f"Discord failed with {error.status}.", failure=PostFailure.PERHAPS)
        if error.status == 401 or error.code == _UNKNOWN_GUILD:
            return PostError("Discord no longer accepts DISCORD_TOKEN.", failure=PostFailure.WORKSPACE_GONE)
        if error.code == _UNKNOWN_MESSAGE:
            return PostError("The message was deleted.", failure=PostFailure.REFUSED)
        if error.code in _CHANNEL_GONE or error.status in (403, 404):
            reason = _CHANNEL_GONE.get(error.code, f"Discord answers {error.status}")
            return PostError(f"I can't post in #{channel}: {reason}.", failure=PostFailure.CHANNEL_GONE)
        return PostError(f"Discord refuses this message: {error.text[:300]}", failure=PostFailure.REFUSED)
    if isinstance(error, aiohttp.ClientConnectorError):
        return PostError("Discord cannot be reached.", failure=PostFailure.LATER)
    # A time-out or a broken connection: Discord may have posted it.
    return PostError(f"Discord did not confirm: {type(error).__name__}.", failure=PostFailure.PERHAPS)


def _for_thread(error: discord.HTTPException, channel: str) -> PostError:
    if error.code == 50013:
        return PostError(
            f'I can\'t open threads in #{channel}: I lack "Create Public Threads" there. '
            "A server admin can grant it in the channel's permissions.",
            failure=PostFailure.REFUSED,
        )
    return post_error(error, channel)
