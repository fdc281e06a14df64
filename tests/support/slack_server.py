"""A small Slack on 127.0.0.1: the Web API methods we use, files, views, OAuth, Socket Mode, and faults on demand."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from tests.support.faults import FaultInjection

TEAM = "T0WIRE"
BOT = "U0BOT"
BOT_TOKEN = "xoxb-test-token-000000000000"
APP_TOKEN = "xapp-test-token-000000000000"
SIGNING_SECRET = "test-signing-secret-0123456789"
CLIENT_ID, CLIENT_SECRET = "12.34", "test-client-secret-0123456789"
_POSTING = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")


T = TypeVar("T")


async def eventually(look: Callable[[], Awaitable[T]]) -> T:
    """What it looks for, as soon as it is there."""
    for _ in range(4_000):
        if found := await look():
            return found
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


@dataclass
class Fault:
    """How the next call of a method fails. `after` posts first: the answer is lost, the message stands.

    `hang_s` answers too late for a client that is in a hurry.
    """

    status: int = 200
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    after: bool = False
    hang_s: float = 0.0
    needed: str = ""
    """The scope that is missing."""


@dataclass
class SlackServer:
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    responses: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, list[str]] = field(default_factory=dict)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    trouble: FaultInjection = field(default_factory=FaultInjection)
    """Befalls the methods that post, edit and look up."""
    views: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(method, view), as they were opened, updated and published."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    installs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What oauth.v2.access gives for a code or a refresh token."""
    tokens: dict[str, str] = field(default_factory=lambda: {BOT_TOKEN: TEAM})
    """The team of every token that is good."""
    member_of: dict[str, list[str]] = field(default_factory=dict)
    """The channels of a person."""
    response_fault: tuple[int, str] | None = None
    """What the response address answers, once."""
    _socket: web.WebSocketResponse | None = None
    _last: int = 0
    """Microseconds: the `ts` of the newest message, which no other has."""

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def send(self, kind: str, payload: dict[str, Any], envelope: str = "e1") -> None:
        """Bring a payload through the socket."""
        await asyncio.wait_for(self.connected.wait(), 20)
        assert self._socket is not None
        await self._socket.send_json(
            {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        )

    async def refresh(self) -> None:
        """Ask the bot to connect anew, as Slack does every few hours, and wait until it has."""
        await asyncio.wait_for(self.connected.wait(), 20)
        old = self._socket
        assert old is not None
        await old.send_json({"type": "disconnect", "reason": "refresh_requested"})

        async def is_new() -> bool:
            return self._socket is not old

        await eventually(is_new)

    def command(self, name: str, text: str, **more: Any) -> dict[str, Any]:
        """A slash command's payload."""
        return {
            "command": f"/{name}",
            "text": text,
            "team_id": TEAM,
            "team_domain": "wire",
            "channel_id": "C1",
            "channel_name": "intel",
            "user_id": "U1",
            "user_name": "ada",
            "response_url": f"{self.url}/respond",
            "trigger_id": "1.2.3",
            **more,
        }

    async def reply(self) -> dict[str, Any]:
        """The next thing said through a response address."""
        await asyncio.wait_for(self.answered.wait(), 20)
        self.answered.clear()
        return self.responses[-1]

    async def view(self, count: int = 1) -> tuple[str, dict[str, Any]]:
        """The view that is opened, updated or published as the `count`th."""
        return (await self._come(lambda: self.views[:count] if len(self.views) >= count else ()))[-1]

    async def message(self, channel: str, count: int = 1) -> dict[str, Any]:
        """The `count`th message of a channel."""
        messages = self.messages[channel]
        return (await self._come(lambda: messages[:count] if len(messages) >= count else ()))[-1]

    async def answer_of(self, envelope: str) -> dict[str, Any]:
        """What a payload was acknowledged with."""
        found = await self._come(lambda: [one for one in self.acknowledged if one["envelope_id"] == envelope])
        return dict(found[0].get("payload") or {})

    async def _come(self, look: Callable[[], Sequence[T]]) -> Sequence[T]:
        async def looked() -> Sequence[T]:
            return look()

        return await eventually(looked)

    def event(self, event_id: str, event: dict[str, Any], team: str = TEAM) -> dict[str, Any]:
        """An event's payload."""
        return {"type": "event_callback", "team_id": team, "event_id": event_id, "event": event}

    def pressed(self, action: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A press on an element; `more` says where it stands: a channel, or a view."""
        place = {} if "view" in more else {"channel": {"id": "C1", "name": "intel"}, "container": {"type": "message"}}
        return {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "wire"},
            "user": {"id": "U1", "username": "ada", "team_id": TEAM},
            "trigger_id": "1.2",
            "actions": [{"block_id": "b", "action_ts": "1"} | action],
            **({} if "view" in more else {"response_url": f"{self.url}/respond"}),
            **place,
            **more,
        }

    def drop(self, name: str, body: bytes, *, channel: str, mimetype: str = "text/plain") -> str:
        """A file that somebody uploaded, shown by a message in the channel. Gives its id."""
        id = f"F{len(self.files) + 1:09}"
        share = {"public": {channel: [{"ts": f"{100 + len(self.files)}.000001"}]}}
        self.files[id] = {
            "id": id,
            "name": name,
            "mimetype": mimetype,
            "url_private_download": f"{self.url}/files/{id}",
            "shares": share,
            "body": body,
        }
        return id

    def _team(self, request: web.Request) -> str | None:
        return self.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await self._body(request)
        self.calls.append((method, body))
        is_app = request.headers.get("Authorization", "") == f"Bearer {APP_TOKEN}"
        team = self._team(request)
        if team is None and not is_app and method != "oauth.v2.access":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        fault = self.faults[method].pop(0) if self.faults[method] else None
        if fault is not None and fault.after:
            self._answer(method, body, team or TEAM)
        if fault is not None:
            await asyncio.sleep(fault.hang_s)
            if fault.drop:
                assert request.transport is not None
                request.transport.close()
                return web.Response()
            said = {"ok": False, "error": fault.error} | ({"needed": fault.needed} if fault.needed else {})
            return web.json_response(said, status=fault.status, headers=fault.headers)

        async def act() -> web.Response:
            return web.json_response(self._answer(method, body, team or TEAM))

        if method not in _POSTING:
            return await act()
        return await self.trouble.handle(
            request,
            act,
            is_post=method == "chat.postMessage",
            busy=lambda: web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
            ),
            failed=lambda: web.json_response({"ok": False, "error": "internal_error"}, status=500),
        )

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if request.content_type == "application/json":
            return dict(await request.json())
        form = {name: str(value) for name, value in (await request.post()).items()} | dict(request.query)
        for name in ("blocks", "metadata", "view", "files"):
            if name in form:
                form[name] = json.loads(form[name])
        return form

    def _answer(self, method: str, body: dict[str, Any], team: str) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {
                    "ok": True,
                    "team_id": team,
                    "user_id": BOT,
                    "team": "wire",
                    "user": "wirewatch",
                    "bot_id": "B1",
                }
            case "apps.connections.open":
                return {"ok": True, "url": self.url.replace("http", "ws") + "/socket"}
            case "chat.postMessage":
                self._last = max(self._last + 1, time.time_ns() // 1000)
                message = body | {"ts": f"{self._last / 1_000_000:.6f}", "type": "message"}
                self.messages[body["channel"]].append(message)
                return {"ok": True, "ts": message["ts"], "channel": body["channel"], "message": message}
            case "chat.update":
                for message in self.messages[body["channel"]]:
                    if message["ts"] == body["ts"]:
                        message.update({name: body[name] for name in ("text", "blocks") if name in body})
                        return {"ok": True, "ts": body["ts"], "channel": body["channel"]}
                return {"ok": False, "error": "message_not_found"}
            case "conversations.history" | "conversations.replies":
                return self._history(body)
            case "conversations.info":
                return {"ok": True, "channel": {"id": body["channel"], "name": "private-intel"}}
            case "conversations.members":
                return {"ok": True, "members": self.members.get(body["channel"], [])}
            case "users.info":
                return {"ok": True, "user": {"id": body["user"], "name": "ada", "tz": "Europe/Berlin"}}
            case "users.conversations":
                return {"ok": True, "channels": [{"id": one} for one in self.member_of.get(body["user"], [])]}
            case "conversations.open":
                return {"ok": True, "channel": {"id": "D" + body["users"][1:]}}
            case "views.open" | "views.push" | "views.update" | "views.publish":
                self.views.append((method, body["view"]))
                return {"ok": True, "view": body["view"] | {"id": "V1", "hash": "h1"}}
            case "files.getUploadURLExternal":
                id = f"F{len(self.files) + 1:09}"
                self.files[id] = {"id": id, "name": body["filename"], "alt": body.get("alt_txt", ""), "looks": 0}
                return {"ok": True, "file_id": id, "upload_url": f"{self.url}/files/{id}"}
            case "files.completeUploadExternal":
                for one in body["files"]:
                    self.files[one["id"]] |= {"title": one["title"], "channel": body.get("channel_id")}
                return {"ok": True, "files": body["files"]}
            case "files.info":
                file = {name: value for name, value in self.files[body["file"]].items() if name != "body"}
                if "looks" in file:  # an upload of ours: Slack takes a moment to look at it
                    self.files[body["file"]]["looks"] += 1
                    file["mimetype"] = "image/png" if file["looks"] else ""
                return {"ok": True, "file": file}
            case "oauth.v2.access":
                given = self.installs.pop(body.get("code") or body.get("refresh_token") or "", None)
                if given is None:
                    return {
                        "ok": False,
                        "error": "invalid_refresh_token" if "refresh_token" in body else "invalid_code",
                    }
                self.tokens[given["access_token"]] = given["team"]["id"]
                return {"ok": True, "token_type": "bot"} | given
            case "chat.postEphemeral":
                self.responses.append(body)
                self.answered.set()
                return {"ok": True, "message_ts": "1.1"}
        return {"ok": False, "error": "unknown_method"}

    def _history(self, body: dict[str, Any]) -> dict[str, Any]:
        """A page, newest first; the metadata only for who asks for it."""
        hidden = set() if str(body.get("include_all_metadata")).lower() in ("1", "true") else {"metadata"}
        found = [
            {name: value for name, value in message.items() if name not in hidden}
            for message in reversed(self.messages[body["channel"]])
            if message["ts"] >= body["oldest"] and message.get("thread_ts") == body.get("ts")
        ]
        start = int(body.get("cursor") or 0)
        end = start + int(body["limit"])
        more = {"next_cursor": str(end) if end < len(found) else ""}
        return {"ok": True, "messages": found[start:end], "has_more": end < len(found), "response_metadata": more}

    async def _respond(self, request: web.Request) -> web.Response:
        if self.response_fault is not None:
            (status, text), self.response_fault = self.response_fault, None
            return web.Response(status=status, text=text)
        self.responses.append(await request.json())
        self.answered.set()
        return web.Response(text="ok")

    async def _take_file(self, request: web.Request) -> web.Response:
        self.files[request.match_info["id"]]["body"] = await request.read()
        return web.Response(text="OK")

    async def _give_file(self, request: web.Request) -> web.Response:
        if self._team(request) is None:
            return web.Response(status=403)
        return web.Response(body=self.files[request.match_info["id"]]["body"])

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
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


@asynccontextmanager
async def slack_server() -> AsyncIterator[SlackServer]:
    """A Slack of its own for one test."""
    server = SlackServer()
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/api/{method}", server._api)
    app.router.add_post("/respond", server._respond)
    app.router.add_post("/files/{id}", server._take_file)
    app.router.add_get("/files/{id}", server._give_file)
    app.router.add_get("/socket", server._listen)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
