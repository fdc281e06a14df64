"""A small Slack on 127.0.0.1: Web API, files, OAuth and Socket Mode, with faults on demand."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from tests.support.faults import FaultInjection
from tests.support.slack_api import BOT, BOT_TOKEN, TEAM, SlackApi
from tests.support.slack_payloads import SlackPayloads

__all__ = (
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SIGNING_SECRET",
    "TEAM",
    "Fault",
    "SlackServer",
    "eventually",
    "slack_server",
)

APP_TOKEN = "xapp-test-token-000000000000"
SIGNING_SECRET = "test-signing-secret-0123456789"
CLIENT_ID, CLIENT_SECRET = "12.34", "test-client-secret-0123456789"
_POSTING = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
_RATE_LIMITED = {"ok": False, "error": "ratelimited"}

T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]]) -> T:
    """Call `look` until it returns something true, and return that."""
    for _ in range(4_000):
        if found := await look():
            return found
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


@dataclass
class Fault:
    """How the next call of a method fails."""

    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    """Cut the connection instead of answering."""
    after: bool = False
    """Do what the method does before failing, as if only the answer was lost."""
    hang_s: float = 0.0
    """Wait before answering."""
    needed: str = ""
    """The missing scope."""
    body: str | None = None
    """Sent instead of JSON, as a proxy in front of Slack does."""
    content_type: str = "text/html"

    async def meet(self, request: web.Request) -> web.Response:
        """Answer the request with this fault."""
        await asyncio.sleep(self.hang_s)
        if self.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if self.body is not None:
            headers = self.headers | {"Content-Type": self.content_type}
            return web.Response(status=self.status, body=self.body.encode("utf-8", "surrogateescape"), headers=headers)
        answer = {"ok": False, "error": self.error} | ({"needed": self.needed} if self.needed else {})
        return web.json_response(answer, status=self.status, headers=self.headers)


@dataclass
class SlackServer(SlackPayloads, SlackApi):
    """The server. Tests read what it stored, set its faults, and send payloads to the bot."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(method, arguments) of every call of the Web API."""
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    """Faults of the next calls, by method."""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the bot holds a socket."""
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    """What the bot sent through its socket."""
    trouble: FaultInjection = field(default_factory=FaultInjection)
    """Random faults of the methods that post, edit and look up."""
    response_fault: tuple[int, str] | None = None
    """(status, text) of the next answer of the response URL."""
    _socket: web.WebSocketResponse | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def send(self, kind: str, payload: dict[str, Any], envelope: str = "e1") -> None:
        """Send a payload through the socket."""
        await asyncio.wait_for(self.connected.wait(), 20)
        assert self._socket is not None
        await self._socket.send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        )

    async def refresh(self) -> None:
        """Ask the bot to open a new connection, as Slack does every few hours, and wait until it has."""
        await asyncio.wait_for(self.connected.wait(), 20)
        old = self._socket
        assert old is not None
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})

        async def is_new() -> bool:
            return self._socket is not old

        await eventually(is_new)

    def share(self, name: str, body: bytes, *, channel: str, mimetype: str = "text/plain") -> str:
        """Store a file that somebody shared in the channel, and return its id."""
        return self.upload(name, body, channel=channel, mimetype=mimetype, url=self.url)

    async def reply(self) -> dict[str, Any]:
        """Wait for the next answer through a response URL or in an ephemeral message."""
        await asyncio.wait_for(self.answered.wait(), 20)
        self.answered.clear()
        return self.responses[-1]

    async def view(self, count: int = 1) -> tuple[str, dict[str, Any]]:
        """Wait for the `count`th view, and return it with the method that showed it."""
        return (await self._wait(lambda: self.views[:count] if len(self.views) >= count else ()))[-1]

    async def message(self, channel: str, count: int = 1) -> dict[str, Any]:
        """Wait for the `count`th message of a channel."""
        messages = self.messages[channel]
        return (await self._wait(lambda: messages[:count] if len(messages) >= count else ()))[-1]

    async def acknowledgement(self, envelope: str) -> dict[str, Any]:
        """Wait until a payload is acknowledged, and return what it was acknowledged with."""
        found = await self._wait(lambda: [each for each in self.acknowledged if each["envelope_id"] == envelope])
        return dict(found[0].get("payload") or {})

    async def _wait(self, look: Callable[[], Sequence[T]]) -> Sequence[T]:
        async def looked() -> Sequence[T]:
            return look()

        return await eventually(looked)

    def _team(self, request: web.Request) -> str | None:
        return self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await _body(request)
        self.calls.append((method, body))
        is_app = request.headers.get("Authorization", "") == f"Bearer {APP_TOKEN}"
        team = self._team(request)
        if team is None and not is_app and method != "oauth.v2.access":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.faults[method]:
            fault = self.faults[method].pop(0)
            if fault.after:
                self._answer(method, body, team or TEAM)
            return await fault.meet(request)

        async def act() -> web.Response:
            answer = self._answer(method, body, team or TEAM)
            if answer.get("error") == "ratelimited" and self.history_limit is not None:
                headers = {"Retry-After": str(self.history_limit.wait_s())}
                return web.json_response(answer, status=429, headers=headers)
            return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

        if method not in _POSTING:
            return await act()
        return await self.trouble.handle(
            request,
            act,
            is_post=method == "chat.postMessage",
            busy=lambda: web.json_response(_RATE_LIMITED, status=429, headers={"Retry-After": "1"}),
            failed=lambda: web.json_response({"ok": False, "error": "internal_error"}, status=500),
        )

    def _answer(self, method: str, body: dict[str, Any], team: str) -> dict[str, Any]:
        match method:
            case "apps.connections.open":
                return {"ok": True, "url": self.url.replace("http", "ws") + "/socket"}
            case "files.getUploadURLExternal":
                id = f"F{len(self.files) + 1:09}"
                self.files[id] = {"id": id, "name": body["filename"], "alt": body.get("alt_txt", ""), "polls": 0}
                return {"ok": True, "file_id": id, "upload_url": f"{self.url}/files/{id}"}
        return self.api_answer(method, body, team)

    async def _respond(self, request: web.Request) -> web.Response:
        if self.response_fault is not None:
            (status, text), self.response_fault = self.response_fault, None
            return web.Response(status=status, text=text)
        self.respond(await request.json())
        return web.Response(text="ok")

    async def _receive_file(self, request: web.Request) -> web.Response:
        self.files[request.match_info["id"]]["body"] = await request.read()
        return web.Response(text="OK")

    async def _send_file(self, request: web.Request) -> web.Response:
        if self._team(request) is None:
            return web.Response(status=403)
        return web.Response(body=self.files[request.match_info["id"]]["body"])

    async def _open_socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data))
        if self._socket is socket:
            self.connected.clear()
        return socket


async def _body(request: web.Request) -> dict[str, Any]:
    """Return the arguments of a call, whether sent as JSON or as a form."""
    if request.content_type == "application/json":
        return dict(await request.json())
    form = {name: str(value) for name, value in (await request.post()).items()} | dict(request.query)
    for name in ("blocks", "metadata", "view", "files"):
        if name in form:
            form[name] = json.loads(form[name])
    return form


@asynccontextmanager
async def slack_server() -> AsyncIterator[SlackServer]:
    """Serve a Slack of its own for one test."""
    server = SlackServer()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/api/{method}", server._api)
    app.router.add_post("/respond", server._respond)
    app.router.add_post("/files/{id}", server._receive_file)
    app.router.add_get("/files/{id}", server._send_file)
    app.router.add_get("/socket", server._open_socket)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
