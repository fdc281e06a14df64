"""Announcement channels: what is posted there is published to the servers that follow them, within Discord's budget."""

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

from bot.discord.failures import DONE_BEFORE, FAILURES

logger = logging.getLogger(__name__)

# Second-hand and seen often: https://github.com/discord/discord-api-docs/issues/6086. What an answer says comes first.
PUBLISHED_AN_HOUR: Final = 10
EDITS_AN_HOUR: Final = 3
HOUR_S: Final = 3600.0
_PATIENCE_S: Final = 20.0
_AGAIN_S: Final = 30.0
_TOO_OLD_S: Final = 2 * HOUR_S
_LOOK_BACK: Final = 100
# https://discord.com/developers/docs/resources/message#message-object-message-flags
_CROSSPOSTED: Final = 1


class Window:
    """So many in an hour. Times are the loop's, in seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        full = len(self._times) == self._most
        return max(0.0, self._times[0] + HOUR_S - now) if full else 0.0

    def use(self, now: float) -> None:
        self._times.append(now)


@dataclass(slots=True)
class _Desk:
    """One announcement channel."""

    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    """(message, when it was posted), oldest first."""
    window: Window = field(default_factory=lambda: Window(PUBLISHED_AN_HOUR))
    open_at: float = 0.0
    looked_back: bool = False


class Publisher:
    """Publishes in the background: a post is done when it stands in its own channel."""

    def __init__(self, http: HTTPClient, *, bot_id: int) -> None:
        self._http = http
        self._bot_id = str(bot_id)
        self._desks: dict[int, _Desk] = {}
        self._edits: dict[int, Window] = {}
        """By message, of those that are known to be published."""
        self._woken = asyncio.Event()

    def watch(self, channel: int) -> None:
        """Something happens in this channel: what a process before this one left unpublished is published too."""
        if channel not in self._desks:
            self._desks[channel] = _Desk()
            self._woken.set()

    def add(self, channel: int, message: int) -> None:
        """Publish it when the budget allows."""
        self.watch(channel)
        self._desks[channel].waiting.append((message, self._now()))
        self._woken.set()

    def edit_wait(self, message: int) -> float:
        """Seconds until this message may be edited; 0 where it is not published, or may be now."""
        window = self._edits.get(message)
        return 0.0 if window is None else window.wait(self._now())

    def edited(self, message: int) -> None:
        if message in self._edits:
            self._edits[message].use(self._now())

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._woken.clear()
            waits = [await self._work(channel, desk) for channel, desk in list(self._desks.items())]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(waits, default=HOUR_S)):
                    await self._woken.wait()

    async def _work(self, channel: int, desk: _Desk) -> float:
        """Publish what may be published now; seconds until more may be."""
        while True:
            now = self._now()
            while desk.waiting and desk.waiting[0][1] < now - _TOO_OLD_S:
                logger.warning("Message %s was not published: the channel's budget was used up", desk.waiting[0][0])
                desk.waiting.popleft()
            if desk.looked_back and not desk.waiting:
                return HOUR_S
            wait = max(desk.open_at - now, desk.window.wait(now) if desk.looked_back else 0.0)
            if wait > 0:
                return wait
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    if not desk.looked_back:
                        await self._look_back(channel, desk)
                        continue
                    await self._publish(channel, desk)
            except FAILURES as error:
                desk.open_at = self._now() + _refused_for(error)
                logger.warning("Publishing in channel %s waits: %s", channel, error)

    async def _publish(self, channel: int, desk: _Desk) -> None:
        message = desk.waiting[0][0]
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
                desk.waiting.popleft()  # deleted meanwhile
                return
            if error.code not in DONE_BEFORE:
                raise
        desk.window.use(self._now())
        self._edits[message] = Window(EDITS_AN_HOUR)
        desk.waiting.popleft()

    async def _look_back(self, channel: int, desk: _Desk) -> None:
        """What of the last hour is published already, and what is not."""
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        page = await self._http.request(route, params={"limit": _LOOK_BACK})
        waiting = {message for message, _ in desk.waiting}
        for found in reversed(page):
            id = int(found["id"])
            age = (discord.utils.utcnow() - discord.utils.snowflake_time(id)).total_seconds()
            if found["author"]["id"] != self._bot_id or age > HOUR_S or id in waiting:
                continue
            if found.get("flags", 0) & _CROSSPOSTED:
                desk.window.use(self._now() - age)
                self._edits[id] = Window(EDITS_AN_HOUR)
            elif _is_news(found):
                desk.waiting.append((id, self._now() - age))
        desk.waiting = deque(sorted(desk.waiting))
        desk.looked_back = True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _is_news(message: Mapping[str, Any]) -> bool:
    """An alert has a headline, a digest a heading; what is said about the channel itself has neither."""
    return any("title" in embed or "author" in embed for embed in message.get("embeds", ()))


def _refused_for(error: Exception) -> float:
    """Seconds until it is worth another try."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    is_final = isinstance(error, discord.HTTPException) and error.status in (401, 403, 404, 429)
    return HOUR_S if is_final else _AGAIN_S


@asynccontextmanager
async def open_publisher(http: HTTPClient, *, bot_id: int) -> AsyncIterator[Publisher]:
    """Publishes until it is closed."""
    publisher = Publisher(http, bot_id=bot_id)
    work = asyncio.create_task(publisher.run(), name="discord publisher")
    try:
        yield publisher
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
