"""Which topics an article matches, of all topics at once.

Plain Python, compiled with the types in postings.pxd if a C compiler is available during installation.
"""

from array import array

from handlers.topics.index.budget import OverBudget
from handlers.topics.index.candidates import Candidates, MatchesTree
from handlers.topics.index.layout import (
    ANCHORS,
    FIRST_TOPIC,
    GROUP,
    HAS_TREES,
    HEADER,
    HIGH_BITS,
    ID_BITS,
    LEAF_SIZE,
    MISSES,
    NEAR,
    OWNER,
    RECORD_SIZE,
    TREE,
)
from handlers.topics.index.scan import Scan
from handlers.topics.text.words import enlarged, int_array

_GAPS = (797_161, 265_720, 88_573, 29_524, 9_841, 3_280, 1_750, 701, 301, 132, 57, 23, 10, 4, 1)
_INITIAL_ROOM = 256
_MAX_MISSES = 8
"""How often a topic is a candidate that does not match, before it waits for other leaves."""


class Postings(Candidates):
    """All topics by the leaves that they wait for. Not thread-safe, since matching moves topics to other leaves."""

    def __init__(self, matches_tree: MatchesTree) -> None:
        super().__init__(matches_tree)
        self.found_topics = array("q", bytes(8 * _INITIAL_ROOM))
        """The ids of the topics that the current text matches, ascending."""
        self.found_records = int_array(_INITIAL_ROOM)
        """Their records."""
        self.found_count = 0

    def find(self, scan: Scan) -> list[int]:
        """Return the ids of the topics that an article matches, ascending."""
        self.find_records(scan)
        return [self.found_topics[at] for at in range(self.found_count)]

    def find_records(self, scan: Scan) -> None:
        """Find the topics that an article matches, and their records. Sets `scan.stopped`."""
        self.start(scan)
        self.found_count = 0
        to_move: list[int] = []
        later: list[tuple[int, int]] = []
        stopped: list[int] = []
        for index in range(self.find_candidates(FIRST_TOPIC)):
            record = self.candidates[index]
            if self.code[record + ANCHORS] == RECORD_SIZE:
                self._add_found(record)
            elif self.code[record + HAS_TREES]:
                if self.rules_out(record + RECORD_SIZE):
                    self._count_miss(record, to_move)
                else:
                    later.append((self._topic_of(record), record))
            elif self.matches(record + RECORD_SIZE, scan):
                self._add_found(record)
            else:
                self._count_miss(record, to_move)
        if later:
            later.sort()  # so that the order of the waiting lists does not decide which topics are stopped
        for topic, record in later:
            scan.charge(self.code[record + OWNER], topic)
            try:
                if self.matches(record + RECORD_SIZE, scan):
                    self._add_found(record)
                else:
                    self._count_miss(record, to_move)
            except OverBudget:
                stopped.append(topic)
                scan.clear_cache()
        for record in to_move:
            self._move(record)
        self._sort_found()
        if stopped:
            scan.stopped = tuple(stopped)

    def _add_found(self, record: int) -> None:
        if self.found_count == len(self.found_records):
            self.found_records = enlarged(self.found_records, 2 * self.found_count)
            self.found_topics = array("q", bytes(16 * self.found_count))
        self.found_records[self.found_count] = record
        self.found_count += 1

    def _sort_found(self) -> None:
        """Sort the topics that were found by their ids, with the gaps of Ciura (2001) and larger ones."""
        topics, records = self.found_topics, self.found_records
        for at in range(self.found_count):
            topics[at] = self._topic_of(records[at])
        for gap in _GAPS:
            for start in range(gap, self.found_count):
                topic = topics[start]
                record = records[start]
                at = start
                while at >= gap and topics[at - gap] > topic:
                    topics[at] = topics[at - gap]
                    records[at] = records[at - gap]
                    at -= gap
                topics[at] = topic
                records[at] = record

    def _topic_of(self, record: int) -> int:
        topic: int = self.code[record + HIGH_BITS]
        return topic << ID_BITS | self.code[record]

    def _count_miss(self, record: int, to_move: list[int]) -> None:
        """Count a candidate that did not match. Every few times, add it to those to be moved."""
        self.code[record + MISSES] += 1
        if self.code[record + MISSES] >= _MAX_MISSES:
            self.code[record + MISSES] = 0
            to_move.append(record)

    def _move(self, record: int) -> None:
        """Let a topic wait for a required group of leaves that the current text lacks, because it seems to be rarer.

        SAT solvers watch literals in a similar way: https://doi.org/10.1145/378239.379017 (Moskewicz et al. 2001).
        """
        at = record + RECORD_SIZE
        while self.code[at] == TREE and self.code[at + 2]:
            at += HEADER
        if self.code[at] == NEAR:
            middle = at + HEADER + 1 + self.code[at + HEADER]
            if not self._holds_any(at + HEADER + 1, middle):
                self._wait_instead(record, at + HEADER + 1, middle)
            elif not self._holds_any(middle, at + self.code[at + 3]):
                self._wait_instead(record, middle, at + self.code[at + 3])
            return
        if self.code[at] != GROUP or self.code[at + 1] != self.code[at + 2]:
            return
        end = at + self.code[at + 3]
        at += HEADER
        while at < end:
            number = self.code[at]
            length = 1 if number >= 0 else self.code[at + 3]
            if self._is_absent(at, length):
                self._wait_instead(record, at if number >= 0 else at + HEADER, at + length)
                self.code[record + ANCHORS] = at - record
                return
            at += length

    def _wait_instead(self, record: int, at: int, end: int) -> None:
        """Let a topic wait only for the leaves at some indexes of the records."""
        self._stop_waiting(record, FIRST_TOPIC)
        self.code[record + ANCHORS] = 0
        for leaf in range(at, end):
            self._wait_for(self.code[leaf], record, FIRST_TOPIC)

    def _is_absent(self, at: int, length: int) -> bool:
        """Return whether a part of a program is a leaf, or an OR of leaves, that the current text lacks."""
        if self.code[at] >= 0:
            return self.leaves[LEAF_SIZE * self.code[at]] != self.text
        if self.code[at] != GROUP or self.code[at + 1] != 1:
            return False
        for part in range(at + HEADER, at + length):
            if self.code[part] < 0 or self.leaves[LEAF_SIZE * self.code[part]] == self.text:
                return False
        return True
