"""A small Discord on 127.0.0.1: the REST routes we use, the gateway, interactions, and faults on demand."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.support.discord_socket import DiscordSocket
from tests.support.faults import FaultInjection

TOKEN = "discord-test-token"
BOT_ID = 1000
APPLICATION_ID = 1000
GUILD_ID = 42
CHANNEL_ID = 77
TEXT, DIRECT, ANNOUNCEMENTS, THREAD, FORUM = 0, 1, 5, 11, 15
EVERYTHING = (1 << 53) - 1 & ~8
"""Every right but that of an administrator."""
_EPOCH_MS = 1_420_070_400_000
_CREATE = "POST /api/v10/channels/{channel}/messages"
_POSTING = (
    _CREATE,
    "PATCH /api/v10/channels/{channel}/messages/{message}",
    "GET /api/v10/channels/{channel}/messages",
    "POST /api/v10/channels/{channel}/messages/{message}/threads",
)
_ME = {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None, "bot": True}


def _json(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord sends it: the content type has no charset."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"} | (headers or {})
    )


def _refused(status: int, code: int) -> web.Response:
    return _json({"message": "refused", "code": code}, status=status)


@dataclass
class Fault:
    """How the next call of a route fails. `after` does it first: the answer is lost, the message stands."""

    status: int = 200
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    drop: bool = False
    after: bool = False
    wait: float = 0.0
    """Seconds of silence first. With nothing else it does not fail: it is late."""


@dataclass
class DiscordServer:
    url: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(the route, the JSON) of every call that had one, as Discord describes its routes."""
    kinds: dict[str, int] = field(default_factory=dict)
    """Channel types; a channel that is not named is a text channel."""
    tags: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """Of forums."""
    strangers: set[str] = field(default_factory=set)
    """People who are in no server."""
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    threads: set[str] = field(default_factory=set)
    forum_posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    edits: list[dict[str, Any]] = field(default_factory=list)
    follow_ups: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """What the content network has, by name."""
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    remembers_nonces: bool = True
    trouble: FaultInjection = field(default_factory=FaultInjection)
    """Befalls the routes that post, edit and look up."""
    socket: DiscordSocket = field(default_factory=lambda: DiscordSocket(token=TOKEN, ready_data={}))
    recommended_shards: int = 1
    _last: int = 0

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event through the gateway, as soon as somebody listens."""
        await asyncio.wait_for(self.socket.ready.wait(), 20)
        await self.socket.dispatch(event, data)

    def interaction(self, kind: int, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A person uses a command (2), a component (3) or types in an option (4)."""
        self._new_id()
        return {
            "id": str(self._last),
            "application_id": str(APPLICATION_ID),
            "type": kind,
            "token": f"token-{self._last}",
            "version": 1,
            "guild_id": str(GUILD_ID),
            "channel_id": str(CHANNEL_ID),
            "channel": self._channel(str(CHANNEL_ID)) | {"name": "intel", "permissions": "0"},
            "app_permissions": str(EVERYTHING),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0,
            "attachment_size_limit": 10_000_000,
            "member": member(),
            "data": data,
            **more,
        }

    async def interact(self, kind: int, data: dict[str, Any], **more: Any) -> None:
        """The same, sent."""
        await self.dispatch("INTERACTION_CREATE", self.interaction(kind, data, **more))

    async def answer(self) -> dict[str, Any]:
        """The next message said to a person: a direct callback, the edit of a deferred one, or what follows."""
        await asyncio.wait_for(self.answered.wait(), 20)
        self.answered.clear()
        last = self.callbacks[-1]
        if last["type"] in (5, 6):
            return dict((self.follow_ups or self.edits)[-1])
        return dict(last["data"])

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
            return await self.trouble.handle(
                request, lambda: handler(request), is_post=name == _CREATE, busy=self._busy, failed=self._failed
            )
        if fault is None:
            response: web.StreamResponse = await handler(request)
            return response
        if fault.after:
            await handler(request)
        await asyncio.sleep(fault.wait)
        if fault == Fault(wait=fault.wait):
            late: web.StreamResponse = await handler(request)
            return late
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

    async def _body(self, request: web.Request) -> Any:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body = json.loads(str(form["payload_json"]))
            self._keep(request, body)
            return body | {"files": [name for name in form if name.startswith("files[")]}
        body = await request.json()
        self._keep(request, body)
        return body

    def _keep(self, request: web.Request, body: Any) -> None:
        resource = request.match_info.route.resource
        assert resource is not None
        self.bodies.append((f"{request.method} {resource.canonical.removeprefix('/api/v10')}", body))

    def _new_id(self) -> str:
        """It tells the time: https://discord.com/developers/docs/reference#snowflakes"""
        self._last = max(self._last + 1, (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22)
        return str(self._last)

    def _channel(self, id: str) -> dict[str, Any]:
        kind = self.kinds.get(id, THREAD if id in self.threads else TEXT)
        channel: dict[str, Any] = {"id": id, "type": kind, "name": f"c{id}", "guild_id": str(GUILD_ID), "position": 0}
        if kind == FORUM:
            bare = {"moderated": False, "emoji_id": None, "emoji_name": None}
            channel |= {"available_tags": [bare | tag for tag in self.tags[id]], "flags": 0}
        return channel | {"permission_overwrites": []} | self.forum_posts.get(id, {})

    async def _create(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        place = request.match_info["channel"]
        if self.forum_posts.get(place, {}).get("thread_metadata", {}).get("locked"):
            return _refused(400, 160005)
        if self.kinds.get(place) == FORUM:
            return _refused(400, 50008)
        if body.get("enforce_nonce") and self.remembers_nonces:
            for message in self.messages[place]:
                if message.get("nonce") == body["nonce"]:
                    return _json(message)
        message = self._add(place, body)
        return _json(message)

    def _add(self, place: str, body: dict[str, Any], id: str | None = None) -> dict[str, Any]:
        message = body | {"id": id or self._new_id(), "channel_id": place, "author": {"id": str(BOT_ID)}, "flags": 0}
        if not self.remembers_nonces:
            message.pop("nonce", None)
        self.messages[place].append(message)
        return message

    async def _edit(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        place = request.match_info["channel"]
        if self.forum_posts.get(place, {}).get("thread_metadata", {}).get("archived"):
            return _refused(400, 50083)
        for message in self.messages[place]:
            if message["id"] == request.match_info["message"]:
                message.update(body)
                return _json(message)
        return _refused(404, 10008)

    async def _history(self, request: web.Request) -> web.Response:
        place = request.match_info["channel"]
        if len(place) > 10 and place not in self.messages and place not in self.threads:
            return _refused(404, 10003)  # the thread of a message that has none
        after = int(request.query.get("after", "0"))
        # The nonce is told to its sender alone: looking back, a message is known by what it says.
        found = [
            {name: value for name, value in message.items() if name != "nonce"}
            for message in self.messages[place]
            if int(message["id"]) > after
        ]
        page = int(request.query["limit"])
        return _json((found[:page] if after else found[-page:])[::-1])

    async def _message(self, request: web.Request) -> web.Response:
        for message in self.messages[request.match_info["channel"]]:
            if message["id"] == request.match_info["message"]:
                return _json({name: value for name, value in message.items() if name != "nonce"})
        return _refused(404, 10008)

    async def _publish(self, request: web.Request) -> web.Response:
        for message in self.messages[request.match_info["channel"]]:
            if message["id"] == request.match_info["message"]:
                if message["flags"] & 1:
                    return _refused(400, 40033)
                message["flags"] |= 1
                return _json(message)
        return _refused(404, 10008)

    async def _thread(self, request: web.Request) -> web.Response:
        await self._body(request)
        message = request.match_info["message"]
        if message in self.threads:
            return _refused(400, 160004)
        self.threads.add(message)
        return _json({"id": message, "type": THREAD})

    async def _begin(self, request: web.Request) -> web.Response:
        """A forum's post: a thread with its first message, which has the same id."""
        body = await self._body(request)
        forum = request.match_info["channel"]
        if self.kinds.get(forum) != FORUM:
            return _refused(404, 10003)
        id = self._new_id()
        self.forum_posts[id] = {
            "id": id,
            "type": THREAD,
            "name": body["name"],
            "parent_id": forum,
            "owner_id": str(BOT_ID),
            "applied_tags": [str(tag) for tag in body.get("applied_tags", ())],
            "thread_metadata": {
                "archived": False,
                "locked": False,
                "auto_archive_duration": body["auto_archive_duration"],
                "archive_timestamp": datetime.now(UTC).isoformat(),
            },
        }
        return _json(self.forum_posts[id] | {"message": self._add(id, body["message"], id)})

    async def _active(self, request: web.Request) -> web.Response:
        found = [post for post in self.forum_posts.values() if not post["thread_metadata"]["archived"]]
        return _json({"threads": found, "members": []})

    async def _archived(self, request: web.Request) -> web.Response:
        forum = request.match_info["channel"]
        found = [
            post
            for post in self.forum_posts.values()
            if post["parent_id"] == forum and post["thread_metadata"]["archived"]
        ]
        return _json({"threads": found[::-1], "members": [], "has_more": False})

    async def _get_channel(self, request: web.Request) -> web.Response:
        return _json(self._channel(request.match_info["channel"]))

    async def _change_channel(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        id = request.match_info["channel"]
        if id in self.forum_posts:
            if self.forum_posts[id]["thread_metadata"]["locked"]:
                return _refused(403, 50013)
            if "applied_tags" in body:
                self.forum_posts[id]["applied_tags"] = [str(tag) for tag in body["applied_tags"]]
            body = {name: value for name, value in body.items() if name != "applied_tags"}
            self.forum_posts[id]["thread_metadata"] |= body
        elif "available_tags" in body:
            self.tags[id] = [{"id": self._new_id()} | tag for tag in body["available_tags"]]
        return _json(self._channel(id))

    async def _direct(self, request: web.Request) -> web.Response:
        person = str((await self._body(request))["recipient_id"])
        id = f"9{person}"
        self.kinds[id] = DIRECT
        self.messages.setdefault(id, [])
        return _json({"id": id, "type": DIRECT, "recipients": [{"id": person, "username": "p"}]})

    async def _member(self, request: web.Request) -> web.Response:
        person = request.match_info["person"]
        return _refused(404, 10007) if person in self.strangers else _json(member(person))

    async def _me(self, request: web.Request) -> web.Response:
        return _json(_ME)

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
        url = self.url.replace("http", "ws")
        return _json({"url": url, "shards": self.recommended_shards, "session_start_limit": limit})

    async def _register(self, request: web.Request) -> web.Response:
        self.commands = await self._body(request)
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

    async def _follow_up(self, request: web.Request) -> web.Response:
        self.follow_ups.append(await self._body(request))
        self.answered.set()
        return _json({"id": "1", "channel_id": str(CHANNEL_ID)})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])


def member(id: str = "5", *, permissions: int = 1 << 4, name: str = "ada") -> dict[str, Any]:
    """A person in the server, with these rights where they speak."""
    return {
        "user": {"id": id, "username": name, "discriminator": "0", "global_name": name.title(), "avatar": None},
        "permissions": str(permissions),
        "roles": [],
        "joined_at": "2020-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


@asynccontextmanager
async def discord_server() -> AsyncIterator[DiscordServer]:
    """A Discord of its own for one test."""
    server = DiscordServer()
    app = web.Application(middlewares=[server._faults], client_max_size=20_000_000)
    channel = "/api/v10/channels/{channel}"
    application = "/api/v10/applications/{application}"
    app.router.add_routes(
        [
            web.get(channel, server._get_channel),
            web.patch(channel, server._change_channel),
            web.post(f"{channel}/messages", server._create),
            web.get(f"{channel}/messages", server._history),
            web.get(f"{channel}/messages/{{message}}", server._message),
            web.patch(f"{channel}/messages/{{message}}", server._edit),
            web.post(f"{channel}/messages/{{message}}/crosspost", server._publish),
            web.post(f"{channel}/messages/{{message}}/threads", server._thread),
            web.post(f"{channel}/threads", server._begin),
            web.get(f"{channel}/threads/archived/public", server._archived),
            web.get("/api/v10/guilds/{guild}/threads/active", server._active),
            web.get("/api/v10/guilds/{guild}/members/{person}", server._member),
            web.post("/api/v10/users/@me/channels", server._direct),
            web.get("/api/v10/users/@me", server._me),
            web.get("/api/v10/oauth2/applications/@me", server._application),
            web.get("/api/v10/applications/@me", server._application),
            web.get("/api/v10/gateway/bot", server._gateway),
            web.put(f"{application}/commands", server._register),
            web.put(f"{application}/guilds/{{guild}}/commands", server._register),
            web.post("/api/v10/interactions/{id}/{token}/callback", server._callback),
            web.patch("/api/v10/webhooks/{application}/{token}/messages/@original", server._original),
            web.post("/api/v10/webhooks/{application}/{token}", server._follow_up),
            web.get("/files/{name}", server._file),
            web.get("/", server.socket.listen),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    server.socket.unavailable = [str(GUILD_ID)]
    server.socket.ready_data = {
        "v": 10,
        "user": _ME,
        "resume_gateway_url": server.url.replace("http", "ws"),
        "application": {"id": str(APPLICATION_ID), "flags": 0},
    }
    try:
        yield server
    finally:
        await runner.cleanup()
