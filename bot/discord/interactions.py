"""Handles interactions: acknowledges them within 3 seconds, runs the command or click, and renders the answer."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

from discord.http import HTTPClient

from bot.discord.custom_ids import action_of, clicked_id
from bot.discord.destinations import Destinations
from bot.discord.failures import FAILURES
from bot.discord.forms import needs_form
from bot.discord.limits import CHOICE, CHOICES
from bot.discord.permissions import explain_missing
from bot.discord.responder import InteractionExpired, Responder
from bot.discord.translate import files_of, focused_option, missing_permissions, to_request
from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_ATTACHMENT_BYTES: Final = 20_000_000
_ATTACHMENTS: Final = 10
_FETCH_S: Final = 30.0


class InteractionHandler:
    """Handles each type of interaction with one method. What an interaction does is decided in `Commands`."""

    def __init__(
        self,
        http: HTTPClient,
        destinations: Destinations,
        commands: Commands,
        clock: Callable[[], datetime],
        *,
        direct_s: float,
    ) -> None:
        self._http = http
        self._destinations = destinations
        self._commands = commands
        self._clock = clock
        self._direct_s = direct_s
        """A reply within this many seconds is sent without acknowledging the interaction first."""

    async def command(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a slash command or the message command.

        A form must be the first response. A command that may open one is therefore run before it is acknowledged.
        """
        if needs_form(payload["data"]):
            await self._reply_directly(self._run(payload), responder.reply, responder.defer, responder.reply_deferred)
            return
        await responder.defer()
        refusal = _refusal(payload)
        if refusal is None:
            files, refusal = await self._attachments(payload)
        if refusal is None:
            request = to_request(payload, attachments=files, now=self._clock())
            await responder.reply_deferred(await self._commands.answer(request))
        else:
            await responder.reply_deferred(Reply(answer=refusal))

    async def click(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a click on a button, or a choice from a menu."""
        await self._reply_directly(
            self._click_reply(payload), responder.reply, responder.defer_update, responder.reply_deferred_update
        )

    async def submit(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a submitted form."""
        await responder.defer()
        await responder.reply_deferred(await self._run(payload))

    async def autocomplete(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Suggest values for the option that is being typed."""
        command, option, typed = focused_option(payload["data"])
        request = to_request(payload, now=self._clock())
        values = await self._commands.complete(request, command=command, option=option, typed=typed)
        await responder.suggest([{"name": text[:CHOICE], "value": text[:CHOICE]} for text in values[:CHOICES]])

    async def _run(self, payload: Mapping[str, Any]) -> Reply:
        return await self._commands.answer(to_request(payload, now=self._clock()))

    async def _reply_directly(
        self,
        work: Coroutine[Any, Any, Reply],
        reply: Callable[[Reply], Awaitable[None]],
        defer: Callable[[], Awaitable[None]],
        reply_deferred: Callable[[Reply], Awaitable[None]],
    ) -> None:
        """Send the result as the first response; if the work takes too long, acknowledge the interaction first."""
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(work)
            done, _ = await asyncio.wait({task}, timeout=self._direct_s)
            if not done:
                with contextlib.suppress(InteractionExpired):  # the work is finished all the same
                    await defer()
        await (reply if done else reply_deferred)(task.result())

    async def _click_reply(self, payload: Mapping[str, Any]) -> Reply:
        refusal = _refusal(payload)
        request = to_request(payload, now=self._clock())
        if not payload["guild_id"] and refusal is None:
            refusal = await self._refuse_non_member(request.workspace, request.person.external_id)
        if refusal is not None:
            return Reply(answer=refusal)
        return await self._commands.click(request, action_of(clicked_id(payload["data"])))

    async def _refuse_non_member(self, guild: str, person: str) -> Notice | None:
        """Return a refusal for a click in direct messages by a person who is not in the server; None for a member."""
        try:
            if guild:
                await self._destinations.require_member(guild, person)
                return None
        except FAILURES as error:
            logger.info("Refused a click in direct messages: %s", error)
        text = "I can't confirm that you are in that server. Use the command in the server instead."
        return Notice(text=text, tone=Tone.REFUSED)

    async def _attachments(self, payload: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], Notice | None]:
        """Return the files of the command, or the reason why they cannot be read."""
        attachments: list[Attachment] = []
        for file in files_of(payload["data"])[:_ATTACHMENTS]:
            name = file["filename"]
            if file.get("size", 0) > _ATTACHMENT_BYTES:
                text = (
                    f"{name} is {file['size'] / 1_000_000:.0f} MB; I read files up to "
                    f"{_ATTACHMENT_BYTES // 1_000_000} MB. Nothing was done."
                )
                return (), Notice(text=text, tone=Tone.REFUSED)
            try:
                async with asyncio.timeout(_FETCH_S):
                    body = await self._http.get_from_cdn(file["url"])
            except FAILURES as error:
                logger.warning("An attachment could not be fetched: %s", type(error).__name__)
                text = f"{name} could not be fetched from Discord. Nothing was done. Attach it again."
                return (), Notice(text=text, tone=Tone.REFUSED)
            attachments.append(Attachment(name=name, content_type=file.get("content_type") or "", body=body))
        return tuple(attachments), None


def _refusal(payload: Mapping[str, Any]) -> Notice | None:
    """Return a refusal that says why the bot cannot make the posts that the command promises; None if it can."""
    channel, missing = missing_permissions(payload)
    if missing:
        return Notice(
            text=f"I can't post in #{channel}: {explain_missing(missing)}. Then try again.", tone=Tone.REFUSED
        )
    if channel and payload["unusable"]:
        return Notice(
            text=f"I can't post in #{channel}: {payload['unusable']}. Nothing was changed.", tone=Tone.REFUSED
        )
    return None
