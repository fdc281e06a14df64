"""A query as typed becomes a tree that can match, or an error that shows its place. The table is in docs/topics.md."""

from typing import Final, NoReturn

from handlers.errors import QueryError
from handlers.topics.checks import check
from handlers.topics.expansion import Expansion, Resolve, UnknownTopic
from handlers.topics.groups import required_groups
from handlers.topics.json_filter import BadFilter, read_filter, write_filter
from handlers.topics.leaves import BadLeaf, read_phrase
from handlers.topics.lexer import QUERY_MOST
from handlers.topics.parser import Parser
from handlers.topics.tree import Phrase, Tree, depth_of, leaves

__all__ = [
    "QueryError",
    "Resolve",
    "Tree",
    "UnknownTopic",
    "leaves",
    "parse",
    "parse_phrase",
    "point_at",
    "required_groups",
]

TREE_MOST: Final = 100
"""Parts within one another, so that walking a tree never exhausts Python's stack."""


def parse(query: str, *, resolve: Resolve | None = None) -> Tree:
    """The tree of a query. `resolve` gives the query of a topic's name, for @name. Raises QueryError."""
    try:
        return _parse(query, resolve)
    except QueryError as error:
        if error.suggestion is not None and not _can_be_saved(error.suggestion, resolve):
            error.suggestion = None
        raise


def _parse(query: str, resolve: Resolve | None) -> Tree:
    if len(query) <= QUERY_MOST and (known := read_filter(query)) is not None:
        _refuse_filter(query, known, resolve)
    tree = Parser(query, resolve, Expansion()).parse()
    if depth_of(tree) > TREE_MOST:
        raise QueryError(f"More than {TREE_MOST} things are joined one to the next here.", query=query, column=0)
    check(tree, query)
    return tree


def _refuse_filter(query: str, known: object, resolve: Resolve | None) -> NoReturn:
    """A filter of another tool is answered with the query that it is, to be read before it is saved."""
    named = "This is a filter in JSON, as MonitoRSS has them"
    try:
        written = write_filter(known)
    except BadFilter as error:
        raise QueryError(f"{named}, but {error}.", query=query, column=0) from error
    _parse(written, resolve)  # raises what is wrong with it
    raise QueryError(f"{named}.", query=query, column=0, suggestion=written)


def _can_be_saved(query: str, resolve: Resolve | None) -> bool:
    try:
        _parse(query, resolve)
    except QueryError:
        return False
    return True


def parse_phrase(text: str) -> Phrase | None:
    """A plain name as a phrase, such as an alias. None where there is no word in it."""
    try:
        return read_phrase(text.replace("*", " ").replace("?", " "), 0, quoted=True, exact=False, field="")
    except BadLeaf:
        return None


def point_at(error: QueryError) -> str:
    """The query with a caret under the place, to be shown in a fixed-width font."""
    start = error.query.rfind("\n", 0, error.column) + 1
    end = error.query.find("\n", error.column)
    line = error.query[start : end if end >= 0 else None]
    return f"{line}\n{' ' * (error.column - start)}^"


def told(error: QueryError) -> str:
    """The whole error in plain text: the place, the caret under it, and the query that was perhaps meant."""
    line = error.query.count("\n", 0, error.column) + 1
    column = error.column - (error.query.rfind("\n", 0, error.column) + 1) + 1
    text = f"Line {line}, column {column}: {error.message}\n{point_at(error)}"
    return f"{text}\n\nDid you mean\n{error.suggestion}" if error.suggestion else text
