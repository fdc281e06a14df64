"""Interactions answered: acknowledged within 3 seconds, asked of Commands, rendered. Decides nothing."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.discord.destinations import Places
from bot.discord.failures import ACKNOWLEDGED, FAILURES
from bot.discord.forms import asks, modal
from bot.discord.limits import CHOICE, CHOICES, Json
from bot.discord.message import Message, action_of, chosen, home_of
from bot.discord.permissions import grant
from bot.discord.render import render
from bot.discord.sending import send
from bot.discord.translate import files_of, focused, missing_rights, to_request
from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_ATTACHMENT_BYTES: Final = 20_000_000
_ATTACHMENTS: Final = 10
_FETCH_S: Final = 30.0
_TRIES: Final = 3
_BETWEEN_S: Final = 0.1
# Callback types: https://discord.com/developers/docs/interactions/receiving-and-responding
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_EPHEMERAL: Final = 1 << 6


class Expired(discord.DiscordException):
    """Discord does not know the interaction any more: it came too late, and nobody can be answered."""


class Conversation:
    """One interaction: its callback, then edits and follow-ups for 15 minutes."""

    def __init__(self, http: HTTPClient, payload: Mapping[str, Any]) -> None:
        self._http = http
        self._id = int(payload["id"])
        self._token = str(payload["token"])
        self._application = int(payload["application_id"])
        self._home = home_of(chosen(payload["data"])) if not payload["guild_id"] else None
        self._is_over = False

    async def call_back(self, kind: int, data: Json | None = None, message: Message | None = None) -> None:
        """The first response. Raises: Expired, and what the library raises."""
        body: Json = {"type": kind} | ({} if data is None else {"data": data})
        # The names webhook_id and webhook_token give each interaction a rate-limit bucket of its own.
        route = "/interactions/{webhook_id}/{webhook_token}/callback"
        for left in reversed(range(_TRIES)):
            try:
                await self._send("POST", route, self._id, body, message, inner=data)
                return
            except discord.HTTPException as error:
                if error.code == ACKNOWLEDGED:
                    return  # an answer that was lost on its way back
                if error.status < 500 or not left:
                    raise
            except (aiohttp.ClientError, OSError):
                if not left:
                    raise
            await asyncio.sleep(_BETWEEN_S)

    async def defer(self) -> None:
        """Say that an answer follows, to the asker alone."""
        await self.call_back(_DEFERRED, {"flags": _EPHEMERAL})

    async def defer_click(self) -> None:
        """Say that the press has arrived; the message stays as it is for now."""
        await self.call_back(_DEFERRED_UPDATE)

    async def say(self, reply: Reply) -> None:
        """The first response: a form, in place of the message that was pressed, to everyone, or to the asker alone."""
        if isinstance(reply.answer, Notice) and reply.answer.form is not None:
            await self.call_back(_MODAL, modal(reply.answer.form, home=self._home))
            return
        message = render(reply.answer)
        data = message.payload(home=self._home)
        if reply.replaces:
            await self.call_back(_UPDATE, data, message)
        else:
            await self.call_back(_MESSAGE, data | {"flags": 0 if reply.public else _EPHEMERAL}, message)

    async def fill(self, reply: Reply) -> None:
        """The answer that was deferred. Raises: Expired, and what the library raises."""
        message = render(reply.answer)
        if reply.public:
            await self._edit(render(Notice(text="Shared.", tone=Tone.DONE)))
            await self.follow_up(message, public=True)
        else:
            await self._edit(message)

    async def answer_deferred_click(self, reply: Reply) -> None:
        """The answer to a press whose arrival was said."""
        message = render(reply.answer)
        if reply.replaces:
            await self._edit(message)
        else:
            await self.follow_up(message, public=reply.public)

    async def follow_up(self, message: Message, *, public: bool = False) -> None:
        """One more message. Raises: Expired, and what the library raises."""
        body = message.payload(home=self._home) | {"flags": 0 if public else _EPHEMERAL}
        await self._send("POST", "/webhooks/{webhook_id}/{webhook_token}", self._application, body, message)

    async def _edit(self, message: Message) -> None:
        route = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        await self._send("PATCH", route, self._application, message.payload(home=self._home), message)

    async def _send(
        self, method: str, path: str, id: int, body: Json, message: Message | None, *, inner: Json | None = None
    ) -> None:
        # https://discord.com/developers/docs/topics/rate-limits: a webhook that answered 404 is never used again
        if self._is_over:
            raise Expired("the interaction is over")
        route = Route(method, path, webhook_id=id, webhook_token=self._token)
        try:
            await send(self._http, route, body, message or Message(embed={}), inner=inner)
        except discord.NotFound as error:
            self._is_over = True
            raise Expired("Discord does not know the interaction any more") from error


class Interactions:
    """Translates, asks, renders; one call an interaction."""

    def __init__(
        self,
        http: HTTPClient,
        places: Places,
        commands: Commands,
        clock: Callable[[], datetime],
        *,
        direct_s: float,
    ) -> None:
        self._http = http
        self._places = places
        self._commands = commands
        self._clock = clock
        self._direct_s = direct_s
        """A press that is answered within this needs no acknowledgement first."""

    async def command(self, payload: Mapping[str, Any], talk: Conversation) -> None:
        """A slash command, or the message command. What a form may ask for is answered before it is acknowledged."""
        if asks(payload["data"]):
            await self._directly(self._said(payload), talk.say, talk.defer, talk.fill)
            return
        await talk.defer()
        refusal = _refusal(payload)
        if refusal is None:
            files, refusal = await self._attachments(payload)
        if refusal is None:
            request = to_request(payload, attachments=files, now=self._clock())
            await talk.fill(await self._commands.answer(request))
        else:
            await talk.fill(Reply(answer=refusal))

    async def click(self, payload: Mapping[str, Any], talk: Conversation) -> None:
        """A button or a menu. What takes long is acknowledged first."""
        await self._directly(self._click_reply(payload), talk.say, talk.defer_click, talk.answer_deferred_click)

    async def submit(self, payload: Mapping[str, Any], talk: Conversation) -> None:
        """A form that was filled in."""
        await talk.defer()
        await talk.fill(await self._said(payload))

    async def _said(self, payload: Mapping[str, Any]) -> Reply:
        return await self._commands.answer(to_request(payload, now=self._clock()))

    async def _directly(
        self,
        work: Coroutine[Any, Any, Reply],
        say: Callable[[Reply], Awaitable[None]],
        defer: Callable[[], Awaitable[None]],
        follow: Callable[[Reply], Awaitable[None]],
    ) -> None:
        """`say` the answer, or where it takes long, `defer`, then `follow` with it."""
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(work)
            done, _ = await asyncio.wait({answering}, timeout=self._direct_s)
            if not done:
                with contextlib.suppress(Expired):  # what was asked for is done even so
                    await defer()
        await (say if done else follow)(answering.result())

    async def complete(self, payload: Mapping[str, Any], talk: Conversation) -> None:
        """What could be meant by what is typed so far."""
        command, option, typed = focused(payload["data"])
        request = to_request(payload, now=self._clock())
        found = await self._commands.complete(request, command=command, option=option, typed=typed)
        choices = [{"name": text[:CHOICE], "value": text[:CHOICE]} for text in found[:CHOICES]]
        await talk.call_back(_CHOICES, {"choices": choices})

    async def _click_reply(self, payload: Mapping[str, Any]) -> Reply:
        refusal = _refusal(payload)
        request = to_request(payload, now=self._clock())
        if not payload["guild_id"] and refusal is None:
            refusal = await self._stranger(request.workspace, request.person.external_id)
        if refusal is not None:
            return Reply(answer=refusal)
        return await self._commands.click(request, action_of(chosen(payload["data"])))

    async def _stranger(self, guild: str, person: str) -> Notice | None:
        """Who has left a server is told nothing of it any more."""
        try:
            if guild:
                await self._places.require_member(guild, person)
                return None
        except FAILURES as error:
            logger.info("A press in direct messages is refused: %s", error)
        text = "I can't see that you are in that server, so I can't answer for it. Use the command in the server."
        return Notice(text=text, tone=Tone.REFUSED)

    async def _attachments(self, payload: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], Notice | None]:
        """The files that came with it, or why they are not read."""
        found: list[Attachment] = []
        for file in files_of(payload["data"])[:_ATTACHMENTS]:
            if file.get("size", 0) > _ATTACHMENT_BYTES:
                text = (
                    f"{file['filename']} has {file['size'] / 1_000_000:.0f} MB; I read files of up to "
                    f"{_ATTACHMENT_BYTES // 1_000_000} MB. Nothing was done."
                )
                return (), Notice(text=text, tone=Tone.REFUSED)
            try:
                async with asyncio.timeout(_FETCH_S):
                    body = await self._http.get_from_cdn(file["url"])
            except FAILURES as error:
                logger.warning("An attachment could not be fetched: %s", type(error).__name__)
                text = f"{file['filename']} could not be fetched from Discord. Nothing was done; attach it again."
                return (), Notice(text=text, tone=Tone.REFUSED)
            found.append(Attachment(name=file["filename"], content_type=file.get("content_type") or "", body=body))
        return tuple(found), None


def _refusal(payload: Mapping[str, Any]) -> Notice | None:
    """The rights that the bot lacks for what would be promised, by name."""
    channel, lacking = missing_rights(payload)
    if not lacking:
        return None
    return Notice(text=f"I can't post in #{channel}: {grant(lacking)}. Then repeat this.", tone=Tone.REFUSED)
