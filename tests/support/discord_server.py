"""A small Discord on 127.0.0.1: the REST routes we use, the gateway, interactions, and faults on demand."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.trouble import Trouble

TOKEN = "discord-test-token"
BOT_ID = 1000
APPLICATION_ID = 1000
GUILD_ID = 42
CHANNEL_ID = 77
_EPOCH_MS = 1_420_070_400_000
_CREATE = "POST /api/v10/channels/{channel}/messages"
_POSTING = (
    _CREATE,
    "PATCH /api/v10/channels/{channel}/messages/{message}",
    "GET /api/v10/channels/{channel}/messages",
    "POST /api/v10/channels/{channel}/messages/{message}/threads",
)


def _json(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord sends it: the content type has no charset."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"} | (headers or {})
    )


@dataclass
class Fault:
    """How the next call of a route fails. `after` does it first: the answer is lost, the message stands."""

    status: int = 200
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    drop: bool = False
    after: bool = False


@dataclass
class DiscordServer:
    url: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    threads: set[str] = field(default_factory=set)
    commands: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    remembers_nonces: bool = True
    trouble: Trouble = field(default_factory=Trouble)
    """Befalls the routes that post, edit and look up."""
    _socket: web.WebSocketResponse | None = None
    _last: int = 0
    _sequence: int = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event through the gateway."""
        await asyncio.wait_for(self.ready.wait(), 5)
        assert self._socket is not None
        self._sequence += 1
        await self._socket.send_json({"op": 0, "t": event, "s": self._sequence, "d": data})

    async def interact(self, kind: int, data: dict[str, Any], **more: Any) -> None:
        """A person uses a command (2), a component (3) or types in an option (4)."""
        self._new_id()
        payload: dict[str, Any] = {
            "id": str(self._last),
            "application_id": str(APPLICATION_ID),
            "type": kind,
            "token": f"token-{self._last}",
            "version": 1,
            "guild_id": str(GUILD_ID),
            "channel_id": str(CHANNEL_ID),
            "channel": {
                "id": str(CHANNEL_ID),
                "type": 0,
                "name": "intel",
                "permissions": "0",
                "position": 0,
                "guild_id": str(GUILD_ID),
                "permission_overwrites": [],
            },
            "app_permissions": str((1 << 53) - 1 & ~8),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 10_000_000,
            "member": {
                "user": {"id": "5", "username": "ada", "discriminator": "0", "global_name": "Ada", "avatar": None},
                "permissions": str(1 << 4),
                "roles": [],
                "joined_at": "2020-01-01T00:00:00+00:00",
                "deaf": False,
                "mute": False,
                "flags": 0,
            },
            "data": data,
            **more,
        }
        await self.dispatch("INTERACTION_CREATE", payload)

    async def answer(self) -> dict[str, Any]:
        """The next message said to a person: a direct callback, or the edit of a deferred one."""
        await asyncio.wait_for(self.answered.wait(), 5)
        self.answered.clear()
        last = self.callbacks[-1]
        return dict(self.edits[-1] if last["type"] in (5, 6) else last["data"])

    @web.middleware
    async def _faults(self, request: web.Request, handler: Any) -> web.StreamResponse:
        route = request.match_info.route.resource.canonical if request.match_info.route.resource else ""
        name = f"{request.method} {route}"
        self.calls.append((request.method, request.path))
        needs_token = request.path.startswith("/api") and not re.search("interactions|webhooks", request.path)
        if needs_token and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        fault = self.faults[name].pop(0) if self.faults[name] else None
        if fault is None and name in _POSTING:
            return await self.trouble.meet(
                request, lambda: handler(request), is_post=name == _CREATE, busy=self._busy, failed=self._failed
            )
        if fault is None:
            response: web.StreamResponse = await handler(request)
            return response
        if fault.after:
            await handler(request)
        if fault.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        body: dict[str, Any] = {"message": "fault", "code": fault.code}
        if fault.retry_after is not None:
            body |= {"retry_after": fault.retry_after, "global": False}
        return _json(body, status=fault.status, headers=fault.headers)

    def _busy(self) -> web.Response:
        wait = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
        return _json(wait, status=429, headers={"Via": "1.1 google", "Retry-After": "1"})

    def _failed(self) -> web.Response:
        return _json({"message": "500: Internal Server Error", "code": 0}, status=500)

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body = dict(json.loads(str(form["payload_json"])))
            body["files"] = [name for name in form if name.startswith("files[")]
            return body
        return dict(await request.json())

    def _new_id(self) -> str:
        """It tells the time: https://discord.com/developers/docs/reference#snowflakes"""
        self._last = max(self._last + 1, (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22)
        return str(self._last)

    async def _create(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        place = request.match_info["channel"]
        if body.get("enforce_nonce") and self.remembers_nonces:
            for message in self.messages[place]:
                if message.get("nonce") == body["nonce"]:
                    return _json(message)
        message = body | {"id": self._new_id(), "channel_id": place, "author": {"id": str(BOT_ID)}}
        if not self.remembers_nonces:
            message.pop("nonce", None)
        self.messages[place].append(message)
        return _json(message)

    async def _edit(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        for message in self.messages[request.match_info["channel"]]:
            if message["id"] == request.match_info["message"]:
                message.update(body)
                return _json(message)
        return _json({"message": "Unknown Message", "code": 10008}, status=404)

    async def _history(self, request: web.Request) -> web.Response:
        place = request.match_info["channel"]
        if place not in self.messages and place not in self.threads:
            return _json({"message": "Unknown Channel", "code": 10003}, status=404)
        after = int(request.query.get("after", "0"))
        # The nonce is told to its sender alone: looking back, a message is known by what it says.
        found = [
            {name: value for name, value in message.items() if name != "nonce"}
            for message in self.messages[place]
            if int(message["id"]) > after
        ]
        return _json(found[: int(request.query["limit"])][::-1])

    async def _thread(self, request: web.Request) -> web.Response:
        message = request.match_info["message"]
        if message in self.threads:
            return _json({"message": "exists", "code": 160004}, status=400)
        self.threads.add(message)
        return _json({"id": message, "type": 11})

    async def _me(self, request: web.Request) -> web.Response:
        return _json({"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None, "bot": True})

    async def _application(self, request: web.Request) -> web.Response:
        return _json(
            {
                "id": str(APPLICATION_ID),
                "name": "Wirewatch",
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "00",
                "icon": None,
                "flags": 0,
                "owner": {"id": "1", "username": "o", "discriminator": "0", "avatar": None},
                "team": None,
            }
        )

    async def _gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json({"url": self.url.replace("http", "ws"), "shards": 1, "session_start_limit": limit})

    async def _register(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        return _json([])

    async def _callback(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        self.callbacks.append(body)
        if body["type"] not in (5, 6):
            self.answered.set()
        return web.Response(status=204)

    async def _original(self, request: web.Request) -> web.Response:
        self.edits.append(await self._body(request))
        self.answered.set()
        return _json({"id": "1", "channel_id": str(CHANNEL_ID)})

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            packet = json.loads(message.data)
            if packet["op"] == 1:
                await socket.send_json({"op": 11})
            if packet["op"] == 2:
                await self._say_ready(packet["d"])
        self.ready.clear()
        return socket

    async def _say_ready(self, identify: dict[str, Any]) -> None:
        assert identify["token"] == TOKEN
        assert identify["intents"] == 1, "guilds alone"
        assert self._socket is not None
        user = {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None, "bot": True}
        self._sequence += 1
        ready = {
            "v": 10,
            "user": user,
            "guilds": [],
            "session_id": "s",
            "resume_gateway_url": self.url.replace("http", "ws"),
            "application": {"id": str(APPLICATION_ID), "flags": 0},
        }
        await self._socket.send_json({"op": 0, "t": "READY", "s": self._sequence, "d": ready})
        self.ready.set()


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A Discord of its own for one test."""
    server = DiscordServer()
    app = web.Application(middlewares=[server._faults], client_max_size=20_000_000)
    routes = app.router
    routes.add_post("/api/v10/channels/{channel}/messages", server._create)
    routes.add_patch("/api/v10/channels/{channel}/messages/{message}", server._edit)
    routes.add_get("/api/v10/channels/{channel}/messages", server._history)
    routes.add_post("/api/v10/channels/{channel}/messages/{message}/threads", server._thread)
    routes.add_get("/api/v10/users/@me", server._me)
    routes.add_get("/api/v10/oauth2/applications/@me", server._application)
    routes.add_get("/api/v10/applications/@me", server._application)
    routes.add_get("/api/v10/gateway/bot", server._gateway)
    routes.add_get("/api/v10/gateway", server._gateway)
    routes.add_put("/api/v10/applications/{application}/commands", server._register)
    routes.add_post("/api/v10/interactions/{id}/{token}/callback", server._callback)
    routes.add_patch("/api/v10/webhooks/{application}/{token}/messages/@original", server._original)
    routes.add_get("/", server._listen)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
