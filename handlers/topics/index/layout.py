"""How topics, their leaves and what waits under those are laid out in rows of numbers.

A leaf is a number: a wanted word, a phrase, or a phrase of which more is asked. A topic's program is a row of numbers:
a leaf; JOINED, how many parts must hold (all for AND, 1 for OR, 0 for NOT), how many there are, the length of it all,
the parts; or TREE and the number of a tree that is evaluated as it is.
"""

from collections.abc import Callable

from handlers.topics.index.program import Program
from handlers.topics.query.tree import Tree

JOINED = -1
TREE = -2

ALWAYS = 0
"""A leaf that every text holds: under it waits what requires nothing."""

LEAF = 6
"""Numbers of a leaf: the text in which it last held, its words in that text, the first node of the topics and of the
phrases that wait under it, where its record is if it is a phrase, and how many use it."""
ENTRY = 1
TOPICS = 2
PHRASES = 3
PHRASE = 4
USES = 5

NODE = 5
"""Numbers of a node: the record that waits, the leaf, the next and the previous node under that leaf, the next node of
the same record."""

RECORD = 9
"""Numbers of a record before its program: the topic or leaf that it is of, the bits of a topic's id beyond the 31st,
its first node, where its anchors are, the text for which it was last looked at, how often in vain (of a phrase:
whether its words in a row are enough), its length, the workspace that pays for a topic, and whether its program has
trees."""
MORE = 1
NODES = 2
ANCHORS = 3
SEEN = 4
VAIN = 5
LENGTH = 6
OWNER = 7
HAS_TREES = 8

ID_BITS = 31
ID_MASK = 0x7FFFFFFF


def encoded(program: Program, number_of: Callable[[str], int], keep: Callable[[Tree], int]) -> list[int]:
    """A program in numbers. `keep` gives the number of a tree."""
    if isinstance(program, str):
        return [number_of(program)]
    if not isinstance(program, tuple):
        return [TREE, keep(program)]
    count, parts = program
    numbers = [number for part in parts for number in encoded(part, number_of, keep)]
    return [JOINED, count, len(parts), 4 + len(numbers), *numbers]
