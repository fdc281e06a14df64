"""Announcement channels: publishes the bot's posts to the servers that follow the channel, as fast as Discord allows.

The limits are those in the headers of Discord's answers (`rate_limits.py`).
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from discord.http import HTTPClient, Route

from bot.discord.failures import ALREADY_DONE, FAILURES

logger = logging.getLogger(__name__)

HOUR_S: Final = 3600.0
_REQUEST_S: Final = 20.0
"""Time limit of a request."""
_RETRY_S: Final = 30.0
_TOO_OLD_S: Final = 2 * HOUR_S
"""A message that was not published within this time is given up."""
_HISTORY: Final = 100
"""Messages to read when a channel is first used."""
# https://discord.com/developers/docs/resources/message#message-object-message-flags
_CROSSPOSTED: Final = 1


@dataclass(slots=True)
class _Queue:
    """The unpublished messages of one announcement channel."""

    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    """(message id, time of posting), oldest first."""
    paused_until: float = 0.0
    has_history: bool = False
    """Whether the messages of a process before this one have been read."""


class Publisher:
    """Publishes in the background: a delivery is complete once the message is in its own channel."""

    def __init__(self, http: HTTPClient, *, bot_id: int) -> None:
        self._http = http
        self._bot_id = str(bot_id)
        self._queues: dict[int, _Queue] = {}
        self._woken = asyncio.Event()

    def watch(self, channel: int) -> None:
        """Start to publish in this channel, also messages that a process before this one left unpublished."""
        if channel not in self._queues:
            self._queues[channel] = _Queue()
            self._woken.set()

    def add(self, channel: int, message: int) -> None:
        """Publish the message as soon as Discord allows."""
        self.watch(channel)
        self._queues[channel].waiting.append((message, self._now()))
        self._woken.set()

    async def run(self) -> None:
        """Publish until the task is cancelled."""
        while True:
            self._woken.clear()
            waits = [await self._publish_due(channel, queue) for channel, queue in list(self._queues.items())]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(waits, default=HOUR_S)):
                    await self._woken.wait()

    async def _publish_due(self, channel: int, queue: _Queue) -> float:
        """Publish what Discord allows now; return the seconds until more may be published."""
        while True:
            now = self._now()
            while queue.waiting and queue.waiting[0][1] < now - _TOO_OLD_S:
                logger.warning(
                    "Message %s was not published within two hours because of Discord's limit", queue.waiting[0][0]
                )
                queue.waiting.popleft()
            if queue.has_history and not queue.waiting:
                return HOUR_S
            if queue.paused_until > now:
                return queue.paused_until - now
            try:
                async with asyncio.timeout(_REQUEST_S):
                    if not queue.has_history:
                        await self._read_history(channel, queue)
                        continue
                    await self._publish(channel, queue)
            except FAILURES as error:
                queue.paused_until = self._now() + _pause_after(error)
                logger.warning("Publishing in channel %s is paused: %s", channel, error)

    async def _publish(self, channel: int, queue: _Queue) -> None:
        message = queue.waiting[0][0]
        route = Route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/crosspost",
            channel_id=channel,
            message_id=message,
        )
        try:
            await self._http.request(route)
        except discord.HTTPException as error:
            if isinstance(error, discord.NotFound):
                queue.waiting.popleft()  # the message was deleted
                return
            if error.code not in ALREADY_DONE:
                raise
        queue.waiting.popleft()

    async def _read_history(self, channel: int, queue: _Queue) -> None:
        """Read which messages of the last hour are not published."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        page = await self._http.request(route, params={"limit": _HISTORY})
        waiting = {message for message, _ in queue.waiting}
        for found in reversed(page):
            id = int(found["id"])
            age = (discord.utils.utcnow() - discord.utils.snowflake_time(id)).total_seconds()
            if found["author"]["id"] != self._bot_id or age > HOUR_S or id in waiting:
                continue
            if not found.get("flags", 0) & _CROSSPOSTED and _is_news(found):
                queue.waiting.append((id, self._now() - age))
        queue.waiting = deque(sorted(queue.waiting))
        queue.has_history = True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _is_news(message: Mapping[str, Any]) -> bool:
    """Return whether the message is an alert or a digest: a notice about the channel has no title and no author."""
    return any("title" in embed or "author" in embed for embed in message.get("embeds", ()))


def _pause_after(error: Exception) -> float:
    """Return the seconds until the next try."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    is_final = isinstance(error, discord.HTTPException) and error.status in (401, 403, 404, 429)
    return HOUR_S if is_final else _RETRY_S


@asynccontextmanager
async def open_publisher(http: HTTPClient, *, bot_id: int) -> AsyncIterator[Publisher]:
    """Yield a publisher that works in the background until the block ends."""
    publisher = Publisher(http, bot_id=bot_id)
    work = asyncio.create_task(publisher.run(), name="discord publisher")
    try:
        yield publisher
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
