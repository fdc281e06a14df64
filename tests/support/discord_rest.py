"""The REST routes of the small Discord: messages, channels and threads, interactions, and the bot's account."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.discord_guild import APPLICATION_ID, BOT_ID, CHANNEL_ID, DIRECT, FORUM, THREAD, member
from tests.support.discord_replies import json_reply, refusal

if TYPE_CHECKING:
    from tests.support.discord_server import DiscordServer

BOT = {"id": str(BOT_ID), "username": "wirewatch", "discriminator": "0", "avatar": None, "bot": True}
_API = "/api/v10"
_CHANNEL = f"{_API}/channels/{{channel}}"
_MESSAGE = f"{_CHANNEL}/messages/{{message}}"
CREATE_MESSAGE = f"POST {_CHANNEL}/messages"


def all_routes(server: "DiscordServer") -> Iterator[web.RouteDef]:
    for routes in (MessageRoutes, ChannelRoutes, InteractionRoutes, AccountRoutes):
        yield from routes(server).routes()


class MessageRoutes:
    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post(f"{_CHANNEL}/messages", self.create),
            web.get(f"{_CHANNEL}/messages", self.history),
            web.get(_MESSAGE, self.get),
            web.patch(_MESSAGE, self.edit),
            web.post(f"{_MESSAGE}/crosspost", self.publish),
        )

    async def create(self, request: web.Request) -> web.Response:
        body = await self._server.read_body(request)
        channel = request.match_info["channel"]
        if channel in self._server.deleted:
            return refusal(404, 10003)
        if self._server.forum_posts.get(channel, {}).get("thread_metadata", {}).get("locked"):
            return refusal(400, 160005)
        if self._server.kinds.get(channel) == FORUM:
            return refusal(400, 50008)
        if body.get("enforce_nonce") and self._server.remembers_nonces:
            for message in self._server.messages[channel]:
                if message.get("nonce") == body["nonce"]:
                    return json_reply(message)
        return json_reply(self._server.add_message(channel, body))

    async def edit(self, request: web.Request) -> web.Response:
        body = await self._server.read_body(request)
        channel = request.match_info["channel"]
        if self._server.forum_posts.get(channel, {}).get("thread_metadata", {}).get("archived"):
            return refusal(400, 50083)
        message = self._find(request)
        if message is None:
            return refusal(404, 10008)
        message.update(body)
        return json_reply(message)

    async def history(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        if len(channel) > 10 and channel not in self._server.messages and channel not in self._server.threads:
            return refusal(404, 10003)  # the thread of a message that has none
        after = int(request.query.get("after", "0"))
        found = [_without_nonce(message) for message in self._server.messages[channel] if int(message["id"]) > after]
        page = int(request.query["limit"])
        return json_reply((found[:page] if after else found[-page:])[::-1])

    async def get(self, request: web.Request) -> web.Response:
        message = self._find(request)
        return refusal(404, 10008) if message is None else json_reply(_without_nonce(message))

    async def publish(self, request: web.Request) -> web.Response:
        message = self._find(request)
        if message is None:
            return refusal(404, 10008)
        if message["flags"] & 1:
            return refusal(400, 40033)
        message["flags"] |= 1
        return json_reply(message)

    def _find(self, request: web.Request) -> dict[str, Any] | None:
        messages = self._server.messages[request.match_info["channel"]]
        return next((message for message in messages if message["id"] == request.match_info["message"]), None)


def _without_nonce(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as Discord returns it later: only the response to the post contains the nonce."""
    return {name: value for name, value in message.items() if name != "nonce"}


class ChannelRoutes:
    """Channels, threads, forum posts, direct messages and members."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.get(_CHANNEL, self.get),
            web.patch(_CHANNEL, self.change),
            web.post(f"{_MESSAGE}/threads", self.create_thread),
            web.post(f"{_CHANNEL}/threads", self.create_forum_post),
            web.get(f"{_CHANNEL}/threads/archived/public", self.archived_threads),
            web.get(f"{_API}/guilds/{{guild}}/threads/active", self.active_threads),
            web.get(f"{_API}/guilds/{{guild}}/members/{{person}}", self.get_member),
            web.post(f"{_API}/users/@me/channels", self.open_direct_messages),
        )

    async def get(self, request: web.Request) -> web.Response:
        id = request.match_info["channel"]
        return refusal(404, 10003) if id in self._server.deleted else json_reply(self._server.channel(id))

    async def change(self, request: web.Request) -> web.Response:
        """Change the tags of a forum; or the tags of a forum post and whether it is archived."""
        body = await self._server.read_body(request)
        id = request.match_info["channel"]
        post = self._server.forum_posts.get(id)
        if post is not None:
            if post["thread_metadata"]["locked"]:
                return refusal(403, 50013)
            if "applied_tags" in body:
                post["applied_tags"] = [str(tag) for tag in body["applied_tags"]]
            post["thread_metadata"] |= {name: value for name, value in body.items() if name != "applied_tags"}
        elif "available_tags" in body:
            self._server.tags[id] = [{"id": self._server.new_id()} | tag for tag in body["available_tags"]]
        return json_reply(self._server.channel(id))

    async def create_thread(self, request: web.Request) -> web.Response:
        await self._server.read_body(request)
        message = request.match_info["message"]
        if message in self._server.threads:
            return refusal(400, 160004)
        self._server.threads.add(message)
        return json_reply({"id": message, "type": THREAD})

    async def create_forum_post(self, request: web.Request) -> web.Response:
        """Create a thread and its first message, which has the same id."""
        body = await self._server.read_body(request)
        forum = request.match_info["channel"]
        if self._server.kinds.get(forum) != FORUM:
            return refusal(404, 10003)
        if forum in self._server.requires_tags and not body.get("applied_tags"):
            return refusal(400, 40067)
        id = self._server.new_id()
        self._server.forum_posts[id] = {
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
        message = self._server.add_message(id, body["message"], id)
        return json_reply(self._server.forum_posts[id] | {"message": message})

    async def active_threads(self, request: web.Request) -> web.Response:
        posts = self._server.forum_posts.values()
        found = [post for post in posts if not post["thread_metadata"]["archived"]]
        return json_reply({"threads": found, "members": []})

    async def archived_threads(self, request: web.Request) -> web.Response:
        forum = request.match_info["channel"]
        posts = [post for post in self._server.forum_posts.values() if post["parent_id"] == forum]
        found = [post for post in posts if post["thread_metadata"]["archived"]]
        return json_reply({"threads": found[::-1], "members": [], "has_more": False})

    async def get_member(self, request: web.Request) -> web.Response:
        person = request.match_info["person"]
        return refusal(404, 10007) if person in self._server.strangers else json_reply(member(person))

    async def open_direct_messages(self, request: web.Request) -> web.Response:
        person = str((await self._server.read_body(request))["recipient_id"])
        id = f"9{person}"
        self._server.kinds[id] = DIRECT
        self._server.messages.setdefault(id, [])
        return json_reply({"id": id, "type": DIRECT, "recipients": [{"id": person, "username": "p"}]})


class InteractionRoutes:
    """Responses to interactions, and the files that came with them."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.post(f"{_API}/interactions/{{id}}/{{token}}/callback", self.call_back),
            web.patch(f"{_API}/webhooks/{{application}}/{{token}}/messages/@original", self.edit_original),
            web.post(f"{_API}/webhooks/{{application}}/{{token}}", self.follow_up),
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
        application = f"{_API}/applications/{{application}}"
        return (
            web.get(f"{_API}/users/@me", self.get_bot),
            web.get(f"{_API}/oauth2/applications/@me", self.get_application),
            web.get(f"{_API}/applications/@me", self.get_application),
            web.get(f"{_API}/gateway/bot", self.get_gateway),
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
