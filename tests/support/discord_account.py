"""The REST routes of the small Discord for interactions, the bot's account and the gateway."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aiohttp import web

from tests.support.discord_guild import APPLICATION_ID, BOT_ID, CHANNEL_ID
from tests.support.discord_replies import json_reply
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
        body = await self._server.read_body(request)
        self._server.callbacks.append(body)
        if body["type"] not in (5, 6):
            self._server.answered.set()
        return web.Response(status=204)

    async def edit_original(self, request: web.Request) -> web.Response:
        self._server.edits.append(await self._server.read_body(request))
        self._server.answered.set()
        return json_reply({"id": "1", "channel_id": str(CHANNEL_ID)})

    async def follow_up(self, request: web.Request) -> web.Response:
        self._server.follow_ups.append(await self._server.read_body(request))
        self._server.answered.set()
        return json_reply({"id": "1", "channel_id": str(CHANNEL_ID)})

    async def get_file(self, request: web.Request) -> web.Response:
        return web.Response(body=self._server.files[request.match_info["name"]])


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
        return json_reply([])
