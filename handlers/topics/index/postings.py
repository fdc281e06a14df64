"""Which topics an article matches, of all topics at once.

Plain Python, compiled with the types in postings.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.budget import OverBudget
from handlers.topics.index.candidates import Candidates
from handlers.topics.index.layout import (
    ANCHORS,
    FIRST_TOPIC,
    GROUP,
    HAS_TREES,
    HIGH_BITS,
    ID_BITS,
    LEAF_SIZE,
    MISSES,
    OWNER,
    RECORD_SIZE,
    TREE,
)
from handlers.topics.index.scan import Scan

_MAX_MISSES = 8
"""How often a topic is a candidate that does not match, before it waits for other leaves."""


class Postings(Candidates):
    """All topics by the leaves that they wait for. Not thread-safe, since matching moves topics to other leaves."""

    def find(self, scan: Scan) -> list[int]:
        """Return the ids of the topics that an article matches, ascending."""
        return sorted(self.find_records(scan))

    def find_records(self, scan: Scan) -> dict[int, int]:
        """Return the records of the topics that an article matches, by topic id. Sets `scan.stopped`."""
        self.start(scan)
        found: dict[int, int] = {}
        to_move: list[int] = []
        later: list[tuple[int, int]] = []
        stopped: list[int] = []
        all_decided = not self.undecided
        for index in range(self.find_candidates(FIRST_TOPIC)):
            record = self.candidates[index]
            if all_decided and self.code[record + ANCHORS] == RECORD_SIZE:
                found[self._topic_of(record)] = record
            elif self.code[record + HAS_TREES] or not all_decided:
                later.append((self._topic_of(record), record))
            elif self.matches(record + RECORD_SIZE, scan):
                found[self._topic_of(record)] = record
            else:
                self._count_miss(record, to_move)
        if later:
            later.sort()  # so that the order of the waiting lists does not decide which topics are stopped
        for topic, record in later:
            scan.charge(self.code[record + OWNER], topic)
            try:
                if not all_decided and not self.undecided.isdisjoint(self.parts_of(record)[0]):
                    stopped.append(topic)
                elif self.matches(record + RECORD_SIZE, scan):
                    found[topic] = record
                else:
                    self._count_miss(record, to_move)
            except OverBudget:
                stopped.append(topic)
                scan.clear_cache()
        for record in to_move:
            self._move(record)
        if stopped:
            scan.stopped = tuple(stopped)
        return found

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
        if self.code[at] != GROUP or self.code[at + 1] != self.code[at + 2]:
            return
        end = at + self.code[at + 3]
        at += 4
        while at < end:
            number = self.code[at]
            length = 1 if number >= 0 else 2 if number == TREE else self.code[at + 3]
            if self._is_absent(at, length):
                self._stop_waiting(record, FIRST_TOPIC)
                self.code[record + ANCHORS] = at - record
                for leaf in range(at if number >= 0 else at + 4, at + length):
                    self._wait_for(self.code[leaf], record, FIRST_TOPIC)
                return
            at += length

    def _is_absent(self, at: int, length: int) -> bool:
        """Return whether a part of a program is a leaf, or an OR of leaves, that the current text lacks."""
        if self.code[at] >= 0:
            return self.leaves[LEAF_SIZE * self.code[at]] != self.text
        if self.code[at] != GROUP or self.code[at + 1] != 1:
            return False
        for part in range(at + 4, at + length):
            if self.code[part] < 0 or self.leaves[LEAF_SIZE * self.code[part]] == self.text:
                return False
        return True
