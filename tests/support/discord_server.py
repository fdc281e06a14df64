"""A small Discord on 127.0.0.1: the REST routes that the bot uses, the gateway, interactions, and faults on demand."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.discord_account import BOT, all_routes
from tests.support.discord_faults import Fault
from tests.support.discord_guild import (
    APPLICATION_ID,
    BOT_ID,
    CHANNEL_ID,
    EVERYTHING,
    FORUM,
    GUILD_ID,
    MEDIA,
    STAGE,
    TEXT,
    THREAD,
    VOICE,
    interaction,
)
from tests.support.discord_limits import Limits
from tests.support.discord_replies import json_reply
from tests.support.discord_rest import CREATE_MESSAGE
from tests.support.discord_socket import DiscordSocket
from tests.support.faults import FaultInjection

TOKEN = "discord-test-token"
REQUIRE_TAG = 1 << 4
"""https://discord.com/developers/docs/resources/channel#channel-object-channel-flags"""
_EPOCH_MS = 1_420_070_400_000
_POSTING = (
    CREATE_MESSAGE,
    "PATCH /api/v10/channels/{channel}/messages/{message}",
    "GET /api/v10/channels/{channel}/messages",
    "POST /api/v10/channels/{channel}/messages/{message}/threads",
)
"""The routes that `DiscordServer.trouble` disturbs."""


@dataclass
class DiscordServer:
    """What the server stores, and what the bot has sent to it."""

    url: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """(method, path) of every call."""
    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(route, JSON) of every call with a body. Routes are written as in Discord's API description."""
    kinds: dict[str, int] = field(default_factory=dict)
    """The types of channels; a channel that is not listed is a text channel."""
    bot_may: int = EVERYTHING
    """The bot's permissions in all channels."""
    tags: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """The tags of forums."""
    requires_tags: set[str] = field(default_factory=set)
    """Ids of forums that require a tag on every post."""
    deleted: set[str] = field(default_factory=set)
    """Ids of channels that were deleted."""
    strangers: set[str] = field(default_factory=set)
    """People who are not in the server."""
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    created: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The messages by id as they were first posted, before any edit."""
    threads: set[str] = field(default_factory=set)
    forum_posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    interactions: dict[str, float] = field(default_factory=dict)
    """When each interaction was made, in seconds of `time.monotonic`."""
    clicked: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The message with the clicked button, by the token of the interaction."""
    response_within_s: float = 3.0
    """Discord forgets an interaction that is not responded to within this time."""
    acknowledged: set[str] = field(default_factory=set)
    """Ids of the interactions that have their first response."""
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    follow_ups: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """The files of the content delivery network, by name."""
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    """Faults of the next calls, by route."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    remembers_nonces: bool = True
    trouble: FaultInjection = field(default_factory=FaultInjection)
    """Random failures of the routes that post, edit and look up."""
    limits: Limits = field(default_factory=Limits)
    socket: DiscordSocket = field(default_factory=lambda: DiscordSocket(token=TOKEN, ready_data={}))
    recommended_shards: int = 1
    clock: Callable[[], float] = time.time
    """The time of new messages, in seconds since 1970."""
    last_id: int = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event through the gateway, once a client is connected."""
        await asyncio.wait_for(self.socket.ready.wait(), 20)
        await self.socket.dispatch(event, data)

    def interaction(self, kind: int, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Return an interaction: a command (2), a component (3), an autocompletion (4) or a modal (5)."""
        id = self.new_id()
        self.interactions[id] = time.monotonic()
        self.clicked[f"token-{id}"] = more.get("message", {})
        return interaction(id, self.channel(str(CHANNEL_ID)), kind, data) | more

    async def interact(self, kind: int, data: dict[str, Any], **more: Any) -> None:
        """Send an interaction to the bot."""
        await self.dispatch("INTERACTION_CREATE", self.interaction(kind, data, **more))

    async def answer(self) -> dict[str, Any]:
        """Return the next message to a person: a direct callback, the edit of a deferred one, or a follow-up."""
        await asyncio.wait_for(self.answered.wait(), 20)
        self.answered.clear()
        last = self.callbacks[-1]
        if last["type"] in (5, 6):
            return dict((self.follow_ups or self.edits)[-1])
        return dict(last["data"])

    def new_id(self) -> str:
        """Return a new id, which contains the time: https://discord.com/developers/docs/reference#snowflakes"""
        self.last_id = max(self.last_id + 1, (int(self.clock() * 1000) - _EPOCH_MS) << 22)
        return str(self.last_id)

    def channel(self, id: str) -> dict[str, Any]:
        """Return a channel, thread or forum post as the API describes it."""
        kind = self.kinds.get(id, THREAD if id in self.threads else TEXT)
        channel: dict[str, Any] = {"id": id, "type": kind, "name": f"c{id}", "guild_id": str(GUILD_ID), "position": 0}
        if kind in (FORUM, MEDIA):
            defaults = {"moderated": False, "emoji_id": None, "emoji_name": None}
            channel |= {"available_tags": [defaults | tag for tag in self.tags[id]]}
            channel["flags"] = REQUIRE_TAG if id in self.requires_tags else 0
        if kind in (VOICE, STAGE):
            channel |= {"bitrate": 64_000, "user_limit": 0}
        return channel | {"permission_overwrites": []} | self.forum_posts.get(id, {})

    def add_message(self, channel: str, body: dict[str, Any], id: str | None = None) -> dict[str, Any]:
        """Store a message of the bot."""
        own = {"id": id or self.new_id(), "channel_id": channel, "author": {"id": str(BOT_ID)}}
        message = {"flags": 0} | body | own
        if not self.remembers_nonces:
            message.pop("nonce", None)
        self.messages[channel].append(message)
        self.created[message["id"]] = dict(body)
        return message

    async def read_body(self, request: web.Request) -> Any:
        """Return the JSON body of a request, also of a multipart one, and record it."""
        resource = request.match_info.route.resource
        assert resource is not None
        files: list[str] = []
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body = json.loads(str(form["payload_json"]))
            files = [name for name in form if name.startswith("files[")]
        else:
            body = await request.json()
        self.bodies.append((f"{request.method} {resource.canonical.removeprefix('/api/v10')}", body))
        return body | {"files": files} if files else body

    @web.middleware
    async def handle(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Record a call, check its token, and apply the next fault of its route or random trouble."""
        route = request.match_info.route.resource.canonical if request.match_info.route.resource else ""
        name = f"{request.method} {route}"
        self.calls.append((request.method, request.path))
        needs_token = request.path.startswith("/api") and not re.search("interactions|webhooks", request.path)
        if needs_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return json_reply({"message": "401: Unauthorized", "code": 0}, status=401)
        if self.faults[name]:
            return await self.faults[name].pop(0).meet(request, handler)
        refused = self.limits.refuse(name)
        if refused is not None:
            return refused
        if name in _POSTING and name not in self.limits.buckets:
            return await self.trouble.handle(
                request, lambda: handler(request), is_post=name == CREATE_MESSAGE, busy=_busy, failed=_failed
            )
        response: web.StreamResponse = await handler(request)
        self.limits.describe(name, response)
        return response


def _busy() -> web.Response:
    wait = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
    return json_reply(wait, status=429, headers={"Via": "1.1 google", "Retry-After": "1"})


def _failed() -> web.Response:
    return json_reply({"message": "500: Internal Server Error", "code": 0}, status=500)


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """Start a server for one test."""
    server = DiscordServer()
    app = web.Application(middlewares=[server.handle], client_max_size=20_000_000)
    app.router.add_routes([*all_routes(server), web.get("/", server.socket.listen)])
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    server.socket.unavailable = [str(GUILD_ID)]
    server.socket.ready_data = {
        "v": 10,
        "user": BOT,
        "resume_gateway_url": server.url.replace("http", "ws"),
        "application": {"id": str(APPLICATION_ID), "flags": 0},
    }
    try:
        yield server
    finally:
        await runner.cleanup()
