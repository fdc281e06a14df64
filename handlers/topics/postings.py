"""Which topics a text satisfies, and by which of its words: of all topics at once, as numbers.

Plain Python; compiled where it was installed with a compiler, by the types in postings.pxd.
"""

from collections.abc import Callable

from handlers.topics.holding import Ask, Holding
from handlers.topics.layout import (
    ANCHORS,
    ENTRY,
    ID_BITS,
    JOINED,
    LEAF,
    LENGTH,
    MORE,
    PHRASE,
    RECORD,
    TOPICS,
    TREE,
    VAIN,
)
from handlers.topics.scan import Scan, Told
from handlers.topics.words import grown, numbers_for

VAIN_MOST = 8
"""How often a topic is looked at for nothing before it is moved."""

PlacesOf = Callable[[int, Scan], list[list[int]]]
"""Where each part of a tree, by its number, is found in an article that satisfies it."""


class Postings(Holding):
    """For one thread at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._reasons = numbers_for(64)
        """Of the topic under way, what makes it true."""
        self._reason_count = 0

    def find(self, scan: Scan, holds_tree: Ask) -> list[int]:
        """The topics that the text under way satisfies, ascending."""
        found: list[int] = []
        failed: list[int] = []
        for place in range(self.find_waiting(TOPICS)):
            record = self.waiting[place]
            if self.code[record + ANCHORS] == RECORD or self.satisfied(record + RECORD, scan, holds_tree):
                topic: int = self.code[record + MORE]
                topic = topic << ID_BITS | self.code[record]
                found.append(topic)
                scan.records[topic] = record
            else:
                self.code[record + VAIN] += 1
                if self.code[record + VAIN] >= VAIN_MOST:
                    self.code[record + VAIN] = 0
                    failed.append(record)
        for record in failed:
            self._move(record)
        found.sort()
        return found

    def _move(self, record: int) -> None:
        """Let a topic that was looked at for nothing wait under leaves that this text lacks: rarer ones, it seems.

        As solvers watch literals: https://doi.org/10.1145/378239.379017 (Moskewicz and others 2001, Chaff).
        """
        at = record + RECORD
        if self.code[at] != JOINED or self.code[at + 1] != self.code[at + 2]:
            return
        past = at + self.code[at + 3]
        at += 4
        while at < past:
            number = self.code[at]
            length = 1 if number >= 0 else 2 if number == TREE else self.code[at + 3]
            if self._lacked(at, length):
                self._leave(record, TOPICS)
                self.code[record + ANCHORS] = at - record
                for leaf in range(at if number >= 0 else at + 4, at + length):
                    self._wait(record, self.code[leaf], TOPICS)
                return
            at += length

    def _lacked(self, at: int, length: int) -> bool:
        """Whether a part is no more than leaves of which one must hold, and none does."""
        if self.code[at] >= 0:
            return self.leaves[LEAF * self.code[at]] != self.text
        if self.code[at] != JOINED or self.code[at + 1] != 1:
            return False
        for place in range(at + 4, at + length):
            if self.code[place] < 0 or self.leaves[LEAF * self.code[place]] == self.text:
                return False
        return True

    def tell(self, record: int, scan: Scan, holds_tree: Ask, places_of_tree: PlacesOf) -> Told:
        """The evidence for a topic that the text under way satisfies, and its score."""
        self._reason_count = 0
        self._explain(record + RECORD, scan, holds_tree)
        count = self._reason_count
        if count == 1 and self._reasons[0] >= 0:
            told = scan.told_of.get(self._reasons[0])
            if told is not None:
                return told
        scan.begin_sum()
        for place in range(count):
            reason = self._reasons[place]
            if reason >= 0:
                self._add_leaf(reason, scan)
            else:
                for places in places_of_tree(-1 - reason, scan):
                    scan.add_all(places)
                    scan.end_part()
        told = scan.summed_up()
        if count == 1 and self._reasons[0] >= 0:
            scan.told_of[self._reasons[0]] = told
        return told

    def _explain(self, at: int, scan: Scan, holds_tree: Ask) -> None:
        """Note what makes a program true, as often as the query has it: leaves, and trees as -1 minus their number."""
        number = self.code[at]
        if number >= 0:
            if self.leaves[LEAF * number] == self.text:
                self._note(number)
        elif number == TREE:
            self._note(-1 - self.code[at + 1])
        elif self.code[at + 1]:
            past = at + self.code[at + 3]
            at += 4
            while at < past:
                number = self.code[at]
                if number >= 0:
                    if self.leaves[LEAF * number] == self.text:
                        self._note(number)
                    at += 1
                else:
                    if self.satisfied(at, scan, holds_tree):
                        self._explain(at, scan, holds_tree)
                    at += 2 if number == TREE else self.code[at + 3]

    def _note(self, reason: int) -> None:
        if self._reason_count == len(self._reasons):
            self._reasons = grown(self._reasons, 2 * self._reason_count)
        self._reasons[self._reason_count] = reason
        self._reason_count += 1

    def _add_leaf(self, leaf: int, scan: Scan) -> None:
        """Add to a sum where a leaf stands in the text under way."""
        record = self.leaves[LEAF * leaf + PHRASE]
        if record < 0:
            words = scan.words
            entry = self.leaves[LEAF * leaf + ENTRY]
            while entry >= 0:
                word = words.firsts[self.entries[2 * entry]]
                while word >= 0:
                    scan.add(word, word)
                    word = words.nexts[word]
                entry = self.entries[2 * entry + 1]
        elif self.code[record + VAIN]:
            length = self.code[record + LENGTH] - RECORD - 4
            for first in self.in_a_row(record, scan, scan.words.count):
                scan.add(first, first + length - 1)
        else:
            scan.add_all(scan.noted[leaf])
        scan.end_part()
