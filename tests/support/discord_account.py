"""The REST routes of the small Discord for interactions, the bot's account and the gateway."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.discord_bodies import problem_of, refusal_code
from tests.support.discord_guild import APPLICATION_ID, BOT_ID, CHANNEL_ID
from tests.support.discord_replies import json_reply, refusal
from tests.support.discord_rest import API, ChannelRoutes, MessageRoutes

if TYPE_CHECKING:
    from tests.support.discord_server import DiscordServer

BOT = {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None, "bot": True}


def all_routes(server: "DiscordServer") -> Iterator[web.RouteDef]:
    for routes in (MessageRoutes, ChannelRoutes, InteractionRoutes, AccountRoutes):
        yield from routes(server).routes()


class InteractionRoutes:
    """Responses to interactions, and the files that came with them."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self.call_back),
            web.patch(f"{API}/webhooks/{{application}}/{{token}}/messages/@original", self.edit_original),
            web.post(f"{API}/webhooks/{{application}}/{{token}}", self.follow_up),
            web.get("/files/{name}", self.get_file),
        )

    async def call_back(self, request: web.Request) -> web.Response:
        """Take the first response: only one, within three seconds."""
        body = await self._server.read_body(request)
        id = request.match_info["id"]
        age_s = time.monotonic() - self._server.interactions.get(id, time.monotonic())
        if id in self._server.acknowledged:
            return refusal(400, 40060)
        if age_s > self._server.response_within_s:
            return refusal(404, 10062)
        before = self._server.clicked.get(request.match_info["token"]) if body["type"] == 7 else None
        problem = problem_of(body["data"] | _files(body), before or None) if body["type"] in (4, 7) else None
        if problem is not None:
            return refusal(400, refusal_code(problem))
        self._server.acknowledged.add(id)
        self._server.callbacks.append(body)
        if body["type"] not in (5, 6):
            self._server.answered.set()
        return web.Response(status=204)

    async def edit_original(self, request: web.Request) -> web.Response:
        body = await self._server.read_body(request)
        return self._receive(self._server.edits, body, self._server.clicked.get(request.match_info["token"]))

    async def follow_up(self, request: web.Request) -> web.Response:
        body = await self._server.read_body(request)
        return self._receive(self._server.follow_ups, body)

    def _receive(
        self, received: list[dict[str, Any]], body: dict[str, Any], before: dict[str, Any] | None = None
    ) -> web.Response:
        problem = problem_of(body, before or None)
        if problem is not None:
            return refusal(400, refusal_code(problem))
        received.append(body)
        self._server.answered.set()
        return json_reply({"id": "1", "channel_id": str(CHANNEL_ID)})

    async def get_file(self, request: web.Request) -> web.Response:
        return web.Response(body=self._server.files[request.match_info["name"]])


def _files(body: dict[str, Any]) -> dict[str, Any]:
    return {"files": body["files"]} if "files" in body else {}


class AccountRoutes:
    """The bot's account, its commands, and the address of the gateway."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    def routes(self) -> tuple[web.RouteDef, ...]:
        application = f"{API}/applications/{{application}}"
        return (
            web.get(f"{API}/users/@me", self.get_bot),
            web.get(f"{API}/oauth2/applications/@me", self.get_application),
            web.get(f"{API}/applications/@me", self.get_application),
            web.get(f"{API}/gateway/bot", self.get_gateway),
            web.put(f"{application}/commands", self.register),
            web.get(f"{application}/commands", self.list_commands),
            web.get(f"{application}/guilds/{{guild}}/commands", self.list_commands),
            web.put(f"{application}/guilds/{{guild}}/commands", self.register),
        )

    async def get_bot(self, request: web.Request) -> web.Response:
        return json_reply(BOT)

    async def get_application(self, request: web.Request) -> web.Response:
        return json_reply(
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

    async def get_gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = self._server.url.replace("http", "ws")
        return json_reply({"url": url, "shards": self._server.recommended_shards, "session_start_limit": limit})

    async def register(self, request: web.Request) -> web.Response:
        self._server.commands = await self._server.read_body(request)
        return await self.list_commands(request)

    async def list_commands(self, request: web.Request) -> web.Response:
        return json_reply([{"id": str(8000 + number)} | each for number, each in enumerate(self._server.commands)])
