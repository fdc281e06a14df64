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
from handlers.commands.definitions import Option
from handlers.commands.table import form_fields, form_title

_FORM: Final = "form:"
# Component types: https://discord.com/developers/docs/components/reference
_INPUT, _LABEL, _FILE, _RADIO = 4, 18, 19, 21
_ONE_LINE, _PARAGRAPH = 1, 2


def modal(form: Form, *, guild: str | None) -> Json:
    """Return the form as a modal. In direct messages its id also carries `guild`, the server that it is about."""
    values = dict(form.values)
    options = form_fields(form.command)[:FIELDS_PER_FORM]
    return {
        "custom_id": custom_id_of(f"{_FORM}{form.command}", guild=guild),
        "title": cut(form_title(form.command), FORM_TITLE),
        "components": [_field(option, values.get(option.name, "")) for option in options],
    }


def _field(option: Option, value: str) -> Json:
    return {"type": _LABEL, "label": cut(option.summary, FIELD_LABEL), "component": _entry(option, value)}


def _entry(option: Option, value: str) -> Json:
    """Return the component to fill in: a file, a choice or a text."""
    if option.kind == "file":
        return {"type": _FILE, "custom_id": option.name, "required": option.required, "max_values": 1}
    if option.choices:
        choices = [{"label": choice.title(), "value": choice, "default": choice == value} for choice in option.choices]
        return {"type": _RADIO, "custom_id": option.name, "required": option.required, "options": choices}
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
    return entry


def needs_form(data: Mapping[str, Any]) -> bool:
    """Return whether a command lacks an option that a form asks for. The form must then be the first response."""
    subcommand = (data.get("options") or [{}])[0]
    given = {option["name"] for option in subcommand.get("options") or ()}
    options = form_fields(f"{data.get('name')} {subcommand.get('name')}")
    return any(option.in_form and option.name not in given for option in options)


def submitted_form(data: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """Return the command's name and the values, with the subcommand under "do"; None where the data is no form."""
    if "components" not in data:
        return None
    name, _, subcommand = action_of(str(data.get("custom_id", ""))).removeprefix(_FORM).partition(" ")
    fields = [label.get("component") or {} for label in data["components"]]
    # A file has no value; it comes with the resolved attachments.
    texts = [field for field in fields if field.get("type") != _FILE]
    values = {str(field.get("custom_id", "")): str(field.get("value") or "") for field in texts}
    return name, values | {"do": subcommand}
