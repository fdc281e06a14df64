"""A platform on the loopback that keeps every post it gets, knows nothing of idempotency, and fails as told.

It is as unhelpful as a real one: a post that comes twice stands there twice. It may refuse, delay, or store a post and
never say so; and it can tell the test at which point of a request it is, so that the client dies exactly there.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REFUSED, LOST_BEFORE, LOST_AFTER, DROPPED, SLOW = "refused", "lost before", "lost after", "dropped", "slow"


@dataclass(slots=True)
class Message:
    ref: str
    channel: str
    key: str
    thread: str | None
    body: dict[str, Any]
    edits: int = 0


@dataclass(slots=True)
class PlatformServer:
    """What stands in its channels. `trouble` is how often a post goes wrong, 0 to 1."""

    chance: random.Random
    trouble: float = 0.0
    at: Callable[[str], None] = lambda point: None
    """Called with "received", "stored" or "answered" at that point of every post."""
    messages: list[Message] = field(default_factory=list)
    ills: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def alerts(self) -> list[Message]:
        return [message for message in self.messages if message.body["type"] == "alert"]

    async def post(self, request: web.Request) -> web.StreamResponse:
        given = await request.json()
        self.at("received")
        ill = self._ill()
        if ill == REFUSED:
            return web.json_response({"retry_after": 0.5}, status=429)
        if ill == LOST_BEFORE:
            return web.json_response({}, status=503)
        if ill == SLOW:
            await asyncio.sleep(self.chance.uniform(0.005, 0.05))
        message = Message(
            ref=f"m{len(self.messages) + 1}",
            channel=request.match_info["channel"],
            key=given["key"],
            thread=given["thread"],
            body=given["post"],
        )
        self.messages.append(message)
        self.at("stored")
        if ill == LOST_AFTER:
            return web.json_response({}, status=502)
        if ill == DROPPED and request.transport is not None:
            request.transport.close()
        self.at("answered")
        return web.json_response({"ref": message.ref})

    async def edit(self, request: web.Request) -> web.StreamResponse:
        given = await request.json()
        message = next(one for one in self.messages if one.ref == request.match_info["ref"])
        message.body = given["post"]
        message.edits += 1
        return web.json_response({})

    async def find(self, request: web.Request) -> web.StreamResponse:
        channel, key = request.match_info["channel"], request.query["key"]
        refs = [one.ref for one in self.messages if one.channel == channel and one.key == key]
        return web.json_response({"ref": refs[0] if refs else None})

    def _ill(self) -> str | None:
        if self.chance.random() >= self.trouble:
            return None
        ill = self.chance.choice((REFUSED, LOST_BEFORE, LOST_AFTER, DROPPED, SLOW))
        self.ills[ill] += 1
        return ill


@asynccontextmanager
async def platform_server(chance: random.Random) -> AsyncIterator[PlatformServer]:
    """The server, listening on a free port of the loopback."""
    server = PlatformServer(chance=chance)
    app = web.Application()
    app.add_routes(
        [
            web.post("/channels/{channel}/messages", server.post),
            web.get("/channels/{channel}/messages", server.find),
            web.patch("/messages/{ref}", server.edit),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        yield server
    finally:
        await runner.cleanup()
