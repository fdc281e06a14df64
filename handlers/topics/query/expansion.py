"""What one query may cost with all the topics that it names: counted while it is read, refused before it is built."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.query.tree import Tree

Resolve = Callable[[str], str | None]
"""The query that a topic's name stands for; None where there is none."""
DEPTH_MOST: Final = 50
"""Brackets, and topics that name topics, within one another."""
LEAVES_MOST: Final = 1000
"""Words and phrases of one query with those of all topics that it names, each as often as it is named."""
EXPRESSIONS_MOST: Final = 20
"""Regular expressions of one query, if it has nothing else: each costs as much as so many words."""
EXPANDED_MOST: Final = 200_000
"""Characters of all topics that one query names, each counted once."""


class UnknownTopic(QueryError):
    """The query names a topic that is not there."""

    def __init__(self, name: str, *, query: str, column: int) -> None:
        super().__init__(f'There is no topic named "{name}" here.', query=query, column=column)
        self.name = name


@dataclass(slots=True)
class Expansion:
    """The account of one query."""

    leaves: int = 0
    characters: int = 0
    parts: dict[tuple[str, str], tuple[Tree, int]] = field(default_factory=dict)
    """By the named query and the field it stands in: its tree and how many leaves that has."""

    def has_room(self, leaves: int) -> bool:
        """Count so many more leaves; whether all of them together are still few enough."""
        self.leaves += leaves
        return self.leaves <= LEAVES_MOST
