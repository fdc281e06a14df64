"""Limits on the size of a query with all topics that it refers to. They are checked during parsing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.tree import Tree

Resolve = Callable[[str], str | None]
"""Returns the query of a topic by its name, or None if there is no such topic."""
MAX_DEPTH: Final = 50
"""Nested brackets and references to topics."""
MAX_LEAVES: Final = 1000
"""Words and phrases of one query and of all topics that it refers to, each counted as often as it is referred to."""
MAX_REGEXES: Final = 20
"""Regular expressions in a query that has no words. Each counts for MAX_LEAVES / MAX_REGEXES leaves."""
MAX_EXPANDED: Final = 200_000
"""Characters of all topics that one query refers to, each counted once."""


class UnknownTopic(QueryError):
    """The query refers to a topic that does not exist."""

    def __init__(self, name: str, *, query: str, column: int) -> None:
        super().__init__(f'There is no topic named "{name}" here.', query=query, column=column)
        self.name = name


@dataclass(slots=True)
class Expansion:
    """What one query has used of its limits."""

    leaves: int = 0
    characters: int = 0
    parts: dict[tuple[str, str], tuple[Tree, int]] = field(default_factory=dict)
    """By the query of a topic and the field that the reference stands in: the tree, and its number of leaves."""

    def add_leaves(self, count: int) -> bool:
        """Count more leaves. Returns whether the query is still within its limit."""
        self.leaves += count
        return self.leaves <= MAX_LEAVES
