"""Handles clicks on buttons and menus in messages, modals and Home.

A click may arrive twice, late, or from somebody without permission; none of these changes anything twice.
"""

from dataclasses import replace
from typing import Any

from bot.slack import views
from bot.slack.block_kit import OPEN_LINK
from bot.slack.idempotency import is_first
from bot.slack.services import SlackServices
from bot.slack.teams import SlackTeam
from bot.slack.translate import conversation_of
from bot.slack.view_state import ViewState, read_view_state
from handlers.answers.answer import Listing, Notice, Reply
from handlers.commands.request import Request


class Clicks:
    """Acts on clicks. The answer appears where the person clicked."""

    def __init__(self, services: SlackServices) -> None:
        self._services = services

    async def click(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        """Acknowledge the click, act on it and answer. A menu option that opens a link needs no answer."""
        await ack()
        clicked = action.get("value") or (action.get("selected_option") or {}).get("value")
        if not clicked or clicked == OPEN_LINK:
            return
        if not await is_first(context, body, self._services.payloads):
            return
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        reply = await services.commands.click(request, clicked)
        if not await self._open_form(team, request, reply, body):
            await self._answer(team, request, reply, body)

    async def pick_topic(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        """Answer the choice of a topic in Home with its brief."""
        await ack()
        topic = str((action.get("selected_option") or {}).get("value") or "")
        await self._run(body, context, "brief", {"topic": topic})

    async def pick_channel(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        """Answer the choice of a channel in Home with what it gets."""
        await ack()
        await self._run(body, context, "subscriptions", {}, channel=str(action.get("selected_conversation") or ""))

    async def _run(
        self, body: dict[str, Any], context: Any, command: str, options: dict[str, str], channel: str | None = None
    ) -> None:
        """Run a command that somebody chose from a menu. Nothing is done if the choice is empty."""
        if "" in (channel, *options.values()) or not await is_first(context, body, self._services.payloads):
            return
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        if channel is not None:
            name = await services.translator.directory.channel_name(team, channel)
            request = replace(request, target_channel=(channel, name))
        reply = await services.commands.answer(replace(request, command=command, options=options))
        await self._answer(team, request, reply, body)

    async def _open_form(self, team: SlackTeam, request: Request, reply: Reply, body: dict[str, Any]) -> bool:
        """Open the form of the reply in a modal. Return False if it has none, or if Slack refuses the modal."""
        form = reply.answer.form if isinstance(reply.answer, Notice) else None
        if form is None:
            return False
        is_in_modal = (body.get("view") or {}).get("type") == "modal"
        fields = views.form_view(form, conversation_of(request))
        return await self._services.responder.open_view(team, body.get("trigger_id", ""), fields, push=is_in_modal)

    async def _answer(self, team: SlackTeam, request: Request, reply: Reply, body: dict[str, Any]) -> None:
        responder, view = self._services.responder, body.get("view") or {}
        if not view:
            is_ephemeral = bool((body.get("container") or {}).get("is_ephemeral"))
            await responder.to_response_url(
                team,
                body["response_url"],
                reply,
                channel=request.channel,
                user=request.person.external_id,
                # An answer to one person never replaces a message that everybody sees.
                replaces=reply.replaces and is_ephemeral,
            )
        elif reply.public and await responder.to_channel(team, request.channel, reply.answer):
            return
        elif view["type"] == "home":
            if not reply.replaces:
                shown = views.answer_view(reply.answer, ViewState(conversation=conversation_of(request)))
                await responder.open_view(team, body.get("trigger_id", ""), shown)
            await self._services.publish_home(team, request)
        else:
            await self._answer_in_modal(team, request, reply, body)

    async def _answer_in_modal(self, team: SlackTeam, request: Request, reply: Reply, body: dict[str, Any]) -> None:
        responder, shown = self._services.responder, body["view"]
        state = read_view_state(shown.get("private_metadata") or "") or ViewState(conversation=conversation_of(request))
        if reply.replaces and state.command == "subscribe" and isinstance(reply.answer, Listing):
            view = views.subscriptions_view(reply.answer, state.conversation)
            await responder.update_view(team, shown, view, only_if_same=False)
            return
        view = views.answer_view(reply.answer, state)
        if reply.replaces or not await responder.open_view(team, body.get("trigger_id", ""), view, push=True):
            await responder.update_view(team, shown, view, only_if_same=False)
