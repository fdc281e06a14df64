"""Autocomplete: suggest topics, subscriptions, sources, periods and time zones for a few typed letters."""

from typing import Final

from handlers.answers.times import zone_names
from handlers.commands.request import Request, Role
from handlers.commands.table import COMMANDS, Completion
from storage.records import SHARED
from storage.store import Store, Tx
from storage.topics import normalize_name

MAX_SUGGESTIONS: Final = 25
MAX_LENGTH: Final = 100
"""Of a suggestion, in characters. Discord has both limits:
https://discord.com/developers/docs/interactions/application-commands"""
_PERIODS: Final = ("24h", "3d", "7d", "14d", "30d", "90d", "365d")
_ZONES: Final = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")


async def complete(store: Store, request: Request, *, command: str, option: str, typed: str) -> tuple[str, ...]:
    """Return suggestions for an option: first those that begin with `typed`, then those that contain it.

    `command` may include the subcommand, such as "topics show". Nothing of another workspace is suggested, and nothing
    to people who are not members of the workspace.
    """
    if request.person.role is not Role.MEMBER:
        return ()
    match _kind(command, option):
        case None:
            return ()
        case "period":
            return _best(_PERIODS, typed)
        case "zone":
            return _best(zone_names(), typed) if typed.strip() else _ZONES
        case "topic":
            async with store.read() as tx:
                return _best(await _topics(tx, request), typed)
        case "subscription":
            async with store.read() as tx:
                return _best(await _subscriptions(tx, request), typed)
        case "source":
            async with store.read() as tx:
                return _best(await _sources(tx, request), typed)


def _kind(command: str, option: str) -> Completion | None:
    """Return what the option is completed from; None: nothing, or there is no such option."""
    name, _, do = command.partition(" ")
    for entry in COMMANDS:
        if entry.name == name:
            nested = [found for sub in entry.subcommands if do in ("", sub.name) for found in sub.options]
            return next((found.complete for found in (*entry.options, *nested) if found.name == option), None)
    return None


def _best(words: tuple[str, ...], typed: str) -> tuple[str, ...]:
    wanted = normalize_name(typed)
    usable = [word for word in dict.fromkeys(words) if word and len(word) <= MAX_LENGTH]
    # People may type a space for the underscore in the name of a time zone.
    forms = {word: (normalize_name(word), normalize_name(word.replace("_", " "))) for word in usable}
    first = [word for word in usable if any(form.startswith(wanted) for form in forms[word])]
    inside = [word for word in usable if any(wanted in form for form in forms[word]) and word not in first]
    return (*first, *inside)[:MAX_SUGGESTIONS]


async def _workspace_id(tx: Tx, request: Request) -> int:
    """Return the workspace's id, or SHARED for a workspace that is not stored yet and sees only what is shared."""
    workspace = await tx.workspaces.find(request.platform, request.workspace)
    return SHARED if workspace is None else workspace.id


async def _topics(tx: Tx, request: Request) -> tuple[str, ...]:
    topics = await tx.topics.visible(await _workspace_id(tx, request))
    return (*(topic.title for topic in topics), *(alias for topic in topics for alias in topic.aliases))


async def _subscriptions(tx: Tx, request: Request) -> tuple[str, ...]:
    external_id = (request.target_channel or (request.channel, ""))[0]
    if external_id != request.channel and external_id not in (request.person.manages or ()):
        return ()
    channel = await tx.channels.find(await _workspace_id(tx, request), external_id)
    if channel is None:
        return ()
    subscriptions = await tx.subscriptions.of_channel(channel.id)
    topics = await tx.topics.by_ids([subscription.topic_id for subscription in subscriptions])
    return tuple(sorted(topic.title for topic in topics.values()))


async def _sources(tx: Tx, request: Request) -> tuple[str, ...]:
    return tuple(source.title for source in await tx.sources.visible(await _workspace_id(tx, request)))
