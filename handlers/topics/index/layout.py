"""How leaves, topics and phrases are laid out in arrays of numbers.

A leaf is a number that stands for a query word or a phrase. Three arrays hold the rest: the leaves, the records of
topics and phrases, and the nodes, which are the entries of the waiting lists (see waiting.py).

A record ends with a program, which is one of:

- a leaf;
- GROUP, how many of its parts must match (all for AND, 1 for OR; 0 for NOT: none may), the number of parts, the length
  of the whole group, and the parts;
- TREE and the number of a tree that is evaluated as it is.
"""

from collections.abc import Callable

from handlers.topics.index.program import Program
from handlers.topics.query.tree import Tree

GROUP = -1
TREE = -2

ALWAYS = 0
"""A leaf that occurs in every text. Topics that require no leaf wait for it."""

LEAF_SIZE = 6
"""Numbers for each leaf. At offset 0: the text in which it last occurred."""
FIRST_ENTRY = 1
"""Its first occurrence in that text."""
FIRST_TOPIC = 2
"""The first node of the topics that wait for it."""
FIRST_PHRASE = 3
"""The first node of the phrases that wait for it."""
PHRASE_RECORD = 4
"""The record of the leaf if it is a phrase; else -1."""
USES = 5
"""How many topics and phrases use it."""

NODE_SIZE = 5
"""Numbers for each node: the record that waits, the leaf that it waits for, the next and the previous node of that
leaf, and the next node of the same record."""

RECORD_SIZE = 9
"""Numbers of a record before its program. At offset 0: the lowest 31 bits of a topic's id, or a phrase's leaf."""
HIGH_BITS = 1
"""The other bits of a topic's id."""
FIRST_NODE = 2
ANCHORS = 3
"""The offset of the group of leaves that a topic waits for, within the record; 0 for a phrase."""
LAST_TEXT = 4
"""The text for which the record was last a candidate."""
MISSES = 5
"""How often a topic was a candidate that did not match."""
IS_PLAIN = 5
"""Whether a phrase matches wherever its words are adjacent. Uses the same number as MISSES."""
LENGTH = 6
"""The length of the whole record."""
OWNER = 7
"""The workspace that pays for a topic."""
HAS_TREES = 8
"""Whether the program contains trees."""

ID_BITS = 31
ID_MASK = 0x7FFFFFFF


def encode(program: Program, number_of: Callable[[str], int], store_tree: Callable[[Tree], int]) -> list[int]:
    """Return a program as numbers.

    `number_of` returns the number of a leaf by its name; `store_tree` stores a tree and returns its number.
    """
    if isinstance(program, str):
        return [number_of(program)]
    if not isinstance(program, tuple):
        return [TREE, store_tree(program)]
    count, parts = program
    numbers = [number for part in parts for number in encode(part, number_of, store_tree)]
    return [GROUP, count, len(parts), 4 + len(numbers), *numbers]
