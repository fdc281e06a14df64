"""The catalogue: the topics that ship with the bot, read from the text of seeds/topics.toml."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from handlers.answers.errors import QueryError
from handlers.topics.query.query import parse
from storage.errors import WirewatchError

_COLOR: Final = re.compile("#[0-9a-f]{6}")


class CatalogueError(WirewatchError):
    """The catalogue is not valid. The message names the topic and the mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTopic:
    name: str
    """What people type, in lower case."""
    title: str
    query: str
    aliases: tuple[str, ...]
    description: str
    color: str
    """#rrggbb"""
    positive: tuple[str, ...]
    """Sentences that the topic must match. They may start with a language tag: "[de] ..."."""
    negative: tuple[str, ...]
    """Sentences that the topic must not match."""


def read_catalogue(text: str) -> tuple[CatalogueTopic, ...]:
    """Return the topics in the order of the file. Their queries are not parsed. Raises: CatalogueError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"The catalogue is not TOML: {error}.") from error
    listed = tables.get("topic", [])
    if not isinstance(listed, list):
        raise CatalogueError("The catalogue must list its topics as [[topic]] tables.")
    topics = tuple(_read_topic(table) for table in listed)
    names = [topic.name for topic in topics]
    if len(set(names)) < len(names):
        raise CatalogueError(f"Two topics are named {next(name for name in names if names.count(name) > 1)!r}.")
    return topics


def require_queries(topics: Iterable[CatalogueTopic], catalogue: Iterable[CatalogueTopic]) -> None:
    """Parse the queries of these topics of the catalogue, which takes a millisecond or more for each.

    Raises: CatalogueError if one of them is not valid.
    """
    queries = {topic.name: topic.query for topic in catalogue}
    for topic in topics:
        try:
            parse(topic.query, resolve=lambda name: queries.get(name.casefold()))
        except QueryError as error:
            raise CatalogueError(f"Topic {topic.name!r}, column {error.column}: {error.message}") from error


def _read_topic(table: Any) -> CatalogueTopic:
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        raise CatalogueError("A [[topic]] table has no name.")
    name = table["name"]
    unknown = table.keys() - {"name", "title", "query", "aliases", "description", "color", "positive", "negative"}
    if unknown:
        raise CatalogueError(f"Topic {name!r} has an unknown key {min(unknown)!r}.")
    if name != name.casefold() or not name.strip():
        raise CatalogueError(f"Topic {name!r}: a name must be in lower case.")
    color = _string(table, "color", "#5b6b7b")
    if not _COLOR.fullmatch(color):
        raise CatalogueError(f"Topic {name!r}: color {color!r} is not #rrggbb in lower case.")
    return CatalogueTopic(
        name=name,
        title=_string(table, "title", name),
        query=" ".join(_string(table, "query", "").split()),
        aliases=_strings(table, "aliases"),
        description=_string(table, "description", ""),
        color=color,
        positive=_strings(table, "positive"),
        negative=_strings(table, "negative"),
    )


def _string(table: dict[str, Any], key: str, default: str) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise CatalogueError(f"Topic {table['name']!r}: {key} is not a string.")
    return value


def _strings(table: dict[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CatalogueError(f"Topic {table['name']!r}: {key} is not a list of strings.")
    return tuple(value)
