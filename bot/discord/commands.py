"""Discord's application commands, made from the table of commands, and its interactions as Requests."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from handlers.command_table import COMMANDS, Command, Option
from handlers.ports import Attachment
from handlers.requests import Person, Request
from storage.records import Platform

# https://discord.com/developers/docs/interactions/application-commands#application-command-object
SUBCOMMAND: Final = 1
_KINDS: Final = {"text": 3, "channel": 7, "file": 11}
_TEXT_CHANNELS: Final = [0, 5]
_GUILD_ONLY: Final = [0]
_ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
# What posting an alert takes: https://discord.com/developers/docs/topics/permissions
_NEEDED: Final = (
    (1 << 10, "View Channel"),
    (1 << 11, "Send Messages"),
    (1 << 14, "Embed Links"),
    (1 << 16, "Read Message History"),
)
_GATED: Final = frozenset(command.name for command in COMMANDS if command.changes)
"""Commands that Discord itself shows only to those who may use them: servers can overrule who that is."""

Json = dict[str, Any]


def command_payload() -> list[Json]:
    """The body that registers every command."""
    return [_command(command) for command in COMMANDS]


def payload_hash() -> str:
    """Changes only when the table does."""
    return sha256(json.dumps(command_payload(), sort_keys=True).encode()).hexdigest()


def _command(command: Command) -> Json:
    payload: Json = {
        "type": 1,
        "name": command.name,
        "description": command.summary,
        "contexts": _GUILD_ONLY,
        "integration_types": _GUILD_ONLY,
        "options": [_option(option) for option in command.options],
    }
    if command.subcommands:
        payload["options"] = [
            {
                "type": SUBCOMMAND,
                "name": sub.name,
                "description": sub.summary,
                "options": [_option(option) for option in _required_first(sub.options)],
            }
            for sub in command.subcommands
        ]
    if command.name in _GATED:
        payload["default_member_permissions"] = str(MANAGE_CHANNELS)
    return payload


def _required_first(options: tuple[Option, ...]) -> list[Option]:
    return sorted(options, key=lambda option: not option.required)


def _option(option: Option) -> Json:
    payload: Json = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": option.summary,
        "required": option.required,
    }
    if option.kind == "channel":
        payload["channel_types"] = _TEXT_CHANNELS
    if option.choices:
        payload["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    elif option.complete is not None:
        payload["autocomplete"] = True
    return payload


def to_request(
    payload: Mapping[str, Any], *, guild_name: str, attachments: tuple[Attachment, ...] = (), now: datetime
) -> Request:
    """An interaction's payload as a Request; for a button the command is "press"."""
    member = payload.get("member") or {}
    user = member.get("user") or payload.get("user") or {}
    channel = payload.get("channel") or {}
    permissions = int(member.get("permissions", "0"))
    data = payload.get("data") or {}
    command = data.get("name", "press")
    options, target = _options(data)
    return Request(
        platform=Platform.DISCORD,
        workspace=str(payload.get("guild_id", "")),
        workspace_name=guild_name,
        channel=str(payload.get("channel_id") or channel.get("id", "")),
        channel_name=channel.get("name") or str(payload.get("channel_id", "")),
        person=Person(
            external_id=str(user.get("id", "")),
            name=member.get("nick") or user.get("global_name") or user.get("username", ""),
            may_manage=command in _GATED or bool(permissions & (MANAGE_CHANNELS | _ADMINISTRATOR)),
            manages=_manages(data),
        ),
        command=command,
        options=options,
        target_channel=target,
        attachments=attachments,
        now=now,
    )


def _manages(data: Mapping[str, Any]) -> frozenset[str]:
    """Channels named by options in which this person may change things: Discord tells their rights there."""
    channels = (data.get("resolved") or {}).get("channels") or {}
    return frozenset(
        id for id, one in channels.items() if int(one.get("permissions", "0")) & (MANAGE_CHANNELS | _ADMINISTRATOR)
    )


def _options(data: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, str] | None]:
    chosen: dict[str, str] = {}
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        chosen["do"] = given[0]["name"]
        given = given[0].get("options") or []
    target: tuple[str, str] | None = None
    channels = (data.get("resolved") or {}).get("channels") or {}
    for option in given:
        value = str(option["value"])
        if option["type"] == _KINDS["channel"]:
            target = (value, channels.get(value, {}).get("name", value))
        elif option["type"] != _KINDS["file"]:
            chosen[option["name"]] = value
    return chosen, target


def focused(data: Mapping[str, Any]) -> tuple[str, str]:
    """(the option that is being typed, what is typed so far)."""
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        given = given[0].get("options") or []
    return next(((option["name"], str(option.get("value", ""))) for option in given if option.get("focused")), ("", ""))


def missing_rights(payload: Mapping[str, Any]) -> tuple[str, list[str]]:
    """(the channel an answer would post to, the rights the bot lacks there). Empty where Discord does not tell."""
    data = payload.get("data") or {}
    channels = (data.get("resolved") or {}).get("channels") or {}
    channel: Mapping[str, Any] = next(iter(channels.values()), {})
    granted = channel.get("app_permissions") if channel else payload.get("app_permissions")
    name = channel.get("name") or (payload.get("channel") or {}).get("name") or "this channel"
    if granted is None:
        return name, []
    bits = int(granted)
    return name, [] if bits & _ADMINISTRATOR else [right for bit, right in _NEEDED if not bits & bit]


def promises_posts(payload: Mapping[str, Any]) -> bool:
    """The command, if done, makes the bot post in a channel later."""
    data = payload.get("data") or {}
    options = data.get("options") or []
    return data.get("name") == "subscribe" or (
        data.get("name") == "digest" and bool(options) and options[0].get("name") == "at"
    )
