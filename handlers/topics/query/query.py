"""A query as typed becomes a tree that can match, or an error that shows its place. The table is in docs/topics.md."""

from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.checks import check
from handlers.topics.query.expansion import Expansion, Resolve, UnknownTopic
from handlers.topics.query.groups import required_groups
from handlers.topics.query.json_filter import BadFilter, read_filter, write_filter
from handlers.topics.query.leaves import BadLeaf, read_phrase
from handlers.topics.query.lexer import QUERY_MOST
from handlers.topics.query.parser import Parser
from handlers.topics.query.tree import Phrase, Tree, depth_of, leaves

__all__ = [
    "QueryError",
    "Resolve",
    "Tree",
    "UnknownTopic",
    "in_words",
    "leaves",
    "parse",
    "parse_phrase",
    "point_at",
    "required_groups",
]

TREE_MOST: Final = 100
"""Parts within one another, so that walking a tree never exhausts Python's stack."""
_FILTER_MOST: Final = 5 * QUERY_MOST
"""Characters of a filter in JSON, which takes many more of them to say the same."""


def parse(query: str, *, resolve: Resolve | None = None) -> Tree:
    """The tree of a query, or of a filter in JSON. Raises QueryError.

    `resolve` gives the query of a topic's name, for @name.
    """
    try:
        return _parse(query, resolve)
    except QueryError as error:
        if error.suggestion is not None and not _can_be_saved(error.suggestion, resolve):
            error.suggestion = None
        raise


def in_words(query: str) -> str:
    """A query in the language of topics: of a filter in JSON the query that it is, any other as it is.

    Raises: QueryError for a filter that asks for what cannot be asked for here.
    """
    known = read_filter(query) if len(query) <= _FILTER_MOST else None
    if known is None:
        return query
    try:
        return write_filter(known)
    except BadFilter as error:
        raise QueryError(
            f"This is a filter in JSON, as MonitoRSS has them, but {error}.", query=query, column=0
        ) from error


def _parse(query: str, resolve: Resolve | None) -> Tree:
    query = in_words(query)
    tree = Parser(query, resolve, Expansion()).parse()
    if depth_of(tree) > TREE_MOST:
        raise QueryError(f"More than {TREE_MOST} things are joined one to the next here.", query=query, column=0)
    check(tree, query)
    return tree


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
