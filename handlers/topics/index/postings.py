"""Which topics a text satisfies, and by which of its words: of all topics at once, as numbers.

Plain Python; compiled where it was installed with a compiler, by the types in postings.pxd.
"""

from collections.abc import Callable, Iterator

from handlers.topics.index.budget import OverBudget
from handlers.topics.index.holding import AskPhrase, AskTree, Holding
from handlers.topics.index.layout import (
    ANCHORS,
    ENTRY,
    HAS_TREES,
    ID_BITS,
    JOINED,
    LEAF,
    LENGTH,
    MORE,
    OWNER,
    PHRASE,
    RECORD,
    TOPICS,
    TREE,
    VAIN,
)
from handlers.topics.index.scan import Scan, Sum, Told
from handlers.topics.text.words import grown, numbers_for
from storage.records import Evidence

FREE = 1_000
"""Steps up to which showing words in a row costs nothing: counting them would take longer."""
FEW = 8
"""Up to so many reasons, adding one twice takes less time than looking up whether it was added."""
VAIN_MOST = 8
"""How often a topic is looked at for nothing before it is moved."""

TellOf = Callable[[list[int], Scan], tuple[list[tuple[int, int]], Iterator[int]]]
"""Of leaves, and trees as -1 minus their number: how often each is found in title and body; and where they all are, in
order."""


class Postings(Holding):
    """For one thread at a time."""

    def __init__(self, holds_phrase: AskPhrase, holds_tree: AskTree, tell_of: TellOf) -> None:
        super().__init__(holds_phrase, holds_tree)
        self._tell_of = tell_of
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
        """The topics that a text satisfies, each with its record. The scan notes those that take too much work."""
        self.begin(scan)
        found: dict[int, int] = {}
        failed: list[int] = []
        later: list[tuple[int, int]] = []
        stopped: list[int] = []
        are_all_known = not self.skipped
        for place in range(self.find_waiting(TOPICS)):
            record = self.waiting[place]
            if are_all_known and self.code[record + ANCHORS] == RECORD:
                found[self._topic_of(record)] = record
            elif self.code[record + HAS_TREES] or not are_all_known:
                later.append((self._topic_of(record), record))
            elif self.satisfied(record + RECORD, scan):
                found[self._topic_of(record)] = record
            else:
                self._note_vain(record, failed)
        if later:
            later.sort()  # which one is stopped must not depend on where topics wait
        for topic, record in later:
            scan.pay(self.code[record + OWNER], topic)
            try:
                if not are_all_known and not self.skipped.isdisjoint(self.parts_of(record)[0]):
                    stopped.append(topic)
                elif self.satisfied(record + RECORD, scan):
                    found[topic] = record
                else:
                    self._note_vain(record, failed)
            except OverBudget:
                stopped.append(topic)
                scan.give_up()
        for record in failed:
            self._move(record)
        if stopped:
            scan.stopped = tuple(stopped)
        return found

    def _topic_of(self, record: int) -> int:
        topic: int = self.code[record + MORE]
        return topic << ID_BITS | self.code[record]

    def _note_vain(self, record: int, failed: list[int]) -> None:
        """A topic was looked at in vain: where that was too often, it is among those to be moved."""
        self.code[record + VAIN] += 1
        if self.code[record + VAIN] >= VAIN_MOST:
            self.code[record + VAIN] = 0
            failed.append(record)

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
        """The evidence for a topic that a text satisfies, and its score. Raises: OverBudget."""
        if scan.number != self.text:
            self.begin(scan)
        if self.code[record + HAS_TREES]:
            self._pay(record, scan, 0)  # trees are asked of its workspace's reading
        self._reason_count = 0
        self._explain(record + RECORD, scan)
        are_few = 0 < self._reason_count <= FEW
        for place in range(self._reason_count if are_few else 0):
            are_few = are_few and not self._is_odd(self._reasons[place])
        if not are_few:
            return self._tell_all(record, scan)
        leaf = self._reasons[0]
        is_one = self._reason_count == 1
        told = scan.told_of.get(leaf) if is_one else None
        if told is None:
            self._sum.begin(scan)
            steps = 0
            for place in range(self._reason_count):
                steps += self._add_leaf(self._reasons[place], scan)
                self._sum.end_part()
            if steps > FREE:
                self._pay(record, scan, steps)
            told = self._sum.told()
            if is_one:
                scan.told_of[leaf] = told
        return told

    def _tell_all(self, record: int, scan: Scan) -> Told:
        """What to tell of any number of reasons, each added once, however often the query has it."""
        self._sum.begin(scan)
        steps = count = self._reason_count
        others: list[int] = []
        seen: dict[int, tuple[int, int]] = {}
        for place in range(count):
            reason = self._reasons[place]
            if self._is_odd(reason):
                others.append(reason)
            elif reason not in seen:
                steps += self._add_leaf(reason, scan)
                seen[reason] = (self._sum.in_title, self._sum.in_body)
        if others or steps > FREE:
            self._pay(record, scan, steps)
        self._score_parts(count, seen, others, scan)
        return self._sum.told()

    def _pay(self, record: int, scan: Scan, steps: int) -> None:
        """Charge the workspace of a topic, and from here on whatever its reading finds. Raises: OverBudget."""
        scan.pay(self.code[record + OWNER], self._topic_of(record)).spend(steps)

    def _score_parts(self, count: int, seen: dict[int, tuple[int, int]], others: list[int], scan: Scan) -> None:
        """Score what was found, in the order of the query, with what is not found by words in a row."""
        counts: list[tuple[int, int]] = []
        if others:
            counts, self._sum.others = self._tell_of(others, scan)
        other = 0
        for place in range(count):
            part = seen.get(self._reasons[place])
            if part is None:
                part = counts[other]
                other += 1
            self._sum.score(part[0], part[1])

    def _is_odd(self, reason: int) -> bool:
        """Whether a reason is a tree, or a leaf of which more is asked than words in a row."""
        if reason < 0:
            return True
        record = self.leaves[LEAF * reason + PHRASE]
        return record >= 0 and not self.code[record + VAIN]

    def _explain(self, at: int, scan: Scan) -> bool:
        """Whether a program holds; and note what makes it true, as often as the query has it: leaves, and trees as -1
        minus their number. Raises: OverBudget."""
        number = self.code[at]
        if number >= 0:
            if self.leaves[LEAF * number] != self.text:
                return False
            self._note(number)
            return True
        if number == TREE:
            if not self._holds_tree(self.code[at + 1], scan):
                return False
            self._note(-1 - self.code[at + 1])
            return True
        wanted = self.code[at + 1]
        if not wanted:
            return self.satisfied(at, scan)
        before = self._reason_count
        past = at + self.code[at + 3]
        at += 4
        while at < past:
            if self._explain(at, scan):
                wanted -= 1
            number = self.code[at]
            at += 1 if number >= 0 else 2 if number == TREE else self.code[at + 3]
        if wanted > 0:
            self._reason_count = before
            return False
        return True

    def _note(self, reason: int) -> None:
        if self._reason_count == len(self._reasons):
            self._reasons = grown(self._reasons, 2 * self._reason_count)
        self._reasons[self._reason_count] = reason
        self._reason_count += 1

    def _add_leaf(self, leaf: int, scan: Scan) -> int:
        """Add to a sum where a leaf stands in the text under way; how many places that are."""
        record = self.leaves[LEAF * leaf + PHRASE]
        self._sum.in_title = self._sum.in_body = 0
        if record < 0:
            words = scan.words
            entry = self.leaves[LEAF * leaf + ENTRY]
            while entry >= 0:
                word = words.firsts[self.entries[2 * entry]]
                while word >= 0:
                    self._sum.add(word, word)
                    word = words.nexts[word]
                entry = self.entries[2 * entry + 1]
        else:
            length = self.code[record + LENGTH] - RECORD - 4
            for first in self.in_a_row(record, scan, scan.words.count):
                self._sum.add(first, first + length - 1)
        return self._sum.in_title + self._sum.in_body


class Found:
    """A topic that an article satisfies. The rest is worked out when asked for: ask before the topics change.

    Raises: OverBudget from what takes too much work.
    """

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
