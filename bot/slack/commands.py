"""Answers slash commands, and the shortcut that checks a message. Both are acknowledged first."""

from dataclasses import replace
from typing import Any

from bot.slack import views
from bot.slack.idempotency import is_first
from bot.slack.services import SlackServices, is_refusal
from bot.slack.teams import SlackTeam
from bot.slack.translate import conversation_of, unescaped
from handlers.answers.answer import Answer, Listing, Notice, Reply
from handlers.commands.request import Request


class SlashCommands:
    """One method for each kind of payload. A payload that arrives again has no effect."""

    def __init__(self, services: SlackServices) -> None:
        self._services = services

    async def command(self, ack: Any, command: dict[str, Any], context: Any) -> None:
        await ack()
        if not await is_first(context, command, self._services.payloads):
            return
        services = self._services
        team = await services.team(context, command)
        request = await services.translator.command(team, command, now=services.clock())
        reply = await services.commands.answer(request)
        view = _view_for(request, reply.answer)
        if view is not None and await services.responder.open_view(team, command.get("trigger_id", ""), view):
            return
        await services.responder.to_response_url(
            team, command["response_url"], reply, channel=request.channel, user=request.person.external_id
        )

    async def check_message(self, ack: Any, body: dict[str, Any], context: Any) -> None:
        """Answer the shortcut "Check against topics" in the thread of the message, or to the person alone."""
        await ack()
        if not await is_first(context, body, self._services.payloads):
            return
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        message = body["message"]
        answer = await self._check(team, request, message)
        channel, user = body["channel"]["id"], request.person.external_id
        thread = message.get("thread_ts") or message["ts"]
        if is_refusal(answer) or not await services.responder.to_channel(team, channel, answer, thread):
            await services.responder.to_response_url(
                team, body["response_url"], Reply(answer=answer), channel=channel, user=user
            )

    async def _check(self, team: SlackTeam, request: Request, message: dict[str, Any]) -> Answer:
        attachments = await self._services.attachments.download(team, message.get("files") or ())
        if isinstance(attachments, Notice):
            return attachments
        options = {"text": unescaped(message.get("text") or "")}
        request = replace(request, command="check", options=options, attachments=attachments)
        return (await self._services.commands.answer(request)).answer


def _view_for(request: Request, answer: Answer) -> views.View | None:
    """Return the modal that shows the answer: a form to fill in, or the subscriptions; None for other answers."""
    if isinstance(answer, Notice) and answer.form is not None:
        return views.form_view(answer.form, conversation_of(request))
    if request.command == "subscriptions" and isinstance(answer, Listing):
        return views.subscriptions_view(answer, conversation_of(request))
    return None
