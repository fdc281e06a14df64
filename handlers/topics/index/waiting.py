"""Waiting lists: each topic and each phrase waits for leaves, one of which a text must contain for it to match.

An article then has to be compared only with what waits for one of its own words. A waiting list is a linked list of
nodes for each leaf, one list for topics and one for phrases.

Plain Python, compiled with the types in waiting.pxd if a C compiler is available during installation.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.topics.index.layout import (
    ALWAYS,
    ANCHOR_AT,
    FIELD,
    FIRST_NODE,
    FIRST_PHRASE,
    FIRST_TOPIC,
    HAS_TREES,
    LEAF_SIZE,
    NEAR,
    NEXT_VARIANT,
    NO_RECORD,
    NODE_SIZE,
    OWNER,
    PHRASE_RECORD,
    SIGNS,
    SIGNS_AFTER,
    TREE,
)
from handlers.topics.index.records import Records, growth

_DETACHED = array("i")
"""Replaces the view of an array while it grows, as in records.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseWords:
    """One way to write a phrase, in leaves."""

    leaf: int
    """The phrase."""
    words: Sequence[int]
    """Adjacent words, ALWAYS for any word."""
    anchor: int
    """A word, or two adjacent words, of the phrase. It waits for this leaf."""
    anchor_at: int
    """The word at which the anchor starts."""
    field: int
    signs: int
    """The index of what it requires apart from its words, or 0."""
    signs_after: int
    """The number of signs after its last word that are part of it."""


class WaitingLists(Records):
    """Topics and phrases by the leaves that they wait for, which are called their anchors."""

    def __init__(self) -> None:
        super().__init__()
        self._node_array = array("i")
        self.nodes = self._node_array
        self._node_count = 0
        self._free_nodes: list[int] = []

    def add_topic(self, topic: int, program: Sequence[int], anchors: Sequence[int], owner: int) -> int:
        """Add a topic that waits for the anchors, and return its record.

        Without anchors, the topic is a candidate for every text. `owner` is the workspace that pays for it.
        """
        anchors = anchors or [ALWAYS]
        record = self._new_record(topic, program, anchors)
        self.code[record + OWNER] = owner
        self.code[record + HAS_TREES] = TREE in program or NEAR in program
        for leaf in anchors:
            self._wait_for(leaf, record, FIRST_TOPIC)
        return record

    def add_phrase(self, phrase: PhraseWords) -> None:
        """Add one way to write a phrase."""
        record = self._new_record(phrase.leaf, phrase.words, ())
        self.code[record + NEXT_VARIANT] = self.leaves[LEAF_SIZE * phrase.leaf + PHRASE_RECORD]
        self.code[record + ANCHOR_AT] = phrase.anchor_at
        self.code[record + FIELD] = phrase.field
        self.code[record + SIGNS] = phrase.signs
        self.code[record + SIGNS_AFTER] = phrase.signs_after
        self.leaves[LEAF_SIZE * phrase.leaf + PHRASE_RECORD] = record
        self._wait_for(phrase.anchor, record, FIRST_PHRASE)

    def remove_topic(self, record: int) -> None:
        self._stop_waiting(record, FIRST_TOPIC)
        self._free_record(record)

    def remove_phrase(self, leaf: int) -> list[tuple[set[int], int]]:
        """Remove a phrase. Returns, for each way to write it, the leaves that it uses and the index of its signs."""
        removed: list[tuple[set[int], int]] = []
        record = self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD]
        while record != NO_RECORD:
            leaves = self.parts_of(record)[0] | {self.nodes[self.code[record + FIRST_NODE] + 1]}
            removed.append((leaves, self.code[record + SIGNS]))
            self._stop_waiting(record, FIRST_PHRASE)
            self._free_record(record)
            record = self.code[record + NEXT_VARIANT]
        return removed

    def _wait_for(self, leaf: int, record: int, which: int) -> None:
        """Add a record to one of the waiting lists of a leaf: FIRST_TOPIC or FIRST_PHRASE."""
        if self._free_nodes:
            node = NODE_SIZE * self._free_nodes.pop()
        else:
            node = NODE_SIZE * self._node_count
            self._node_count += 1
            if node + NODE_SIZE > len(self.nodes):
                self.nodes = _DETACHED
                self._node_array.frombytes(bytes(4 * NODE_SIZE * growth(self._node_count)))
                self.nodes = self._node_array
        head = LEAF_SIZE * leaf + which
        following = self.leaves[head]
        self.nodes[node] = record
        self.nodes[node + 1] = leaf
        self.nodes[node + 2] = following
        self.nodes[node + 3] = -1
        self.nodes[node + 4] = self.code[record + FIRST_NODE]
        if following >= 0:
            self.nodes[following + 3] = node
        self.leaves[head] = node
        self.code[record + FIRST_NODE] = node

    def _stop_waiting(self, record: int, which: int) -> None:
        """Remove a record from all of the waiting lists that it is in."""
        node = self.code[record + FIRST_NODE]
        while node >= 0:
            previous = self.nodes[node + 3]
            following = self.nodes[node + 2]
            if previous >= 0:
                self.nodes[previous + 2] = following
            else:
                self.leaves[LEAF_SIZE * self.nodes[node + 1] + which] = following
            if following >= 0:
                self.nodes[following + 3] = previous
            self._free_nodes.append(node // NODE_SIZE)
            node = self.nodes[node + 4]
        self.code[record + FIRST_NODE] = -1
