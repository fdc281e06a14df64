"""Translates Discord's interactions to Requests: the person, the channel, the command or click, and their permissions.

A command in a thread is about the channel that the thread belongs to. In direct messages, a button carries the server
that it is about.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.discord.commands import MESSAGE_TYPE, OPTION_TYPES, RESTRICTED, SUBCOMMAND
from bot.discord.custom_ids import action_of, clicked_id, guild_of
from bot.discord.forms import submitted_form
from bot.discord.permissions import (
    THREADS,
    may_manage,
    may_mention_all,
    missing_names,
    required_in,
    resolved_channel,
)
from handlers.commands.request import Mentioned, Person, Request
from handlers.ports import Attachment
from storage.records import Platform

_CLICK: Final = "click"
_CHECK: Final = "check"
_MENTION_ALL: Final = '"Mention @everyone, @here, and All Roles"'


def to_request(payload: Mapping[str, Any], *, attachments: tuple[Attachment, ...] = (), now: datetime) -> Request:
    """Return an interaction as a Request. The command of a button is "click"."""
    data = payload["data"]
    member = payload["member"]
    user = member["user"]
    command = _CHECK if data.get("type") == MESSAGE_TYPE else str(data.get("name", _CLICK))
    name = member["nick"] or user["global_name"] or user["username"]
    form = submitted_form(data)
    command, (options, target) = (command, options_of(data)) if form is None else (form[0], (form[1], None))
    channel, channel_name = _channel(payload)
    allowed = may_manage(int(member["permissions"])) or command in RESTRICTED
    guild = guild_of(clicked_id(data)) if not payload["guild_id"] else None
    manages = set(payload["manages"]) | _managed_options(data)
    if guild is not None:
        # A person may change their own direct messages: nobody else reads them.
        channel, channel_name, allowed = f"@{user['id']}", f"@{name}", True
        manages.add(channel)
    elif payload["is_personal"]:
        channel, channel_name, allowed, manages = f"@{user['id']}", f"@{name}", False, set()
    in_own = guild is None and payload["is_personal"]
    return Request(
        platform=Platform.DISCORD,
        workspace=channel if in_own else guild or str(payload["guild_id"]),
        workspace_name="" if guild or in_own else payload["guild_name"],
        channel=channel,
        channel_name=channel_name,
        person=Person(
            external_id=str(user["id"]),
            name=name,
            may_manage=allowed,
            manages=frozenset(manages),
        ),
        command=command,
        options=options,
        target_channel=target,
        mention=_mention(payload),
        attachments=attachments,
        now=now,
    )


def channels_of(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return the names by id of the server's channels that the answer may name: the current and the named one."""
    if not payload["guild_id"] or payload["is_personal"]:
        return {}
    named = resolved_channel(payload["data"])
    return dict([_channel(payload)]) | ({str(named["id"]): str(named.get("name", ""))} if named else {})


def _channel(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return the id and the name of the channel; for a thread, of the channel that it belongs to."""
    channel = payload["channel"]
    if channel["type"] in THREADS and channel["parent_id"]:
        return str(channel["parent_id"]), channel["parent_name"] or str(channel["parent_id"])
    return str(channel["id"]), channel["name"] or str(channel["id"])


def _managed_options(data: Mapping[str, Any]) -> set[str]:
    """Return the ids of those channels named by options that the person manages. Discord sends their permissions."""
    channels = (data.get("resolved") or {}).get("channels") or {}
    return {str(id) for id, channel in channels.items() if may_manage(int(channel.get("permissions", "0")))}


def options_of(data: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, str] | None]:
    """Return the values of the options, with the subcommand under "do", and the (id, name) of a channel option."""
    values: dict[str, str] = {}
    if data.get("type") == MESSAGE_TYPE:
        return {"text": _text_of(target_message(data))}, None
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        values["do"] = given[0]["name"]
        given = given[0].get("options") or []
    target: tuple[str, str] | None = None
    for option in given:
        value = str(option["value"])
        if option["type"] == OPTION_TYPES["channel"]:
            target = (value, resolved_channel(data).get("name", value))
        elif option["type"] not in (OPTION_TYPES["file"], OPTION_TYPES["mention"]):
            values[option["name"]] = value
    return values, target


def _mention(payload: Mapping[str, Any]) -> Mentioned | None:
    """Return the role or person that an option names, with the reason where a role may not be mentioned."""
    data = payload["data"]
    options = data.get("options") or ()
    id = next((str(option["value"]) for option in options if option["type"] == OPTION_TYPES["mention"]), None)
    if id is None:
        return None
    resolved = data.get("resolved") or {}
    user = (resolved.get("users") or {}).get(id)
    if user is not None:
        nick = (resolved.get("members") or {}).get(id, {}).get("nick")
        return Mentioned(external_id=id, name=f"@{nick or user.get('global_name') or user['username']}", person=id)
    role = (resolved.get("roles") or {}).get(id) or {}
    barred = None
    if id == str(payload["guild_id"]):
        barred = "that is everybody in the server."
    elif not role.get("mentionable"):
        barred = _why_not_mentionable(payload)
    return Mentioned(external_id=f"&{id}", name=f"@{str(role.get('name', id)).removeprefix('@')}", barred=barred)


def _why_not_mentionable(payload: Mapping[str, Any]) -> str | None:
    """Return why a role that does not allow mentions by everyone may not be mentioned.

    None where both the bot and the person may mention all roles.
    """
    channel = resolved_channel(payload["data"])
    granted = _bot_permissions(payload, channel) if channel else payload["app_permissions"]
    if granted is None or not may_mention_all(int(granted)):
        return (
            'the role does not allow it. A server admin can turn on "Allow anyone to @mention this role" in the '
            f"role's settings, or grant me {_MENTION_ALL} in the channel."
        )
    if not may_mention_all(int(channel.get("permissions") or payload["member"]["permissions"])):
        return f"the role does not allow it to everyone, and you lack {_MENTION_ALL}. Ask a server admin to do this."
    return None


def _bot_permissions(payload: Mapping[str, Any], channel: Mapping[str, Any]) -> str | None:
    """Return the bot's permissions in the channel that an option names; None where they are not known."""
    granted: str | None = channel.get("app_permissions", payload["named_app_permissions"])
    return granted


def target_message(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the message that a message command is about."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    message: Mapping[str, Any] = messages.get(str(data.get("target_id", "")), {})
    return message


def _text_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message and of its embeds."""
    texts = [message.get("content", "")]
    for embed in message.get("embeds") or ():
        texts += [embed.get("title", ""), embed.get("description", "")]
    return "\n\n".join(text for text in texts if text)


def files_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the files attached to a command, and those of its target message except images, video and audio."""
    attached = (data.get("resolved") or {}).get("attachments") or {}
    of_message = target_message(data).get("attachments") or ()
    media = ("image/", "video/", "audio/")
    return [
        *attached.values(),
        *(file for file in of_message if not str(file.get("content_type") or "").startswith(media)),
    ]


def focused_option(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return (the command with its subcommand, the option that is being typed, its value so far)."""
    command = str(data.get("name", ""))
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        command = f"{command} {given[0]['name']}"
        given = given[0].get("options") or []
    for option in given:
        if option.get("focused"):
            return command, option["name"], str(option.get("value", ""))
    return command, "", ""


def missing_permissions(payload: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return (the channel's name, the permissions that the bot lacks there) for an interaction that promises posts.

    Both are empty for any other interaction.
    """
    if not _promises_posts(payload["data"]):
        return "", ()
    channel = resolved_channel(payload["data"])
    if channel:
        granted = _bot_permissions(payload, channel)
        name, kind = channel.get("name", ""), channel.get("type", 0)
    else:
        current = payload["channel"]
        granted = payload["app_permissions"]
        name = _channel(payload)[1]
        kind = current["parent_type"] if current["type"] in THREADS else current["type"]
    return name, () if granted is None else missing_names(int(granted), required_in(kind))


def _promises_posts(data: Mapping[str, Any]) -> bool:
    """Return whether the bot will post later in the named or the current channel if this is done."""
    options = data.get("options") or [{}]
    command = (data.get("name"), options[0].get("name"))
    action = action_of(clicked_id(data)).split(":")
    # "subscribe:TOPIC:PACE" is about the current channel; with a fourth part the action is about another one.
    subscribes_here = action[0] == "subscribe" and len(action) == 3
    return command[0] == "subscribe" or command == ("digest", "at") or subscribes_here
