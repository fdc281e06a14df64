"""How leaves, topics and phrases are laid out in arrays of numbers.

A leaf is a number that stands for a query word or a phrase. Three arrays hold the rest: the leaves, the records of
topics and phrases, and the nodes, which are the entries of the waiting lists (see waiting.py).

The record of a topic ends with a program, which is one of:

- a leaf;
- GROUP, how many of its parts must match (all for AND, 1 for OR; 0 for NOT: none may), the number of parts, the length
  of the whole group, and the parts;
- TREE, the number of a tree that is evaluated as it is, the length of its guard, the length of the whole part, the
  guard, and the leaves of the tree's phrases. The guard is a program that matches wherever the tree does, or empty;
- NEAR, the number of its tree, twice the distance (plus 1 if the left side must come first), the length of the whole
  part, the number of the left side's leaves, these leaves, and those of the right side.

The record of a phrase ends with the leaves of its words, ALWAYS for any word. A phrase that can be written in several
ways has a record for each of them.
"""

from collections.abc import Callable

from handlers.topics.index.program import NearPart, Program, TreePart
from handlers.topics.query.tree import Tree

GROUP = -1
TREE = -2
NEAR = -3
HEADER = 4
"""Numbers of a group, tree or NEAR before its parts. NEAR has one more."""

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
"""The first record of the leaf if it is a phrase; NO_RECORD for a word, and PAIR for two adjacent words."""
NO_RECORD = -1
PAIR = -2
USES = 5
"""How many topics and phrases use it."""

NODE_SIZE = 5
"""Numbers for each node: the record that waits, the leaf that it waits for, the next and the previous node of that
leaf, and the next node of the same record."""

RECORD_SIZE = 9
"""Numbers of a record before its program. At offset 0: the lowest 31 bits of a topic's id, or a phrase's leaf."""
HIGH_BITS = 1
"""The other bits of a topic's id."""
NEXT_VARIANT = 1
"""The next record of the same phrase, or NO_RECORD. Uses the same number as HIGH_BITS."""
FIRST_NODE = 2
ANCHORS = 3
"""The offset of the group of leaves that a topic waits for, within the record."""
ANCHOR_AT = 3
"""Which word of a phrase its anchor starts at. Uses the same number as ANCHORS."""
LAST_TEXT = 4
"""The text for which the record was last a candidate."""
MISSES = 5
"""How often a topic was a candidate that did not match."""
SIGNS = 5
"""The index of what a phrase requires apart from its words, or 0 for nothing. Uses the same number as MISSES."""
LENGTH = 6
"""The length of the whole record."""
OWNER = 7
"""The workspace that pays for a topic."""
FIELD = 7
"""The field in which a phrase must occur: 0 for title or body, else TITLE or BODY. Uses the same number as OWNER."""
TITLE = 1
BODY = 2
HAS_TREES = 8
"""Whether the program contains trees or NEAR."""
SIGNS_AFTER = 8
"""The number of signs after a phrase that are part of it. Uses the same number as HAS_TREES."""

ID_BITS = 31
ID_MASK = 0x7FFFFFFF


def encode(program: Program, number_of: Callable[[str], int], store_tree: Callable[[Tree], int]) -> list[int]:
    """Return a program as numbers.

    `number_of` returns the number of a leaf by its name; `store_tree` stores a tree and returns its number.
    """
    if isinstance(program, str):
        return [number_of(program)]
    if isinstance(program, TreePart):
        guard = [] if program.guard is None else encode(program.guard, number_of, store_tree)
        leaves = list(map(number_of, program.leaves))
        length = HEADER + len(guard) + len(leaves)
        return [TREE, store_tree(program.tree), len(guard), length, *guard, *leaves]
    if isinstance(program, NearPart):
        left, right = list(map(number_of, program.left)), list(map(number_of, program.right))
        distance = 2 * program.tree.words + program.tree.ordered
        length = HEADER + 1 + len(left) + len(right)
        return [NEAR, store_tree(program.tree), distance, length, len(left), *left, *right]
    count, parts = program
    numbers = [number for part in parts for number in encode(part, number_of, store_tree)]
    return [GROUP, count, len(parts), HEADER + len(numbers), *numbers]
