"""Autocomplete: suggest topics, subscriptions, sources, periods and time zones for a few typed letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.times import counted, zone_names
from handlers.commands.definitions import Option
from handlers.commands.request import Request, Role
from handlers.commands.table import COMMANDS
from handlers.topics.text.name_search import Closeness, ranked, read_typed
from storage.records import SHARED, Topic
from storage.store import Store, Tx

MAX_SUGGESTIONS: Final = 25
MAX_LENGTH: Final = 100
"""Of a suggestion, in characters. Discord has both limits:
https://discord.com/developers/docs/interactions/application-commands"""
_PERIODS: Final = ("24h", "3d", "7d", "14d", "30d", "90d", "365d")
_ZONES: Final = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")
_COUNTED: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A suggestion."""

    value: str
    label: str
    """What the person reads: the value, and what is known about it."""


async def complete(store: Store, request: Request, *, command: str, option: str, typed: str) -> tuple[Candidate, ...]:
    """Return suggestions for an option, the best first.

    `command` may include the subcommand, such as "topics show". Where the option takes a query, what was typed is the
    first suggestion, unless it is the name of a topic. Topics that the channel is subscribed to come next, with the
    number of articles of the last week. Nothing of another workspace is suggested, and nothing to people who are not
    members of the workspace.
    """
    if request.person.role is not Role.MEMBER:
        return ()
    found = _option(command, option)
    match None if found is None else found.complete:
        case None:
            return ()
        case "period":
            return _best(_PERIODS, typed)
        case "zone":
            return _best(zone_names(), typed) if typed.strip() else _best(_ZONES, "")
        case "topic":
            async with store.read() as tx:
                return await _topics(tx, request, typed, takes_query=found is not None and found.takes_query)
        case "subscription":
            async with store.read() as tx:
                return _best(sorted(topic.title for topic in await _followed(tx, request)), typed)
        case "source":
            async with store.read() as tx:
                sources = await tx.sources.visible(await _workspace_id(tx, request))
                return _best([source.title for source in sources], typed)


def _option(command: str, option: str) -> Option | None:
    name, _, do = command.partition(" ")
    for entry in COMMANDS:
        if entry.name == name:
            nested = [found for sub in entry.subcommands if do in ("", sub.name) for found in sub.options]
            return next((found for found in (*entry.options, *nested) if found.name == option), None)
    return None


def _best(words: Sequence[str], typed: str) -> tuple[Candidate, ...]:
    usable = [word for word in dict.fromkeys(words) if word and len(word) <= MAX_LENGTH]
    found = sorted(ranked(read_typed(typed), [(word,) for word in usable]), key=lambda match: match[0])
    return tuple(Candidate(value=usable[index], label=usable[index]) for _, index, _ in found[:MAX_SUGGESTIONS])


async def _topics(tx: Tx, request: Request, typed: str, *, takes_query: bool) -> tuple[Candidate, ...]:
    workspace_id = await _workspace_id(tx, request)
    followed = {topic.id for topic in await _followed(tx, request)}
    topics = [topic for topic in await tx.topics.visible(workspace_id) if 0 < len(topic.title) <= MAX_LENGTH]
    found = ranked(read_typed(typed), [_forms(topic, typed) for topic in topics])
    found.sort(key=lambda match: (match[0] is not Closeness.SAME, topics[match[1]].id not in followed, match[0]))
    shown: list[Candidate] = []
    for _, index, place in found[:MAX_SUGGESTIONS]:
        topic = topics[index]
        value = _forms(topic, typed)[place]
        label = topic.title if place < 2 else f"{value} ({topic.title})"
        if topic.id in followed:
            label += f" · {await _count(tx, topic, workspace_id, request.now)}"
        value = topic.title if place < 2 else value
        shown.append(Candidate(value=value, label=label if len(label) <= MAX_LENGTH else value))
    is_name = bool(found) and found[0][0] is Closeness.SAME
    if takes_query and typed.strip() and len(typed) <= MAX_LENGTH and not is_name:
        shown.insert(0, Candidate(value=typed, label=typed))
    return tuple(shown[:MAX_SUGGESTIONS])


def _forms(topic: Topic, typed: str) -> tuple[str, ...]:
    """Return what a topic is found by: its title and name, and where letters were typed its aliases."""
    aliases = [alias for alias in topic.aliases if typed.strip() and len(alias) <= MAX_LENGTH]
    return (topic.title, topic.name, *aliases)


async def _count(tx: Tx, topic: Topic, workspace_id: int, now: datetime) -> str:
    """Return how many articles of the last week match: "12 articles in 7 days"."""
    (articles,) = await tx.matches.span_counts([topic.id], workspace_id, [now - _COUNTED, now], until=now)
    return f"{counted(articles, 'article')} in {_COUNTED.days} days"


async def _workspace_id(tx: Tx, request: Request) -> int:
    """Return the workspace's id, or SHARED for a workspace that is not stored yet and sees only what is shared."""
    workspace = await tx.workspaces.find(request.platform, request.workspace)
    return SHARED if workspace is None else workspace.id


async def _followed(tx: Tx, request: Request) -> list[Topic]:
    """Return the topics of the channel that the command is about, if the person may see what it gets."""
    external_id = (request.target_channel or (request.channel, ""))[0]
    if external_id != request.channel and external_id not in (request.person.manages or ()):
        return []
    channel = await tx.channels.find(await _workspace_id(tx, request), external_id)
    if channel is None:
        return []
    subscriptions = await tx.subscriptions.of_channel(channel.id)
    topics = await tx.topics.by_ids([subscription.topic_id for subscription in subscriptions])
    return list(topics.values())
