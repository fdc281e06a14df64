"""Handles forms in modals: suggestions and query results while the person types, then the submitted form."""

import asyncio
from dataclasses import replace
from typing import Any, Final

from bot.slack import views
from bot.slack.idempotency import is_first
from bot.slack.services import SlackServices, is_refusal
from bot.slack.translate import conversation_of
from bot.slack.view_state import ViewState, read_view_state
from handlers.answers.answer import Notice, Reply
from handlers.commands.request import Request
from handlers.commands.table import form_options

_ACKNOWLEDGE_S: Final = 2.4
"""Slack waits 3 s for the answer to a form: https://docs.slack.dev/surfaces/modals#handling_submissions"""
_TYPING_PAUSE_S: Final = 0.25
"""A query is tested once the person has not typed for this long."""
_WORKING: Final = Notice(text="Working on it. The result will appear here.")


class Forms:
    """Answers a form while it is filled in and when it is submitted."""

    def __init__(self, services: SlackServices) -> None:
        self._services = services
        self._keystrokes: dict[str, int] = {}
        """Number of payloads from each open form whose query has not been tested yet, by view id."""

    async def suggest(self, ack: Any, body: dict[str, Any], payload: dict[str, Any], context: Any) -> None:
        """Acknowledge with the options of a select menu that match what the person has typed."""
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        typed = str(payload.get("value") or "")
        state = read_view_state((body.get("view") or {}).get("private_metadata") or "")
        suggestions = await services.commands.complete(
            request,
            command=state.command if state is not None else "subscribe",
            option=str(payload.get("block_id") or ""),
            typed=typed,
        )
        await ack(options=views.select_options([suggestion.value for suggestion in suggestions], typed))

    async def test_query(self, ack: Any, body: dict[str, Any], action: dict[str, Any], context: Any) -> None:
        """Show below the query field what the query would match, or what is wrong with it.

        A payload that arrives again has no effect, because Slack refuses to update a view that has changed since.
        """
        await ack()
        shown = body["view"]
        keystroke = self._keystrokes[shown["id"]] = self._keystrokes.get(shown["id"], 0) + 1
        await asyncio.sleep(_TYPING_PAUSE_S)
        if self._keystrokes.get(shown["id"]) != keystroke:
            return
        del self._keystrokes[shown["id"]]
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        state = _state_of(shown, request)
        query = str(action.get("value") or "")
        result = views.query_result((await self._test(request, query)).answer) if query.strip() else []
        view = views.form_view(views.read_form(shown, state.command), state.conversation, result)
        await services.responder.update_view(team, shown, view, only_if_same=True)

    async def submit(self, ack: Any, body: dict[str, Any], view: dict[str, Any], context: Any) -> None:
        """Run the command of the form. Errors are shown in their fields; any other answer replaces the form."""
        if not await is_first(context, body, self._services.payloads):
            await ack()
            return
        services = self._services
        team = await services.team(context, body)
        request = await services.translator.interaction(team, body, now=services.clock())
        state = ViewState(conversation=conversation_of(request))
        work = asyncio.ensure_future(self._run(request, view))
        try:
            result = await asyncio.wait_for(asyncio.shield(work), _ACKNOWLEDGE_S)
        except TimeoutError:
            await ack(response_action="update", view=views.answer_view(_WORKING, state))
            result = await work
            reply = result if isinstance(result, Reply) else Reply(answer=Notice(text=" ".join(result.values())))
            await services.responder.update_view(team, view, views.answer_view(reply.answer, state), only_if_same=False)
            return
        if isinstance(result, Reply):
            await ack(response_action="update", view=views.answer_view(result.answer, state))
        else:
            await ack(response_action="errors", errors=result)

    async def _run(self, request: Request, view: dict[str, Any]) -> Reply | dict[str, str]:
        """Return the reply of the command, or the errors by field."""
        command = _state_of(view, request).command
        name, _, subcommand = command.partition(" ")
        values = views.submitted_values(view)
        if "query" in values:
            tested = (await self._test(request, values["query"])).answer
            if is_refusal(tested):
                return {"query": views.field_error(tested)}
        options = values | ({"do": subcommand} if subcommand else {})
        reply = await self._services.commands.answer(replace(request, command=name, options=options))
        if is_refusal(reply.answer):
            return {form_options(command)[0].name: views.field_error(reply.answer)}
        return reply

    async def _test(self, request: Request, query: str) -> Reply:
        options = {"do": "test", "query": query}
        return await self._services.commands.answer(replace(request, command="topics", options=options))


def _state_of(view: dict[str, Any], request: Request) -> ViewState:
    state = read_view_state(view.get("private_metadata") or "")
    return state or ViewState(conversation=conversation_of(request))
