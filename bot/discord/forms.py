"""Forms as Discord's modals, pure: the fields of a command, and what came back in them."""

from collections.abc import Mapping
from typing import Any, Final

from bot.discord.limits import (
    FIELD_LABEL,
    FIELDS_A_FORM,
    FORM_TITLE,
    LONG_FIELD,
    SHORT_FIELD,
    Json,
    cut,
)
from bot.discord.message import action_of, marked
from handlers.answers.parts import Form
from handlers.commands.table import Option, form_options, form_title

_FORM: Final = "form:"
# Component types: https://discord.com/developers/docs/components/reference
_INPUT, _LABEL = 4, 18
_ONE_LINE, _PARAGRAPH = 1, 2


def modal(form: Form, *, home: str | None) -> Json:
    """The form; in direct messages it also carries `home`, the server that it is about."""
    values = dict(form.values)
    options = form_options(form.command)[:FIELDS_A_FORM]
    return {
        "custom_id": marked(f"{_FORM}{form.command}", home=home),
        "title": cut(form_title(form.command), FORM_TITLE),
        "components": [_field(option, values.get(option.name, "")) for option in options],
    }


def _field(option: Option, value: str) -> Json:
    is_query = option.name == "query"
    limit = LONG_FIELD if is_query else SHORT_FIELD
    entry: Json = {
        "type": _INPUT,
        "custom_id": option.name,
        "style": _PARAGRAPH if is_query else _ONE_LINE,
        "required": option.required,
        "max_length": limit,
    }
    if value:
        entry["value"] = value[:limit]
    if is_query:
        entry["placeholder"] = 'huawei AND (sanctions OR "entity list")'
    return {"type": _LABEL, "label": cut(option.summary, FIELD_LABEL), "component": entry}


def asks(data: Mapping[str, Any]) -> bool:
    """A command without something that a form would ask for; the form has to be the first response."""
    given = (data.get("options") or [{}])[0]
    named = {option["name"] for option in given.get("options") or ()}
    wanted = form_options(f"{data.get('name')} {given.get('name')}")
    return any(option.in_form and option.name not in named for option in wanted)


def filled_in(data: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """(the command's name, what was filled in and the subcommand under "do"); None for what is no form."""
    if "components" not in data:
        return None
    name, _, do = action_of(str(data.get("custom_id", ""))).removeprefix(_FORM).partition(" ")
    fields = [one.get("component") or {} for one in data["components"]]
    values = {str(one.get("custom_id", "")): str(one.get("value") or "") for one in fields}
    return name, values | {"do": do}
