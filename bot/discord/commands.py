"""Discord's application commands, built from the table of commands and registered only when they change."""

import json
import logging
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from discord.http import HTTPClient, Route

from bot.discord.limits import Json
from bot.discord.locales import MESSAGE_COMMAND, Locales
from bot.discord.permissions import POSTABLE, Permission
from handlers.commands.definitions import Command, Option
from handlers.commands.personal import PERSONAL_COMMANDS
from handlers.commands.table import COMMANDS
from storage.store import Store

logger = logging.getLogger(__name__)

# https://discord.com/developers/docs/interactions/application-commands#application-command-object
SUBCOMMAND: Final = 1
OPTION_TYPES: Final = {"text": 3, "channel": 7, "mention": 9, "file": 11}
_SLASH_TYPE, MESSAGE_TYPE = 1, 3
# https://discord.com/developers/docs/interactions/application-commands#contexts
_SERVERS: Final[Json] = {"contexts": [0], "integration_types": [0]}
_EVERYWHERE: Final[Json] = {"contexts": [0, 1, 2], "integration_types": [0, 1]}
"""In servers, in the bot's direct messages and in those of others; installed for a server or for a person."""
RESTRICTED: Final = frozenset(command.name for command in COMMANDS if command.changes)
"""Commands that Discord shows only to members who may manage channels. A server can change who sees them."""
_REGISTERED: Final = "discord_commands"
"""The prefix of the database key under which the last registration is stored."""


def command_payload(locales: Locales | None = None) -> list[Json]:
    """Return the JSON body that registers all commands."""
    locales = locales or Locales()
    return [*(_command(command, locales) for command in COMMANDS), _message_command(locales)]


def _command(command: Command, locales: Locales) -> Json:
    payload: Json = {
        "type": _SLASH_TYPE,
        **(_EVERYWHERE if command.name in PERSONAL_COMMANDS else _SERVERS),
        "options": _options(command.options, locales, command.name),
        **_named(command.name, command.summary, locales, command.name),
    }
    if command.subcommands:
        payload["options"] = [
            {
                "type": SUBCOMMAND,
                "options": _options(sub.options, locales, f"{command.name} {sub.name}"),
                **_named(sub.name, sub.summary, locales, f"{command.name} {sub.name}"),
            }
            for sub in command.subcommands
        ]
    if command.name in RESTRICTED:
        payload["default_member_permissions"] = int(Permission.MANAGE_CHANNELS)
    return payload


def _message_command(locales: Locales) -> Json:
    return {"type": MESSAGE_TYPE, "name": MESSAGE_COMMAND} | _EVERYWHERE | locales.name(MESSAGE_COMMAND)


def _options(options: Iterable[Option], locales: Locales, path: str) -> list[Json]:
    """Return the options, required ones first as Discord demands."""
    return [_option(option, locales, path) for option in sorted(options, key=lambda option: not _is_required(option))]


def _is_required(option: Option) -> bool:
    """An option that a form asks for may be left out of the command."""
    return option.required and not option.in_form


def _option(option: Option, locales: Locales, path: str) -> Json:
    payload: Json = {
        "type": OPTION_TYPES[option.kind],
        "required": _is_required(option),
        **_named(option.name, option.summary, locales, f"{path} {option.name}"),
    }
    if option.kind == "channel":
        payload["channel_types"] = list(POSTABLE)
    if option.choices:
        payload["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    elif option.complete is not None:
        payload["autocomplete"] = True
    return payload


def _named(name: str, summary: str, locales: Locales, path: str) -> Json:
    return {"name": name, "description": summary} | locales.description(path)


async def register(
    http: HTTPClient, store: Store, *, application: int, guild: str | None, locales: Locales
) -> dict[str, str]:
    """Register the commands if they changed, and remove them from the scope where they were registered before.

    Return Discord's ids of the commands by name.

    The scope is one server, which sees changes at once, or with `guild=None` all servers. Discord allows 200
    registrations a day.

    Raises: what the library raises, StorageError.
    """
    payload = command_payload(locales)
    scope = guild or "global"
    wanted = f"{scope} {sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()}"
    name = f"{_REGISTERED}:{application}"
    async with store.read() as tx:
        registered = await tx.meta.get(name)
    if registered == wanted:
        return _ids(await http.request(_route(application, scope, method="GET")))
    old_scope = registered.split(" ")[0] if registered else scope
    if old_scope != scope:
        await http.request(_route(application, old_scope), json=[])
    created = await http.request(_route(application, scope), json=payload)
    async with store.begin() as tx:
        await tx.meta.set(name, wanted)
    logger.info("Registered the commands with Discord: %s", scope)
    return _ids(created)


def _ids(commands: Iterable[Json]) -> dict[str, str]:
    return {str(command["name"]): str(command["id"]) for command in commands}


def _route(application: int, scope: str, *, method: str = "PUT") -> Route:
    if scope.isdigit():
        return Route(method, f"/applications/{application}/guilds/{scope}/commands")
    return Route(method, f"/applications/{application}/commands")
