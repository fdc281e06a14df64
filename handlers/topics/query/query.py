"""Parse a query into a tree that can match, or an error that shows its place. docs/topics.md has the grammar."""

from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.checks import check
from handlers.topics.query.expansion import Expansion, Resolve, UnknownTopic
from handlers.topics.query.groups import required_groups
from handlers.topics.query.json_filter import InvalidFilter, read_filter, write_filter
from handlers.topics.query.leaves import read_phrase
from handlers.topics.query.lexer import MAX_QUERY
from handlers.topics.query.parser import Parser
from handlers.topics.query.regex_classes import InvalidLeaf
from handlers.topics.query.tree import Phrase, Tree, depth_of, leaves

__all__ = [
    "QueryError",
    "Resolve",
    "Tree",
    "UnknownTopic",
    "convert_filter",
    "format_error",
    "leaves",
    "located_message",
    "parse",
    "parse_phrase",
    "point_at",
    "required_groups",
]

MAX_TREE_DEPTH: Final = 100
"""Nested parts, so that walking a tree never exhausts Python's stack."""
_MAX_FILTER: Final = 5 * MAX_QUERY
"""Characters of a JSON filter, which is much longer than the query that it is converted to."""


def parse(query: str, *, resolve: Resolve | None = None) -> Tree:
    """Return the tree of a query, or of a JSON filter (see `convert_filter`).

    `resolve` returns the query of a topic by its name, for @name.

    Raises: QueryError. If it has a suggestion, the suggestion can be parsed.
    """
    try:
        return _parse(query, resolve)
    except QueryError as error:
        if error.suggestion is not None and not _is_valid(error.suggestion, resolve):
            error.suggestion = None
        raise


def convert_filter(query: str) -> str:
    """Return the query that a JSON filter of MonitoRSS is equivalent to, or any other query unchanged.

    Raises: QueryError for a filter that has no equivalent.
    """
    filter = read_filter(query) if len(query) <= _MAX_FILTER else None
    if filter is None:
        return query
    try:
        return write_filter(filter)
    except InvalidFilter as error:
        message = f"This JSON filter of MonitoRSS can't be converted to a query: {error}."
        raise QueryError(message, query=query, column=0) from error


def _parse(query: str, resolve: Resolve | None) -> Tree:
    query = convert_filter(query)
    tree = Parser(query, resolve, Expansion()).parse()
    if depth_of(tree) > MAX_TREE_DEPTH:
        raise QueryError(f"This query joins more than {MAX_TREE_DEPTH} things in one chain.", query=query, column=0)
    check(tree, query)
    return tree


def _is_valid(query: str, resolve: Resolve | None) -> bool:
    try:
        _parse(query, resolve)
    except QueryError:
        return False
    return True


def parse_phrase(text: str) -> Phrase | None:
    """Return a plain name, such as an alias, as a phrase. None if it contains no word."""
    try:
        return read_phrase(text.replace("*", " ").replace("?", " "), 0, quoted=True, exact=False, field="")
    except InvalidLeaf:
        return None


def located_message(error: QueryError) -> str:
    """Return the error's message after its line and column, both counted from 1."""
    line = error.query.count("\n", 0, error.column) + 1
    column = error.column - (error.query.rfind("\n", 0, error.column) + 1) + 1
    return f"Line {line}, column {column}: {error.message}"


def point_at(error: QueryError) -> str:
    """Return the line of the query with a caret under the place, for a fixed-width font."""
    start = error.query.rfind("\n", 0, error.column) + 1
    end = error.query.find("\n", error.column)
    line = error.query[start : end if end >= 0 else None]
    return f"{line}\n{' ' * (error.column - start)}^"


def format_error(error: QueryError) -> str:
    """Return the error as plain text for a fixed-width font: message, place and suggestion."""
    text = f"{located_message(error)}\n{point_at(error)}"
    return f"{text}\n\nDid you mean\n{error.suggestion}" if error.suggestion else text
