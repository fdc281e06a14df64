"""What waits for what: topics, and the phrases among their leaves, each under leaves that it cannot do without.

Nothing is ever rebuilt: a topic comes and goes at the cost of its own words.

Plain Python; compiled where it was installed with a compiler, by the types in waiting.pxd.
"""

from array import array
from collections.abc import Sequence

from handlers.topics.index.layout import (
    ALWAYS,
    ANCHORS,
    ENTRY,
    HAS_TREES,
    ID_BITS,
    ID_MASK,
    JOINED,
    LEAF,
    LENGTH,
    NODE,
    NODES,
    OWNER,
    PHRASE,
    PHRASES,
    RECORD,
    TOPICS,
    TREE,
    USES,
    VAIN,
)

_NONE = array("i")
"""Instead of a row that grows: one that is looked at cannot. It grows by little, in place, so that nothing stands still
while millions of numbers are copied."""


class Waiting:
    """Leaves, records of topics and phrases, and the nodes by which these wait under those: three rows of numbers."""

    def __init__(self) -> None:
        self._leaf_row = array("i")
        self._node_row = array("i")
        self._code_row = array("i", (0,))
        self.leaves = self._leaf_row
        self.nodes = self._node_row
        self.code = self._code_row
        self.leaf_count = 0
        self._node_count = 0
        self._code_length = 1
        self._free_leaves: list[int] = []
        self._free_nodes: list[int] = []
        self._free_records: dict[int, list[int]] = {}
        """By length."""
        self.new_leaf()

    def new_leaf(self) -> int:
        """A leaf that nothing uses yet."""
        if self._free_leaves:
            leaf = self._free_leaves.pop()
        else:
            leaf = self.leaf_count
            self.leaf_count += 1
            if LEAF * self.leaf_count > len(self.leaves):
                self.leaves = _NONE
                self._leaf_row.frombytes(bytes(4 * LEAF * _more(leaf)))
                self.leaves = self._leaf_row
        at = LEAF * leaf
        self.leaves[at] = 0
        self.leaves[at + ENTRY] = self.leaves[at + TOPICS] = self.leaves[at + PHRASES] = -1
        self.leaves[at + PHRASE] = -1
        self.leaves[at + USES] = 0
        return leaf

    def use(self, leaf: int) -> None:
        self.leaves[LEAF * leaf + USES] += 1

    def release(self, leaf: int) -> bool:
        """True: nothing uses it any more, and its number may be another's."""
        self.leaves[LEAF * leaf + USES] -= 1
        if self.leaves[LEAF * leaf + USES]:
            return False
        self._free_leaves.append(leaf)
        return True

    def add_topic(self, topic: int, program: Sequence[int], anchors: Sequence[int], owner: int) -> int:
        """The record of a topic that waits under each of the anchors; without any it is looked at each time."""
        anchors = anchors or [ALWAYS]
        record = self._record(topic, program, anchors)
        self.code[record + OWNER] = owner
        self.code[record + HAS_TREES] = TREE in program
        for leaf in anchors:
            self._wait(record, leaf, TOPICS)
        return record

    def add_phrase(self, leaf: int, program: Sequence[int], anchors: Sequence[int], *, in_a_row: bool) -> None:
        """A leaf that holds where its program does; `in_a_row`: where the words of its program stand in a row, as
        against where the caller says so."""
        record = self._record(leaf, program, ())
        self.code[record + VAIN] = in_a_row
        self.leaves[LEAF * leaf + PHRASE] = record
        for other in anchors:
            self._wait(record, other, PHRASES)

    def _record(self, of: int, program: Sequence[int], anchors: Sequence[int]) -> int:
        past = RECORD + len(program)
        numbers = [of & ID_MASK, of >> ID_BITS, -1, 0, 0, 0, 0, 0, 0, *program]
        numbers[ANCHORS] = self._group_in(program, anchors)
        if not numbers[ANCHORS] and anchors:
            numbers[ANCHORS] = past
            numbers += (JOINED, 1, len(anchors), 4 + len(anchors), *anchors)
        numbers[LENGTH] = len(numbers)
        free = self._free_records.get(len(numbers))
        if free:
            record = free.pop()
        else:
            record = self._code_length
            self._code_length += len(numbers)
            if self._code_length > len(self.code):
                self.code = _NONE
                self._code_row.frombytes(bytes(4 * (len(numbers) + _more(record))))
                self.code = self._code_row
        for at, number in enumerate(numbers):
            self.code[record + at] = number
        return record

    @staticmethod
    def _group_in(program: Sequence[int], anchors: Sequence[int]) -> int:
        """Where in a record the anchors are, if they are all of the program."""
        wanted = list(anchors)
        whole = list(program)
        if whole == wanted or (whole[:3] == [JOINED, 1, len(wanted)] and whole[4:] == wanted):
            return RECORD
        return 0

    def _wait(self, record: int, leaf: int, under: int) -> None:
        if self._free_nodes:
            node = NODE * self._free_nodes.pop()
        else:
            node = NODE * self._node_count
            self._node_count += 1
            if node + NODE > len(self.nodes):
                self.nodes = _NONE
                self._node_row.frombytes(bytes(4 * NODE * _more(self._node_count)))
                self.nodes = self._node_row
        head = LEAF * leaf + under
        after = self.leaves[head]
        self.nodes[node] = record
        self.nodes[node + 1] = leaf
        self.nodes[node + 2] = after
        self.nodes[node + 3] = -1
        self.nodes[node + 4] = self.code[record + NODES]
        if after >= 0:
            self.nodes[after + 3] = node
        self.leaves[head] = node
        self.code[record + NODES] = node

    def _leave(self, record: int, under: int) -> None:
        """Wait nowhere."""
        node = self.code[record + NODES]
        while node >= 0:
            before = self.nodes[node + 3]
            after = self.nodes[node + 2]
            if before >= 0:
                self.nodes[before + 2] = after
            else:
                self.leaves[LEAF * self.nodes[node + 1] + under] = after
            if after >= 0:
                self.nodes[after + 3] = before
            self._free_nodes.append(node // NODE)
            node = self.nodes[node + 4]
        self.code[record + NODES] = -1

    def remove_topic(self, record: int) -> None:
        self._leave(record, TOPICS)
        self._free(record)

    def remove_phrase(self, leaf: int) -> None:
        record = self.leaves[LEAF * leaf + PHRASE]
        self._leave(record, PHRASES)
        self._free(record)

    def _free(self, record: int) -> None:
        self._free_records.setdefault(self.code[record + LENGTH], []).append(record)

    def parts_of(self, record: int) -> tuple[set[int], list[int]]:
        """The leaves of a record, its anchors among them, and the numbers of its trees."""
        leaves: set[int] = set()
        trees: list[int] = []
        at = record + RECORD
        past = record + self.code[record + LENGTH]
        while at < past:
            number = self.code[at]
            if number == JOINED:
                at += 4
            elif number == TREE:
                trees.append(self.code[at + 1])
                at += 2
            else:
                leaves.add(number)
                at += 1
        leaves.discard(ALWAYS)
        return leaves, trees

    def owner_of(self, record: int) -> int:
        """The workspace that pays for a topic."""
        return self.code[record + OWNER]

    def words_in(self, leaf: int) -> set[int]:
        """The words of a phrase."""
        return self.parts_of(self.leaves[LEAF * leaf + PHRASE])[0]


def _more(count: int) -> int:
    """By how many to grow what holds so many."""
    return (count >> 3) + 64
