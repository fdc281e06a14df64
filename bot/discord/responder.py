"""Responds to an interaction: the callback within 3 seconds, then edits and follow-ups for 15 minutes.

https://discord.com/developers/docs/interactions/receiving-and-responding
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.discord.custom_ids import clicked_id, guild_of
from bot.discord.failures import ALREADY_ACKNOWLEDGED
from bot.discord.forms import modal
from bot.discord.http import UnreadableAnswer
from bot.discord.limits import Json
from bot.discord.message import Message
from bot.discord.native import with_links
from bot.discord.render import render
from bot.discord.sending import send
from handlers.answers.answer import Brief, Digest, Notice, Reply, TopicTest, Trend
from handlers.answers.parts import Tone

_TRIES: Final = 3
_BETWEEN_TRIES_S: Final = 0.1
# Callback types: https://discord.com/developers/docs/interactions/receiving-and-responding
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_EPHEMERAL: Final = 1 << 6


class InteractionExpired(discord.DiscordException):
    """Discord no longer knows the interaction: it arrived too late, and the person cannot be answered."""


def has_chart(reply: Reply) -> bool:
    """Return whether a picture has to be drawn for the reply. The first one takes seconds in a new process."""
    return isinstance(reply.answer, Brief | Digest | TopicTest | Trend) and reply.answer.chart is not None


class Responder:
    """Sends the responses to one interaction."""

    def __init__(self, http: HTTPClient, payload: Mapping[str, Any], *, links: Mapping[str, str] | None = None) -> None:
        self._http = http
        self._links = links or {}
        """Links of Discord by the text that they replace."""
        self._id = int(payload["id"])
        self._token = str(payload["token"])
        self._application = int(payload["application_id"])
        self._guild = guild_of(clicked_id(payload["data"])) if not payload["guild_id"] else None
        """In direct messages, the server that the button is about."""
        self._has_layout = bool(payload.get("has_layout"))
        """Whether the clicked message consists of components. Then only such a message can replace it."""
        self._is_expired = False

    async def defer(self) -> None:
        """Acknowledge a command; the answer follows, visible to the asker alone.

        Like all methods here, raises InteractionExpired and what the library raises.
        """
        await self._call_back(_DEFERRED, {"flags": _EPHEMERAL})

    async def defer_update(self) -> None:
        """Acknowledge a click; the message stays as it is for now."""
        await self._call_back(_DEFERRED_UPDATE)

    async def suggest(self, choices: list[Json]) -> None:
        """Respond with the choices of an autocompletion."""
        await self._call_back(_CHOICES, {"choices": choices})

    async def reply(self, reply: Reply) -> None:
        """Send the reply as the first response: a form, an update of the clicked message, or a new message."""
        if isinstance(reply.answer, Notice) and reply.answer.form is not None:
            await self._call_back(_MODAL, modal(reply.answer.form, guild=self._guild))
            return
        message = render(reply.answer)
        if self._replaces(reply, message):
            await self._call_back(_UPDATE, self._replacement(message), message)
        else:
            data = _with_visibility(self._body(message), public=reply.public)
            await self._call_back(_MESSAGE, data, message)

    async def reply_deferred(self, reply: Reply) -> None:
        """Send the reply to a command after `defer`."""
        message = render(reply.answer)
        if reply.public:
            await self._edit(self._body(render(Notice(text="Shared.", tone=Tone.DONE))))
            await self.follow_up(message, public=True)
        else:
            await self._edit(self._body(message), message)

    async def reply_deferred_update(self, reply: Reply) -> None:
        """Send the reply to a click after `defer_update`."""
        message = render(reply.answer)
        if self._replaces(reply, message):
            await self._edit(self._replacement(message), message)
        else:
            await self.follow_up(message, public=reply.public)

    def _replaces(self, reply: Reply, message: Message) -> bool:
        """Return whether the reply replaces the clicked message. One of components cannot get a chart or a file."""
        return reply.replaces and not (self._has_layout and (message.chart or message.file))

    def _replacement(self, message: Message) -> Json:
        if self._has_layout:
            return with_links(message.components_payload(guild=self._guild), self._links)
        return with_links(message.embed_payload(guild=self._guild), self._links)

    def _body(self, message: Message) -> Json:
        return with_links(message.payload(guild=self._guild), self._links)

    async def follow_up(self, message: Message, *, public: bool = False) -> None:
        """Send one more message."""
        body = _with_visibility(self._body(message), public=public)
        await self._deliver("POST", "/webhooks/{webhook_id}/{webhook_token}", body, message)

    async def _call_back(self, kind: int, data: Json | None = None, message: Message | None = None) -> None:
        """Send the first response, again if it may have been lost. Discord takes only one."""
        body: Json = {"type": kind} | ({} if data is None else {"data": data})
        # The parameters webhook_id and webhook_token give each interaction its own rate-limit bucket in the library.
        route = "/interactions/{webhook_id}/{webhook_token}/callback"
        for tries_left in reversed(range(_TRIES)):
            try:
                await self._send("POST", route, self._id, body, message, inner=data)
                return
            except discord.HTTPException as error:
                if error.code == ALREADY_ACKNOWLEDGED:
                    return  # the try before this one arrived; only Discord's answer to it was lost
                if error.status < 500 or not tries_left:
                    raise
            except (UnreadableAnswer, aiohttp.ClientError, OSError):
                if not tries_left:
                    raise
            await asyncio.sleep(_BETWEEN_TRIES_S)

    async def _edit(self, body: Json, message: Message | None = None) -> None:
        route = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        await self._deliver("PATCH", route, body, message)

    async def _send(
        self, method: str, path: str, id: int, body: Json, message: Message | None, *, inner: Json | None = None
    ) -> None:
        # https://discord.com/developers/docs/topics/rate-limits: a webhook that answered 404 must not be used again
        if self._is_expired:
            raise InteractionExpired("the interaction has expired")
        route = Route(method, path, webhook_id=id, webhook_token=self._token)
        try:
            await send(self._http, route, body, message or Message(embed={}), inner=inner)
        except discord.NotFound as error:
            self._is_expired = True
            raise InteractionExpired("Discord no longer knows the interaction") from error

    async def _deliver(self, method: str, path: str, body: Json, message: Message | None) -> None:
        """Send an answer after the first response, again if it may not have arrived."""
        for tries_left in reversed(range(_TRIES)):
            try:
                # A fresh copy each time, because attachments are added to the body.
                await self._send(method, path, self._application, dict(body), message)
                return
            except discord.HTTPException as error:
                if error.status < 500 or not tries_left:
                    raise
            except (UnreadableAnswer, aiohttp.ClientError, OSError):
                if not tries_left:
                    raise
            await asyncio.sleep(_BETWEEN_TRIES_S)


def _with_visibility(body: Json, *, public: bool) -> Json:
    """Return the body of a new message that everyone sees, or only the person."""
    return body | {"flags": body.get("flags", 0) | (0 if public else _EPHEMERAL)}
