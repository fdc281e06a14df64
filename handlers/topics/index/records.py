"""Storage for leaves, and for the records of topics and phrases, in arrays of numbers that grow in place.

Nothing is ever rebuilt: adding or removing a topic costs as much as its own words. layout.py describes the numbers.

Plain Python, compiled with the types in records.pxd if a C compiler is available during installation.
"""

from array import array
from collections.abc import Sequence

from handlers.topics.index.layout import (
    ALWAYS,
    ANCHORS,
    FIRST_ENTRY,
    FIRST_PHRASE,
    FIRST_TOPIC,
    GROUP,
    HEADER,
    ID_BITS,
    ID_MASK,
    LEAF_SIZE,
    LENGTH,
    NO_RECORD,
    OWNER,
    PHRASE_RECORD,
    RECORD_SIZE,
    TREE,
    USES,
)

_DETACHED = array("i")
"""Replaces the view of an array while it grows, since an array with a view cannot grow. Arrays grow in place and by a
small part, so that nothing waits while millions of numbers are copied."""


class Records:
    """Leaves and records. Numbers and room that are no longer used are reused."""

    def __init__(self) -> None:
        self._leaf_array = array("i")
        self._code_array = array("i", (0,))
        self.leaves = self._leaf_array
        self.code = self._code_array
        """The records."""
        self.leaf_count = 0
        self._code_length = 1
        self._free_leaves: list[int] = []
        self._free_records: dict[int, list[int]] = {}
        """By length."""
        self.new_leaf()

    def new_leaf(self) -> int:
        """Return the number of a new leaf, which nothing uses yet."""
        if self._free_leaves:
            leaf = self._free_leaves.pop()
        else:
            leaf = self.leaf_count
            self.leaf_count += 1
            if LEAF_SIZE * self.leaf_count > len(self.leaves):
                self.leaves = _DETACHED
                self._leaf_array.frombytes(bytes(4 * LEAF_SIZE * growth(leaf)))
                self.leaves = self._leaf_array
        at = LEAF_SIZE * leaf
        self.leaves[at] = 0
        self.leaves[at + FIRST_ENTRY] = self.leaves[at + FIRST_TOPIC] = self.leaves[at + FIRST_PHRASE] = -1
        self.leaves[at + PHRASE_RECORD] = NO_RECORD
        self.leaves[at + USES] = 0
        return leaf

    def use_leaf(self, leaf: int) -> None:
        """Count one more use."""
        self.leaves[LEAF_SIZE * leaf + USES] += 1

    def release_leaf(self, leaf: int) -> bool:
        """Count one use less. Returns whether that was the last one; then the number may be used for another leaf."""
        self.leaves[LEAF_SIZE * leaf + USES] -= 1
        if self.leaves[LEAF_SIZE * leaf + USES]:
            return False
        self._free_leaves.append(leaf)
        return True

    def _new_record(self, of: int, program: Sequence[int], anchors: Sequence[int]) -> int:
        """Return the index of a new record of a topic or leaf. Anchors that are not a part of the program follow it."""
        end = RECORD_SIZE + len(program)
        numbers = [of & ID_MASK, of >> ID_BITS, -1, 0, 0, 0, 0, 0, 0, *program]
        numbers[ANCHORS] = self._anchor_offset(program, anchors)
        if not numbers[ANCHORS] and anchors:
            numbers[ANCHORS] = end
            numbers += (GROUP, 1, len(anchors), HEADER + len(anchors), *anchors)
        numbers[LENGTH] = len(numbers)
        free = self._free_records.get(len(numbers))
        if free:
            record = free.pop()
        else:
            record = self._code_length
            self._code_length += len(numbers)
            if self._code_length > len(self.code):
                self.code = _DETACHED
                self._code_array.frombytes(bytes(4 * (len(numbers) + growth(record))))
                self.code = self._code_array
        for at, number in enumerate(numbers):
            self.code[record + at] = number
        return record

    @staticmethod
    def _anchor_offset(program: Sequence[int], anchors: Sequence[int]) -> int:
        """Return the offset of the anchors in the record if they are the whole program; else 0."""
        wanted = list(anchors)
        whole = list(program)
        if whole == wanted or (whole[:3] == [GROUP, 1, len(wanted)] and whole[HEADER:] == wanted):
            return RECORD_SIZE
        return 0

    def _free_record(self, record: int) -> None:
        self._free_records.setdefault(self.code[record + LENGTH], []).append(record)

    def parts_of(self, record: int) -> tuple[set[int], list[int]]:
        """Return the leaves that a record uses, and its trees, by their numbers."""
        leaves: set[int] = set()
        trees: list[int] = []
        at = record + RECORD_SIZE
        end = record + self.code[record + LENGTH]
        while at < end:
            number = self.code[at]
            if number == GROUP:
                at += HEADER
            elif number < 0:
                trees.append(self.code[at + 1])
                at += HEADER if number == TREE else HEADER + 1
            else:
                leaves.add(number)
                at += 1
        leaves.discard(ALWAYS)
        return leaves, trees

    def owner_of(self, record: int) -> int:
        """Return the workspace that pays for a topic."""
        return self.code[record + OWNER]


def growth(count: int) -> int:
    """Return by how many elements to enlarge an array of `count` elements."""
    return (count >> 3) + 64
