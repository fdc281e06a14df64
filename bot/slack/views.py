"""Renders Home and modals as Slack views: answers with a title, and forms made from the table of commands. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.slack.block_kit import BUTTON_ID, Block, Element, context, plain_text, preformatted, rich_text, text_run
from bot.slack.blocks import ImageOptions, blocks, chart_blocks, listing_blocks, matches_line
from bot.slack.limits import (
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    TEXT,
    VIEW_BLOCKS,
    VIEW_CHARACTERS,
    VIEW_METADATA,
    VIEW_TITLE,
    truncate,
)
from bot.slack.render import NO_IMAGES, fit
from bot.slack.view_state import Conversation, ViewState
from handlers.answers.answer import Answer, Listing, Notice, TopicTest
from handlers.answers.parts import Form
from handlers.commands.definitions import Option
from handlers.commands.home import Home
from handlers.commands.table import form_options, form_title

View = dict[str, Any]

FORM: Final = "form"
"""callback_id of a form."""
ANSWER: Final = "answer"
"""callback_id of a modal that only shows an answer."""
FIELD_ACTION: Final = "field"
"""action_id of a field that is read when the form is submitted."""
QUERY_ACTION: Final = "live"
"""action_id of the query field, whose payloads arrive while the person types."""
SELECT_ACTION: Final = "pick"
"""action_id of a select menu whose options the bot provides while the person types."""
CHANNEL_ACTION: Final = "channel"
"""action_id of the menu of channels in Home."""
_QUERY_HELP: Final = 'Words, "phrases", AND, OR, NOT, ( ), NEAR/8: huawei AND (sanctions OR "entity list")'
_MAX_QUERY: Final = 3000
"""Slack's limit for a field: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""
_MAX_INPUT: Final = 80
_MAX_FIELD_ERROR: Final = 1000


def home(shown: Home, images: ImageOptions = NO_IMAGES) -> View:
    """Return Home: the person's day with pickers and the chart, then what the workspace follows."""
    body: list[Block] = []
    if shown.my_day is not None:
        body.append(_pickers())
        body.extend(listing_blocks(shown.my_day.stories, f"{BUTTON_ID}:day"))
        body.extend(chart_blocks(shown.my_day.chart, images))
    for number, listing in enumerate(shown.listings):
        if body:
            body.append({"type": "divider"})
        body.extend(listing_blocks(listing, f"{BUTTON_ID}:{number}"))
    if not body:
        body = [rich_text([text_run("Nothing to show yet. Invite me to a channel: /invite @Wirewatch")])]
    return {"type": "home", "blocks": fit(body, max_blocks=VIEW_BLOCKS, max_characters=VIEW_CHARACTERS)}


def _pickers() -> Block:
    """Return the row in which a person chooses a topic for a brief, or a channel to see what it gets."""
    topic: Element = {
        "type": "external_select",
        "action_id": SELECT_ACTION,
        "placeholder": plain_text("Brief on a topic"),
        "min_query_length": 0,
    }
    channel: Element = {
        "type": "conversations_select",
        "action_id": CHANNEL_ACTION,
        "placeholder": plain_text("What a channel gets"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {"type": "actions", "block_id": "topic", "elements": [topic, channel]}


def answer_view(answer: Answer, state: ViewState) -> View:
    """Return a modal that shows any answer."""
    return _modal(_title(answer), list(blocks(answer, NO_IMAGES)), state, ANSWER)


def subscriptions_view(listing: Listing, conversation: Conversation) -> View:
    """Return a modal with the subscriptions of a channel and the fields to add one."""
    fields: list[Block] = [
        {
            "type": "input",
            "block_id": "topic",
            "label": plain_text("Add a topic"),
            "element": {
                "type": "external_select",
                "action_id": SELECT_ACTION,
                "placeholder": plain_text("A topic's name, or any words"),
                "min_query_length": 0,
            },
        },
        _choice("pace", "How often"),
        _choice("grouping", "Grouping"),
    ]
    free = VIEW_BLOCKS - len(fields) - 1
    shown = fit(list(listing_blocks(listing)), max_blocks=free, max_characters=VIEW_CHARACTERS)
    state = ViewState(conversation=conversation, command="subscribe")
    return _modal("Subscriptions", [*shown, {"type": "divider"}, *fields], state, FORM, submit="Subscribe")


def form_view(form: Form, conversation: Conversation, below_query: Sequence[Block] = ()) -> View:
    """Return a modal with the fields of a command. `below_query` is shown below the query field."""
    values = dict(form.values)
    body: list[Block] = []
    for option in form_options(form.command):
        body.append(_field(option, values.get(option.name, "")))
        if option.name == "query":
            body.extend(below_query)
    if form.command.startswith("topics "):
        body.append(context(plain_text(_QUERY_HELP)))
    state = ViewState(conversation=conversation, command=form.command)
    return _modal(form_title(form.command), body, state, FORM, submit="Save")


def read_form(view: Mapping[str, Any], command: str) -> Form:
    """Return the form that the view was rendered from, with the values that its fields began with."""
    elements = {block.get("block_id"): block.get("element") or {} for block in view.get("blocks", ())}
    options = form_options(command)
    initial = ((option.name, elements.get(option.name, {}).get("initial_value", "")) for option in options)
    return Form(command=command, values=tuple((name, value) for name, value in initial if value))


def query_result(answer: Answer) -> list[Block]:
    """Return in small print how many articles a query would have matched, or what is wrong with the query."""
    if isinstance(answer, TopicTest):
        never_seen = f" Never seen: {', '.join(answer.never_seen)}." if answer.never_seen else ""
        return [context(plain_text(truncate(f"{matches_line(answer)}{never_seen}", 500)))]
    if isinstance(answer, Notice):
        shown = [context(plain_text(truncate(answer.text, 500)))]
        return [*shown, preformatted(truncate(answer.code, 500))] if answer.code else shown
    return []


def field_error(notice: Notice) -> str:
    """Return the notice as one line of plain text for a field's error.

    The field shows the query, so the copy of it and the caret below it are left out.
    """
    lines = (notice.code or "").splitlines()
    after_caret = next((lines[number + 1 :] for number, line in enumerate(lines) if line.strip() == "^"), lines)
    return truncate(" ".join(part for part in (notice.text, *after_caret) if part), _MAX_FIELD_ERROR)


def submitted_values(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what the person entered, by option name. Empty fields are left out."""
    values: dict[str, str] = {}
    for name, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            chosen = element.get("selected_option") or {}
            value = element.get("value") or chosen.get("value") or ""
            if value:
                values[name] = str(value)
    return values


def select_options(suggestions: Sequence[str], typed: str) -> list[Element]:
    """Return the options of a select menu: the suggestions, then what the person typed."""
    wanted = [*suggestions, typed] if typed.strip() and typed not in suggestions else list(suggestions)
    valid = [text for text in wanted if text.strip() and len(text) <= OPTION_TEXT]
    return [_select_option(text, text) for text in dict.fromkeys(valid)][:OPTIONS]


def _choice(name: str, label: str) -> Block:
    """Return the field for an option of /subscribe with choices. The first choice is selected."""
    choices = next(option.choices for option in form_options("subscribe") if option.name == name)
    options = [_select_option(choice.title(), choice) for choice in choices]
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(label),
        "element": {
            "type": "static_select",
            "action_id": FIELD_ACTION,
            "options": options,
            "initial_option": options[0],
        },
    }


def _select_option(label: str, value: str) -> Element:
    return {"text": plain_text(label, OPTION_TEXT), "value": value[:OPTION_VALUE]}


def _field(option: Option, value: str) -> Block:
    is_query = option.name == "query"
    element: Element = {
        "type": "plain_text_input",
        "action_id": QUERY_ACTION if is_query else FIELD_ACTION,
        "multiline": is_query,
        "max_length": _MAX_QUERY if is_query else _MAX_INPUT,
    }
    if value:
        element["initial_value"] = value[: element["max_length"]]
    if is_query:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return {
        "type": "input",
        "block_id": option.name,
        "label": plain_text(option.summary, TEXT),
        "element": element,
        "optional": not option.required,
        "dispatch_action": is_query,
    }


def _title(answer: Answer) -> str:
    return answer.title if isinstance(answer, Listing) and len(answer.title) <= VIEW_TITLE else "Wirewatch"


def _modal(title: str, body: list[Block], state: ViewState, callback: str, *, submit: str | None = None) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, VIEW_TITLE),
        "close": plain_text("Close", VIEW_TITLE),
        "blocks": fit(body, max_blocks=VIEW_BLOCKS, max_characters=VIEW_CHARACTERS),
        "private_metadata": state.serialize()[:VIEW_METADATA],
    }
    if submit is not None:
        view["submit"] = plain_text(submit, VIEW_TITLE)
    return view
