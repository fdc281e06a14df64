"""Discord's modals: which fields a command's form has, and what a person filled in. Does no I/O."""

from collections.abc import Mapping
from typing import Any, Final

from bot.discord.custom_ids import action_of, custom_id_of
from bot.discord.limits import (
    FIELD_LABEL,
    FIELDS_PER_FORM,
    FORM_TITLE,
    LONG_FIELD,
    SHORT_FIELD,
    Json,
    cut,
)
from handlers.answers.parts import Form
from handlers.commands.table import Option, form_options, form_title

_FORM: Final = "form:"
# Component types: https://discord.com/developers/docs/components/reference
_INPUT, _LABEL = 4, 18
_ONE_LINE, _PARAGRAPH = 1, 2


def modal(form: Form, *, guild: str | None) -> Json:
    """Return the form as a modal. In direct messages its id also carries `guild`, the server that it is about."""
    values = dict(form.values)
    options = form_options(form.command)[:FIELDS_PER_FORM]
    return {
        "custom_id": custom_id_of(f"{_FORM}{form.command}", guild=guild),
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


def needs_form(data: Mapping[str, Any]) -> bool:
    """Return whether a command lacks an option that a form asks for. The form must then be the first response."""
    subcommand = (data.get("options") or [{}])[0]
    given = {option["name"] for option in subcommand.get("options") or ()}
    options = form_options(f"{data.get('name')} {subcommand.get('name')}")
    return any(option.in_form and option.name not in given for option in options)


def submitted_form(data: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """Return the command's name and the values, with the subcommand under "do"; None where the data is no form."""
    if "components" not in data:
        return None
    name, _, subcommand = action_of(str(data.get("custom_id", ""))).removeprefix(_FORM).partition(" ")
    fields = [label.get("component") or {} for label in data["components"]]
    values = {str(field.get("custom_id", "")): str(field.get("value") or "") for field in fields}
    return name, values | {"do": subcommand}
