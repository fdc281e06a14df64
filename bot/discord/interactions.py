"""Handles interactions: acknowledges them within 3 seconds, runs the command or click, and renders the answer."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from discord.http import HTTPClient

from bot.discord.custom_ids import action_of, clicked_id
from bot.discord.destinations import Destinations
from bot.discord.failures import FAILURES
from bot.discord.forms import needs_form
from bot.discord.limits import CHOICE, CHOICES
from bot.discord.permissions import explain_missing
from bot.discord.responder import InteractionExpired, Responder, has_chart
from bot.discord.translate import files_of, focused_option, missing_permissions, to_request
from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.buttons import FORM_VERBS
from handlers.commands.dispatch import Commands
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_ATTACHMENT_BYTES: Final = 20_000_000
_ATTACHMENTS: Final = 10
_FETCH_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a reply may take to be the first response; after that the interaction is acknowledged. In seconds."""

    click_s: float
    form_s: float
    """For what may open a form, which Discord accepts only as the first response."""


class InteractionHandler:
    """Handles each type of interaction with one method. What an interaction does is decided in `Commands`."""

    def __init__(
        self,
        http: HTTPClient,
        destinations: Destinations,
        commands: Commands,
        clock: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self._http = http
        self._destinations = destinations
        self._commands = commands
        self._clock = clock
        self._patience = patience

    async def command(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a slash command or the message command.

        A form must be the first response. A command that may open one is therefore run before it is acknowledged.
        """
        if needs_form(payload["data"]):
            reply, is_first = await _finish(self._run(payload), self._patience.form_s, responder.defer)
            await (responder.reply(reply) if is_first else responder.reply_deferred(reply))
            return
        await responder.defer()
        refusal = _refusal(payload)
        await responder.reply_deferred(await self._answer(payload) if refusal is None else Reply(answer=refusal))

    async def click(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a click on a button, or a choice from a menu."""
        may_open_form = action_of(clicked_id(payload["data"])).split(":")[0] in FORM_VERBS
        patience_s = self._patience.form_s if may_open_form else self._patience.click_s
        reply, is_first = await _finish(self._click_reply(payload), patience_s, responder.defer_update)
        await (responder.reply(reply) if is_first else responder.reply_deferred_update(reply))

    async def submit(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Handle a submitted form."""
        await responder.defer()
        await responder.reply_deferred(await self._answer(payload))

    async def autocomplete(self, payload: Mapping[str, Any], responder: Responder) -> None:
        """Suggest values for the option that is being typed."""
        command, option, typed = focused_option(payload["data"])
        request = to_request(payload, now=self._clock())
        found = await self._commands.complete(request, command=command, option=option, typed=typed)
        choices = [{"name": each.label[:CHOICE], "value": each.value[:CHOICE]} for each in found[:CHOICES]]
        await responder.suggest(choices)

    async def _answer(self, payload: Mapping[str, Any]) -> Reply:
        """Run the command with the files that came with it."""
        files, refusal = await self._attachments(payload)
        if refusal is not None:
            return Reply(answer=refusal)
        return await self._commands.answer(to_request(payload, attachments=files, now=self._clock()))

    async def _run(self, payload: Mapping[str, Any]) -> Reply:
        return await self._commands.answer(to_request(payload, now=self._clock()))

    async def _click_reply(self, payload: Mapping[str, Any]) -> Reply:
        refusal = _refusal(payload)
        request = to_request(payload, now=self._clock())
        if not payload["guild_id"] and not request.is_personal and refusal is None:
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


async def _finish(
    work: Coroutine[Any, Any, Reply], patience_s: float, defer: Callable[[], Awaitable[None]]
) -> tuple[Reply, bool]:
    """Return the reply, and whether it can be the first response.

    Acknowledges the interaction if the work takes too long, or if a picture has to be drawn before the reply is sent.
    """
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work)
        done, _ = await asyncio.wait({task}, timeout=patience_s)
        is_first = bool(done) and not has_chart(task.result())
        if not is_first:
            with contextlib.suppress(InteractionExpired):  # the work is finished all the same
                await defer()
    return task.result(), is_first


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
