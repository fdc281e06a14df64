"""Home and modals as views, pure: answers with a title, and forms made from the table of commands."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.slack.blocks import Look, blocks, hits_line, listing_blocks
from bot.slack.limits import (
    OPTION_TEXT,
    OPTION_VALUE,
    OPTIONS,
    TEXT,
    VIEW_BLOCKS,
    VIEW_CHARACTERS,
    VIEW_METADATA,
    VIEW_TITLE,
    Block,
    Element,
    context,
    cut,
    plain,
    preformatted,
    rich,
    words,
)
from bot.slack.render import fitted
from handlers.answers.answer import Answer, Listing, Notice, TopicTest
from handlers.answers.parts import Form
from handlers.commands.table import Option, form_options, form_title

View = dict[str, Any]

FORM: Final = "form"
"""callback_id of a filled-in form."""
ANSWER: Final = "answer"
SUBMIT_ACTION: Final = "field"
LIVE_ACTION: Final = "live"
PICK_ACTION: Final = "pick"
_LANGUAGE: Final = 'Words, "phrases", AND, OR, NOT, ( ), NEAR/8: huawei AND (sanctions OR "entity list")'
_LONG: Final = 3000
"""A field takes no more: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""
_SHORT: Final = 80
_FIELD_ERROR: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The channel that a view is about, which Slack does not say again; kept in the view itself."""

    channel: str
    name: str
    own: bool
    """The person spoke in it; else they named it."""
    command: str = ""
    """What its form is for."""

    def written(self) -> str:
        held = {"channel": self.channel, "name": cut(self.name, 200), "own": self.own, "command": self.command}
        return json.dumps(held)


def read_place(metadata: str) -> Place | None:
    """What `Place.written` gave; None for anything else. Slack gives it back as we sent it."""
    try:
        held = json.loads(metadata)
        return Place(
            channel=str(held["channel"]), name=str(held["name"]), own=held["own"] is True, command=str(held["command"])
        )
    except (ValueError, KeyError, TypeError):
        return None


def home(listings: Sequence[Listing]) -> View:
    """What the workspace follows, for one person."""
    body: list[Block] = []
    for number, listing in enumerate(listings):
        if body:
            body.append({"type": "divider"})
        body.extend(listing_blocks(listing, f"press:{number}"))
    if not body:
        body = [rich([words("Nothing yet. Invite me to a channel: /invite @Wirewatch")])]
    return {"type": "home", "blocks": fitted(body, most=VIEW_BLOCKS, characters=VIEW_CHARACTERS)}


def answer_view(answer: Answer, place: Place) -> View:
    """Any answer in a modal."""
    return _modal(_title(answer), list(blocks(answer, Look(web_images=False))), place, callback=ANSWER)


def subscriptions_view(listing: Listing, place: Place) -> View:
    """What a channel gets, with fields for one more topic."""
    fields: list[Block] = [
        {
            "type": "input",
            "block_id": "topic",
            "label": plain("One more topic"),
            "element": {
                "type": "external_select",
                "action_id": PICK_ACTION,
                "placeholder": plain("A topic's name, or any words"),
                "min_query_length": 0,
            },
        },
        {
            "type": "input",
            "block_id": "pace",
            "label": plain("How often"),
            "element": {
                "type": "static_select",
                "action_id": SUBMIT_ACTION,
                "options": [_choice(pace.title(), pace) for pace in _paces()],
                "initial_option": _choice(_paces()[0].title(), _paces()[0]),
            },
        },
    ]
    room = VIEW_BLOCKS - len(fields) - 1
    shown = fitted(list(listing_blocks(listing)), most=room, characters=VIEW_CHARACTERS)
    body = [*shown, {"type": "divider"}, *fields]
    return _modal("Subscriptions", body, replace(place, command="subscribe"), callback=FORM, submit="Subscribe")


def form_view(form: Form, place: Place, hint: Sequence[Block] = ()) -> View:
    """The fields of a command; `hint` stands under the query while it is typed."""
    values = dict(form.values)
    place = replace(place, command=form.command)
    body: list[Block] = []
    for one in form_options(form.command):
        body.append(_field(one, values.get(one.name, "")))
        if one.name == "query":
            body.extend(hint)
    if form.command.startswith("topics "):
        body.append(context(plain(_LANGUAGE)))
    return _modal(form_title(form.command), body, place, callback=FORM, submit="Save")


def form_of(view: Mapping[str, Any], command: str) -> Form:
    """The form that a view was made from."""
    elements = {block.get("block_id"): block.get("element") or {} for block in view.get("blocks", ())}
    begun = ((one.name, elements.get(one.name, {}).get("initial_value", "")) for one in form_options(command))
    return Form(command=command, values=tuple((name, value) for name, value in begun if value))


def verdict(answer: Answer) -> list[Block]:
    """What a query would have caught, or what is wrong with it, in small."""
    if isinstance(answer, TopicTest):
        never = f" Never seen: {', '.join(answer.never_seen)}." if answer.never_seen else ""
        return [context(plain(cut(f"{hits_line(answer)}{never}", 500)))]
    if isinstance(answer, Notice):
        shown = [context(plain(cut(answer.text, 500)))]
        return [*shown, preformatted(cut(answer.code, 500))] if answer.code else shown
    return []


def field_error(notice: Notice) -> str:
    """One line of plain text: no caret would stand under its place there, and the field shows the query itself."""
    lines = (notice.code or "").splitlines()
    after_caret = next((lines[number + 1 :] for number, line in enumerate(lines) if line.strip() == "^"), lines)
    return cut(" ".join(part for part in (notice.text, *after_caret) if part), _FIELD_ERROR)


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by option name."""
    values: dict[str, str] = {}
    for name, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            chosen = element.get("selected_option") or {}
            value = element.get("value") or chosen.get("value") or ""
            if value:
                values[name] = str(value)
    return values


def choices(texts: Sequence[str], typed: str) -> list[Element]:
    """Options of a select that completes: what is known, and the words themselves."""
    wanted = [*texts, typed] if typed.strip() and typed not in texts else list(texts)
    fit = [text for text in wanted if text.strip() and len(text) <= OPTION_TEXT]
    return [_choice(text, text) for text in dict.fromkeys(fit)][:OPTIONS]


def _paces() -> tuple[str, ...]:
    return next(option.choices for option in form_options("subscribe") if option.name == "pace")


def _choice(label: str, value: str) -> Element:
    return {"text": plain(label, OPTION_TEXT), "value": value[:OPTION_VALUE]}


def _field(one: Option, value: str) -> Block:
    is_query = one.name == "query"
    element: Element = {
        "type": "plain_text_input",
        "action_id": LIVE_ACTION if is_query else SUBMIT_ACTION,
        "multiline": is_query,
        "max_length": _LONG if is_query else _SHORT,
    }
    if value:
        element["initial_value"] = value[: element["max_length"]]
    if is_query:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return {
        "type": "input",
        "block_id": one.name,
        "label": plain(one.summary, TEXT),
        "element": element,
        "optional": not one.required,
        "dispatch_action": is_query,
    }


def _title(answer: Answer) -> str:
    return answer.title if isinstance(answer, Listing) and len(answer.title) <= VIEW_TITLE else "Wirewatch"


def _modal(title: str, body: list[Block], place: Place, *, callback: str, submit: str | None = None) -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, VIEW_TITLE),
        "close": plain("Close", VIEW_TITLE),
        "blocks": fitted(body, most=VIEW_BLOCKS, characters=VIEW_CHARACTERS),
        "private_metadata": place.written()[:VIEW_METADATA],
    }
    if submit is not None:
        view["submit"] = plain(submit, VIEW_TITLE)
    return view
