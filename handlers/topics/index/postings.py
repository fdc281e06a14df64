"""Which topics a text satisfies, and by which of its words: of all topics at once, as numbers.

Plain Python; compiled where it was installed with a compiler, by the types in postings.pxd.
"""

from collections.abc import Callable

from handlers.topics.index.holding import Ask, Holding
from handlers.topics.index.layout import (
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
from handlers.topics.index.scan import Scan, Sum, Told
from handlers.topics.text.words import grown, numbers_for
from storage.records import Evidence

VAIN_MOST = 8
"""How often a topic is looked at for nothing before it is moved."""

PlacesOf = Callable[[int, Scan], list[list[int]]]
"""Where each part of a tree, by its number, is found in an article that satisfies it."""


class Postings(Holding):
    """For one thread at a time."""

    def __init__(self, holds_phrase: Ask, holds_tree: Ask, places_of_tree: PlacesOf) -> None:
        super().__init__(holds_phrase, holds_tree)
        self._places_of_tree = places_of_tree
        self._sum = Sum()
        self._reasons = numbers_for(64)
        """Of the topic under way, what makes it true."""
        self._reason_count = 0

    def match(self, scan: Scan) -> "tuple[Found, ...]":
        """The topics that a text satisfies, by id."""
        matches: list[Found] = []
        records = self._find(scan)
        for topic in sorted(records):
            matches.append(Found(topic, records[topic], scan, self))
        return tuple(matches)

    def find(self, scan: Scan) -> list[int]:
        """The ids of the topics that a text satisfies, ascending."""
        return sorted(self._find(scan))

    def _find(self, scan: Scan) -> dict[int, int]:
        """The topics that a text satisfies, each with its record."""
        self.begin(scan)
        found: dict[int, int] = {}
        failed: list[int] = []
        for place in range(self.find_waiting(TOPICS)):
            record = self.waiting[place]
            if self.code[record + ANCHORS] == RECORD or self.satisfied(record + RECORD, scan):
                topic: int = self.code[record + MORE]
                topic = topic << ID_BITS | self.code[record]
                found[topic] = record
            else:
                self.code[record + VAIN] += 1
                if self.code[record + VAIN] >= VAIN_MOST:
                    self.code[record + VAIN] = 0
                    failed.append(record)
        for record in failed:
            self._move(record)
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

    def tell(self, record: int, scan: Scan) -> Told:
        """The evidence for a topic that a text satisfies, and its score."""
        if scan.number != self.text:
            self.begin(scan)
        self._reason_count = 0
        self._explain(record + RECORD, scan)
        count = self._reason_count
        if count == 1 and self._reasons[0] >= 0:
            told = scan.told_of.get(self._reasons[0])
            if told is not None:
                return told
        self._sum.begin(scan)
        for place in range(count):
            reason = self._reasons[place]
            if reason >= 0:
                self._add_leaf(reason, scan)
            else:
                for places in self._places_of_tree(-1 - reason, scan):
                    self._sum.add_all(places)
                    self._sum.end_part()
        told = self._sum.told()
        if count == 1 and self._reasons[0] >= 0:
            scan.told_of[self._reasons[0]] = told
        return told

    def _explain(self, at: int, scan: Scan) -> None:
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
                    if self.satisfied(at, scan):
                        self._explain(at, scan)
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
                    self._sum.add(word, word)
                    word = words.nexts[word]
                entry = self.entries[2 * entry + 1]
        elif self.code[record + VAIN]:
            length = self.code[record + LENGTH] - RECORD - 4
            for first in self.in_a_row(record, scan, scan.words.count):
                self._sum.add(first, first + length - 1)
        else:
            self._sum.add_all(scan.noted[leaf])
        self._sum.end_part()


class Found:
    """A topic that an article satisfies. The rest is worked out when asked for: ask before the topics change."""

    def __init__(self, topic_id: int, record: int, scan: Scan, postings: Postings) -> None:
        self.topic_id = topic_id
        self.scan = scan
        self._record = record
        self._postings = postings
        self._told: Told | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        if self._told is None:
            self._told = self._postings.tell(self._record, self.scan)
        return self._told[0]

    @property
    def score(self) -> float:
        if self._told is None:
            self._told = self._postings.tell(self._record, self.scan)
        return self._told[1]
