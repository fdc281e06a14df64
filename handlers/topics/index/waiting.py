"""Waiting lists: each topic and each phrase waits for leaves, one of which a text must contain for it to match.

An article then has to be compared only with what waits for one of its own words. A waiting list is a linked list of
nodes for each leaf, one list for topics and one for phrases.

Plain Python, compiled with the types in waiting.pxd if a C compiler is available during installation.
"""

from array import array
from collections.abc import Sequence

from handlers.topics.index.layout import (
    ALWAYS,
    FIRST_NODE,
    FIRST_PHRASE,
    FIRST_TOPIC,
    HAS_TREES,
    IS_PLAIN,
    LEAF_SIZE,
    NODE_SIZE,
    OWNER,
    PHRASE_RECORD,
    TREE,
)
from handlers.topics.index.records import Records, growth

_DETACHED = array("i")
"""Replaces the view of an array while it grows, as in records.py."""


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
        self.code[record + HAS_TREES] = TREE in program
        for leaf in anchors:
            self._wait_for(leaf, record, FIRST_TOPIC)
        return record

    def add_phrase(self, leaf: int, program: Sequence[int], anchors: Sequence[int], *, is_plain: bool) -> None:
        """Add a phrase that waits for the anchors.

        Its program says which of its words a text must contain. A plain phrase then matches where they are adjacent;
        whether another one does is asked of the caller.
        """
        record = self._new_record(leaf, program, ())
        self.code[record + IS_PLAIN] = is_plain
        self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD] = record
        for anchor in anchors:
            self._wait_for(anchor, record, FIRST_PHRASE)

    def remove_topic(self, record: int) -> None:
        self._stop_waiting(record, FIRST_TOPIC)
        self._free_record(record)

    def remove_phrase(self, leaf: int) -> None:
        record = self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD]
        self._stop_waiting(record, FIRST_PHRASE)
        self._free_record(record)

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
