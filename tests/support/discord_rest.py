"""The REST routes of the small Discord for messages, channels and threads."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.discord_bodies import problem_of, refusal_code
from tests.support.discord_guild import (
    ANNOUNCEMENTS,
    BOT_ID,
    CREATE_THREADS,
    DIRECT,
    FORUM,
    HISTORY,
    MANAGE,
    MEDIA,
    SEND,
    SEND_IN_THREADS,
    TEXT,
    THREAD,
    member,
)
from tests.support.discord_replies import json_reply, refusal

if TYPE_CHECKING:
    from tests.support.discord_server import DiscordServer

API = "/api/v10"
_CHANNEL = f"{API}/channels/{{channel}}"
_MESSAGE = f"{_CHANNEL}/messages/{{message}}"
CREATE_MESSAGE = f"POST {_CHANNEL}/messages"


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
        problem = problem_of(body)
        if problem is not None:
            return refusal(400, refusal_code(problem))
        if channel in self._server.deleted:
            return refusal(404, 10003)
        if self._server.forum_posts.get(channel, {}).get("thread_metadata", {}).get("locked"):
            return refusal(400, 160005)
        if self._server.kinds.get(channel) in (FORUM, MEDIA):
            return refusal(400, 50008)
        is_thread = channel in self._server.threads or channel in self._server.forum_posts
        if not self._server.bot_may & (SEND_IN_THREADS if is_thread else SEND):
            return refusal(403, 50013)
        if "message_reference" in body and not self._server.bot_may & HISTORY:
            return refusal(400, 160002)
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
        problem = problem_of(body, before=message)
        if problem is not None:
            return refusal(400, refusal_code(problem))
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
            web.get(f"{API}/guilds/{{guild}}/threads/active", self.active_threads),
            web.get(f"{API}/guilds/{{guild}}/members/{{person}}", self.get_member),
            web.post(f"{API}/users/@me/channels", self.open_direct_messages),
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
        elif "available_tags" in body and not self._server.bot_may & MANAGE:
            return refusal(403, 50013)
        elif len(body.get("available_tags", ())) > 20:
            return refusal(400, 50035)
        elif "available_tags" in body:
            self._server.tags[id] = [{"id": self._server.new_id()} | tag for tag in body["available_tags"]]
        return json_reply(self._server.channel(id))

    async def create_thread(self, request: web.Request) -> web.Response:
        await self._server.read_body(request)
        message = request.match_info["message"]
        if self._server.kinds.get(request.match_info["channel"], TEXT) not in (TEXT, ANNOUNCEMENTS):
            return refusal(400, 50024)
        if not self._server.bot_may & CREATE_THREADS:
            return refusal(403, 50013)
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
        tags = {str(tag["id"]): tag for tag in self._server.tags[forum]}
        applied = [str(tag) for tag in body.get("applied_tags", ())]
        if forum in self._server.requires_tags and not applied:
            return refusal(400, 40067)
        if problem_of(body["message"] | {"files": body.get("files")}) is not None:
            return refusal(400, 50035)
        if len(applied) > 5 or not set(applied) <= set(tags):
            return refusal(400, 50035)
        if any(tags[tag].get("moderated") for tag in applied) and not self._server.bot_may & MANAGE:
            return refusal(403, 50013)
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
