"""Autocomplete: the topics, subscriptions, sources, periods and zones that a workspace could mean by a few letters."""

from typing import Final

from handlers.answers.times import zone_names
from handlers.commands.request import Request
from handlers.commands.table import COMMANDS, Completion
from storage.store import Store, Tx
from storage.topics import fold_name

MOST: Final = 25
LONGEST: Final = 100
_PERIODS: Final = ("24h", "3d", "7d", "14d", "30d", "90d", "365d")
_ZONES: Final = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")


async def complete(store: Store, request: Request, *, command: str, option: str, typed: str) -> tuple[str, ...]:
    """What begins with the letters first, then what holds them; nothing of another workspace."""
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
    """`command` may name the subcommand too: "topics show"."""
    name, _, do = command.partition(" ")
    for entry in COMMANDS:
        if entry.name == name:
            nested = [one for sub in entry.subcommands if do in ("", sub.name) for one in sub.options]
            return next((one.complete for one in (*entry.options, *nested) if one.name == option), None)
    return None


def _best(words: tuple[str, ...], typed: str) -> tuple[str, ...]:
    wanted = fold_name(typed)
    usable = [word for word in dict.fromkeys(words) if word and len(word) <= LONGEST]
    folded = {word: fold_name(word.replace("_", " ")) for word in usable}
    first = [word for word in usable if folded[word].startswith(wanted) or fold_name(word).startswith(wanted)]
    held = [word for word in usable if (wanted in folded[word] or wanted in fold_name(word)) and word not in first]
    return (*first, *held)[:MOST]


async def _home(tx: Tx, request: Request) -> int:
    """The workspace's id; 0, which sees what is shared, for one that never asked before."""
    workspace = await tx.workspaces.find(request.platform, request.workspace)
    return 0 if workspace is None else workspace.id


async def _topics(tx: Tx, request: Request) -> tuple[str, ...]:
    topics = await tx.topics.visible(await _home(tx, request))
    return (*(topic.title for topic in topics), *(alias for topic in topics for alias in topic.aliases))


async def _subscriptions(tx: Tx, request: Request) -> tuple[str, ...]:
    home = await _home(tx, request)
    place = (request.target_channel or (request.channel, ""))[0]
    if place != request.channel and place not in (request.person.manages or ()):
        return ()
    channel = await tx.channels.find(home, place)
    if channel is None:
        return ()
    topics = await tx.topics.by_ids([one.topic_id for one in await tx.subscriptions.of_channel(channel.id)])
    return tuple(sorted(topic.title for topic in topics.values()))


async def _sources(tx: Tx, request: Request) -> tuple[str, ...]:
    return tuple(source.title for source in await tx.sources.visible(await _home(tx, request)))
