"""What people do: commands, button clicks, modals, shortcuts. Acknowledge, translate, ask Commands, render."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeGuard

import aiohttp

from bot.slack import views
from bot.slack.attachments import LARGEST, fetch
from bot.slack.idempotency import is_first
from bot.slack.respond import Responder
from bot.slack.teams import Clients, Speaker
from bot.slack.translate import Translator, place_of, plain_words
from handlers.answers.answer import Answer, Listing, Notice, Reply
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.commands.request import Request
from handlers.commands.table import form_options
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_ACKNOWLEDGE_S: Final = 2.4
"""Slack waits 3 s for what becomes of a form: https://docs.slack.dev/surfaces/modals#handling_submissions"""
_TYPING_S: Final = 0.25
"""Who types goes on within that; the query is tried when they pause."""
_WORKING: Final = Notice(text="Working on it; the result will stand here in a moment.")
_NO_FILE: Final = Notice(
    text="Slack did not hand over the file. Nothing was read; try again in a minute.", tone=Tone.REFUSED
)


class Interactions:
    """One method a kind of payload; each acknowledges first."""

    def __init__(
        self,
        *,
        clients: Clients,
        commands: Commands,
        translate: Translator,
        respond: Responder,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
    ) -> None:
        self._clients = clients
        self._commands = commands
        self._translate = translate
        self._respond = respond
        self._session = session
        self._clock = clock
        self._typed: dict[str, int] = {}
        """How often each open form was typed into."""

    async def command(self, ack: Any, command: dict[str, Any], context: Any) -> None:
        await ack()
        if not await is_first(context):
            return
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.command(speaker, command, now=self._clock())
        trigger = command.get("trigger_id", "")
        reply = await self._commands.answer(request)
        if isinstance(reply.answer, Notice) and reply.answer.form is not None:
            view = views.form_view(reply.answer.form, place_of(request))
            if await self._respond.open_view(speaker, trigger, view):
                return
        if request.command == "subscriptions" and isinstance(reply.answer, Listing):
            view = views.subscriptions_view(reply.answer, place_of(request))
            if await self._respond.open_view(speaker, trigger, view):
                return
        await self._respond.by_url(
            speaker, command["response_url"], reply, channel=request.channel, user=request.person.external_id
        )

    async def click(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        await ack()
        pressed = action.get("value") or (action.get("selected_option") or {}).get("value")
        if not pressed or pressed == "open":  # what opens an address has nothing to say to us
            return
        if not await is_first(context):
            return
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.click(speaker, body, now=self._clock())
        reply = await self._commands.click(request, pressed)
        form = reply.answer.form if isinstance(reply.answer, Notice) else None
        trigger = body.get("trigger_id", "")
        view = body.get("view") or {}
        if form is not None:
            fields = views.form_view(form, place_of(request))
            if await self._respond.open_view(speaker, trigger, fields, push=view.get("type") == "modal"):
                return
        if not view:
            shown_alone = bool((body.get("container") or {}).get("is_ephemeral"))
            await self._respond.by_url(
                speaker,
                body["response_url"],
                reply,
                channel=request.channel,
                user=request.person.external_id,
                # What everyone sees is never replaced by what one person asked.
                replaces=reply.replaces and shown_alone,
            )
        elif reply.public and await self._respond.in_channel(speaker, request.channel, reply.answer):
            return
        elif view["type"] == "home":
            if not reply.replaces:
                await self._respond.open_view(speaker, trigger, views.answer_view(reply.answer, place_of(request)))
            await self.show_home(speaker, request)
        else:
            await self._say_in_modal(speaker, request, reply, view, trigger)

    async def _say_in_modal(
        self, speaker: Speaker, request: Request, reply: Reply, shown: dict[str, Any], trigger: str
    ) -> None:
        place = views.read_place(shown.get("private_metadata") or "") or place_of(request)
        if reply.replaces and place.command == "subscribe" and isinstance(reply.answer, Listing):
            said = views.subscriptions_view(reply.answer, place)
            await self._respond.update_view(speaker, shown, said, only_if_same=False)
            return
        said = views.answer_view(reply.answer, place)
        if reply.replaces or not await self._respond.open_view(speaker, trigger, said, push=True):
            await self._respond.update_view(speaker, shown, said, only_if_same=False)

    async def typed(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        """Show under a query, while it is typed, what it would catch or what is wrong with it.

        A copy of this request has no second effect: Slack refuses to update a view that has changed since.
        """
        await ack()
        shown = body["view"]
        turn = self._typed[shown["id"]] = self._typed.get(shown["id"], 0) + 1
        await asyncio.sleep(_TYPING_S)
        if self._typed.get(shown["id"]) != turn:
            return
        del self._typed[shown["id"]]
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.click(speaker, body, now=self._clock())
        place = views.read_place(shown.get("private_metadata") or "") or place_of(request)
        query = str(action.get("value") or "")
        hint = views.verdict((await self._try(request, query)).answer) if query.strip() else []
        view = views.form_view(views.form_of(shown, place.command), place, hint)
        await self._respond.update_view(speaker, shown, view, only_if_same=True)

    async def submit(self, ack: Any, body: dict[str, Any], view: dict[str, Any], context: Any) -> None:
        """A filled-in form. What is wrong stands in the field; the rest is said in the modal's place."""
        if not await is_first(context):
            await ack()
            return
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.click(speaker, body, now=self._clock())
        work = asyncio.ensure_future(self._fill_in(request, view))
        try:
            said = await asyncio.wait_for(asyncio.shield(work), _ACKNOWLEDGE_S)
        except TimeoutError:
            await ack(response_action="update", view=views.answer_view(_WORKING, place_of(request)))
            said = await work
            answer = said if isinstance(said, Reply) else Reply(answer=Notice(text=" ".join(said.values())))
            after = views.answer_view(answer.answer, place_of(request))
            await self._respond.update_view(speaker, view, after, only_if_same=False)
            return
        if isinstance(said, Reply):
            await ack(response_action="update", view=views.answer_view(said.answer, place_of(request)))
        else:
            await ack(response_action="errors", errors=said)

    async def _fill_in(self, request: Request, view: dict[str, Any]) -> Reply | dict[str, str]:
        """What the command says, or the errors by field."""
        place = views.read_place(view.get("private_metadata") or "") or place_of(request)
        name, _, do = place.command.partition(" ")
        values = views.values_of(view)
        if "query" in values:
            tried = (await self._try(request, values["query"])).answer
            if _is_refusal(tried):
                return {"query": views.field_error(tried)}
        options = values | ({"do": do} if do else {})
        reply = await self._commands.answer(_as(request, name, options))
        if _is_refusal(reply.answer):
            return {form_options(place.command)[0].name: views.field_error(reply.answer)}
        return reply

    async def _try(self, request: Request, query: str) -> Reply:
        return await self._commands.answer(_as(request, "topics", {"do": "test", "query": query}))

    async def complete(self, ack: Any, body: dict[str, Any], payload: dict[str, Any], context: Any) -> None:
        """The options of a select that fills itself in as one types."""
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.click(speaker, body, now=self._clock())
        typed = str(payload.get("value") or "")
        place = views.read_place((body.get("view") or {}).get("private_metadata") or "")
        words = await self._commands.complete(
            request,
            command=place.command if place is not None else "subscribe",
            option=str(payload.get("block_id") or ""),
            typed=typed,
        )
        await ack(options=views.choices(words, typed))

    async def show_home(self, speaker: Speaker, request: Request) -> None:
        view = views.home(await self._commands.home(request))
        await self._respond.publish_home(speaker, request.person.external_id, view)

    async def shortcut(self, ack: Any, body: dict[str, Any], context: Any) -> None:
        """ "Check against topics" on a message: the answer stands in its thread."""
        await ack()
        if not await is_first(context):
            return
        speaker = await self._clients.of(context.team_id)
        request = await self._translate.click(speaker, body, now=self._clock())
        message = body["message"]
        attachments, refusal = await self.attachments(speaker, message.get("files") or ())
        channel, user = body["channel"]["id"], request.person.external_id
        answer: Answer
        if refusal is not None:
            answer = refusal
        else:
            text = {"text": plain_words(message.get("text") or "")}
            answer = (await self._commands.answer(_as(request, "check", text, attachments))).answer
        thread = message.get("thread_ts") or message["ts"]
        if _is_refusal(answer) or not await self._respond.in_channel(speaker, channel, answer, thread):
            await self._respond.by_url(speaker, body["response_url"], Reply(answer=answer), channel=channel, user=user)

    async def attachments(self, speaker: Speaker, files: Any) -> tuple[tuple[Attachment, ...], Notice | None]:
        """The files of a message, together no larger than one may be; or why one cannot be had."""
        fetched: list[Attachment] = []
        for file in files:
            try:
                got = await fetch(speaker, self._session, file, room=LARGEST - sum(len(one.body) for one in fetched))
            except (aiohttp.ClientError, TimeoutError):
                return (), _NO_FILE
            if isinstance(got, Notice):
                return (), got
            fetched.append(got)
        return tuple(fetched), None


def _is_refusal(answer: Answer) -> TypeGuard[Notice]:
    return isinstance(answer, Notice) and answer.tone is Tone.REFUSED


def _as(request: Request, command: str, options: dict[str, str], attachments: tuple[Attachment, ...] = ()) -> Request:
    return replace(request, command=command, options=options, attachments=attachments)
