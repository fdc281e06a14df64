"""Discord's interactions as Requests: who, where, which command or button, and where they may change things.

In a thread, "this channel" is the channel that the thread belongs to. In direct messages, a button says which server it
is about.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import discord

from bot.discord.commands import GATED, KINDS, OF_MESSAGE, SUBCOMMAND
from bot.discord.forms import filled_in
from bot.discord.limits import Json
from bot.discord.message import action_of, chosen, home_of
from bot.discord.permissions import THREADS, lacking, may_manage, may_mention_all, needed, resolved_channel
from handlers.commands.request import Mentioned, Person, Request
from handlers.ports import Attachment
from storage.records import Platform

_CLICK: Final = "click"
_CHECK: Final = "check"
_MENTION_ALL: Final = '"Mention @everyone, @here, and All Roles"'


def payload_of(interaction: discord.Interaction[Any]) -> Json:
    """What Discord sent, as far as the library keeps it, and what the gateway's memory adds to it."""
    user, channel, guild = interaction.user, interaction.channel, interaction.guild
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    data: Mapping[str, Any] = interaction.data or {}
    return {
        "id": interaction.id,
        "token": interaction.token,
        "application_id": interaction.application_id,
        "guild_id": interaction.guild_id or "",
        "guild_name": guild.name if guild is not None and guild.name else str(interaction.guild_id or ""),
        "channel": {
            "id": interaction.channel_id or "",
            "name": getattr(channel, "name", "") or "",
            "type": channel.type.value if channel is not None else 0,
            "parent_id": getattr(channel, "parent_id", None),
            "parent_name": parent.name if parent is not None else "",
            "parent_type": parent.type.value if parent is not None else None,
        },
        "app_permissions": str(interaction.app_permissions.value),
        "named_app_permissions": _own_rights(guild, resolved_channel(data)),
        "member": {
            "user": {"id": user.id, "username": user.name, "global_name": user.global_name},
            "nick": getattr(user, "nick", None),
            "permissions": str(interaction.permissions.value),
        },
        "manages": _managed(guild, user) if interaction.type is discord.InteractionType.component else [],
        "data": data,
    }


def _own_rights(guild: discord.Guild | None, named: Mapping[str, Any]) -> str | None:
    """The bot's own rights in the channel that an option names, where the gateway knows it."""
    found = guild.get_channel(int(named["id"])) if guild is not None and named else None
    return None if found is None else str(found.permissions_for(found.guild.me).value)


def _managed(guild: discord.Guild | None, user: discord.Member | discord.User) -> list[str]:
    """Channels that this person manages, from the server's roles: a button may be about any of them."""
    if guild is None or not isinstance(user, discord.Member):
        return []
    return [str(one.id) for one in guild.channels if may_manage(one.permissions_for(user).value)]


def to_request(payload: Mapping[str, Any], *, attachments: tuple[Attachment, ...] = (), now: datetime) -> Request:
    """An interaction as a Request; for a button the command is "press"."""
    data = payload["data"]
    member = payload["member"]
    user = member["user"]
    said = str(data.get("name", _CLICK))
    command = _CHECK if data.get("type") == OF_MESSAGE else said
    name = member["nick"] or user["global_name"] or user["username"]
    form = filled_in(data)
    command, (options, target) = (command, _options(data)) if form is None else (form[0], (form[1], None))
    channel, channel_name = _place(payload)
    allowed = may_manage(int(member["permissions"])) or command in GATED
    home = home_of(chosen(data)) if not payload["guild_id"] else None
    manages = set(payload["manages"]) | _resolved(data)
    if home is not None:
        # A person's own direct messages: nobody else is told anything there.
        channel, channel_name, allowed = f"@{user['id']}", f"@{name}", True
        manages.add(channel)
    return Request(
        platform=Platform.DISCORD,
        workspace=home or str(payload["guild_id"]),
        workspace_name="" if home else payload["guild_name"],
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


def _place(payload: Mapping[str, Any]) -> tuple[str, str]:
    channel = payload["channel"]
    if channel["type"] in THREADS and channel["parent_id"]:
        return str(channel["parent_id"]), channel["parent_name"] or str(channel["parent_id"])
    return str(channel["id"]), channel["name"] or str(channel["id"])


def _resolved(data: Mapping[str, Any]) -> set[str]:
    """Of the channels that an option names, those that this person manages; Discord tells their rights there."""
    channels = (data.get("resolved") or {}).get("channels") or {}
    return {str(id) for id, one in channels.items() if may_manage(int(one.get("permissions", "0")))}


def _options(data: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, str] | None]:
    chosen_options: dict[str, str] = {}
    if data.get("type") == OF_MESSAGE:
        return {"text": _words(target_message(data))}, None
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        chosen_options["do"] = given[0]["name"]
        given = given[0].get("options") or []
    target: tuple[str, str] | None = None
    for option in given:
        value = str(option["value"])
        if option["type"] == KINDS["channel"]:
            target = (value, resolved_channel(data).get("name", value))
        elif option["type"] not in (KINDS["file"], KINDS["mention"]):
            chosen_options[option["name"]] = value
    return chosen_options, target


def _mention(payload: Mapping[str, Any]) -> Mentioned | None:
    """The role or person that an option names, and why a role may not be mentioned."""
    data = payload["data"]
    id = next((str(one["value"]) for one in data.get("options") or () if one["type"] == KINDS["mention"]), None)
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
        barred = _unmentionable(payload)
    return Mentioned(external_id=f"&{id}", name=f"@{str(role.get('name', id)).removeprefix('@')}", barred=barred)


def _unmentionable(payload: Mapping[str, Any]) -> str | None:
    """Why a role that does not allow it to everyone may not be mentioned; None: the right for it overrules that."""
    named = resolved_channel(payload["data"])
    granted = _named_rights(payload, named) if named else payload["app_permissions"]
    if granted is None or not may_mention_all(int(granted)):
        return (
            'the role does not allow it. A server admin can turn on "Allow anyone to @mention this role" in the '
            f"role's settings, or grant me {_MENTION_ALL} in the channel."
        )
    if not may_mention_all(int(named.get("permissions") or payload["member"]["permissions"])):
        return f"the role does not allow it to everyone, and you lack {_MENTION_ALL}. Ask a server admin to do this."
    return None


def _named_rights(payload: Mapping[str, Any], channel: Mapping[str, Any]) -> str | None:
    """The bot's own rights in the channel that an option names; None: not known."""
    granted: str | None = channel.get("app_permissions", payload["named_app_permissions"])
    return granted


def target_message(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a message command is about."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    found: Mapping[str, Any] = messages.get(str(data.get("target_id", "")), {})
    return found


def _words(message: Mapping[str, Any]) -> str:
    """What a message says: its own words, and those of the pages that it shows."""
    said = [message.get("content", "")]
    for embed in message.get("embeds") or ():
        said += [embed.get("title", ""), embed.get("description", "")]
    return "\n\n".join(part for part in said if part)


def files_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files that came with a command, or hang on the message that it is about and can be read."""
    attached = (data.get("resolved") or {}).get("attachments") or {}
    hanging = target_message(data).get("attachments") or ()
    seen_or_heard = ("image/", "video/", "audio/")
    return [
        *attached.values(),
        *(file for file in hanging if not str(file.get("content_type") or "").startswith(seen_or_heard)),
    ]


def focused(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """(the command with its subcommand, the option that is being typed, what is typed so far)."""
    command = str(data.get("name", ""))
    given = data.get("options") or []
    if given and given[0].get("type") == SUBCOMMAND:
        command = f"{command} {given[0]['name']}"
        given = given[0].get("options") or []
    for option in given:
        if option.get("focused"):
            return command, option["name"], str(option.get("value", ""))
    return command, "", ""


def missing_rights(payload: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """(the channel that will be posted to, the rights the bot lacks there). Empty for what promises no posts."""
    if not _promises_posts(payload["data"]):
        return "", ()
    channel = resolved_channel(payload["data"])
    if channel:
        granted = _named_rights(payload, channel)
        name, kind = channel.get("name", ""), channel.get("type", 0)
    else:
        here = payload["channel"]
        granted = payload["app_permissions"]
        name, kind = _place(payload)[1], here["parent_type"] if here["type"] in THREADS else here["type"]
    return name, () if granted is None else lacking(int(granted), needed(kind))


def _promises_posts(data: Mapping[str, Any]) -> bool:
    """If it is done, the bot posts in a channel later: the one that is named, or this one."""
    options = data.get("options") or [{}]
    asked = (data.get("name"), options[0].get("name"))
    pressed = action_of(chosen(data)).split(":")
    # The button of a subscription to this place; with a third part it is about another channel.
    return asked[0] == "subscribe" or asked == ("digest", "at") or (pressed[0] == "subscribe" and len(pressed) == 3)
