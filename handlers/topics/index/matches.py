"""Matches whose evidence and score are computed when they are first read.

Plain Python, compiled with the types in matches.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable, Iterator

from handlers.topics.index.candidates import MatchesTree
from handlers.topics.index.evidence import EvidenceAndScore, EvidenceBuilder
from handlers.topics.index.layout import (
    FIRST_ENTRY,
    GROUP,
    HAS_TREES,
    HEADER,
    LEAF_SIZE,
    LENGTH,
    NEXT_VARIANT,
    NO_RECORD,
    OWNER,
    PAIR,
    PHRASE_RECORD,
    RECORD_SIZE,
)
from handlers.topics.index.postings import Postings
from handlers.topics.index.scan import Scan
from handlers.topics.text.words import enlarged, int_array
from storage.records import Evidence

_FREE_STEPS = 1_000
"""Up to this number of occurrences of plain leaves, evidence costs nothing, because counting would take longer."""
_FEW_REASONS = 8
"""Up to this number of reasons, adding one twice takes less time than checking whether it was added."""
_INITIAL_ROOM = 64

FindOthers = Callable[[list[int], Scan], tuple[list[tuple[int, int]], Iterator[int]]]
"""Finds phrases with signs after them (as leaves), and trees (as -1 minus their number), in an article.

Returns, for each, how often it occurs in title and body, and all occurrences in reading order as `Scan.packed` gives
them.
"""


class MatchFinder(Postings):
    """Finds the topics that an article matches, and the evidence and score of each."""

    def __init__(self, matches_tree: MatchesTree, find_others: FindOthers) -> None:
        super().__init__(matches_tree)
        self._find_others = find_others
        self._builder = EvidenceBuilder()
        self._reasons = int_array(_INITIAL_ROOM)
        """What makes the current topic match: leaves, and trees as -1 minus their number."""
        self._reason_count = 0

    def match(self, scan: Scan) -> "tuple[LazyMatch, ...]":
        """Return the matches of an article, by topic id."""
        found: list[LazyMatch] = []
        self.find_records(scan)
        for at in range(self.found_count):
            found.append(LazyMatch(self.found_topics[at], self.found_records[at], scan, self))
        return tuple(found)

    def result(self, record: int, scan: Scan) -> EvidenceAndScore:
        """Return the evidence and the score of a topic that an article matches. Raises: OverBudget."""
        if scan.number != self.text:
            self.start(scan)
        if self.code[record + HAS_TREES]:
            self._charge(record, scan, 0)  # trees are evaluated by the reading of the current workspace
        self._reason_count = 0
        self._collect_reasons(record + RECORD_SIZE, scan)
        are_few = 0 < self._reason_count <= _FEW_REASONS
        for index in range(self._reason_count if are_few else 0):
            are_few = are_few and self.has_plain_evidence(self._reasons[index])
        if not are_few:
            return self._result_of_any(record, scan)
        leaf = self._reasons[0]
        is_single = self._reason_count == 1
        result = scan.results.get(leaf) if is_single else None
        if result is None:
            self._builder.reset(scan)
            steps = 0
            for index in range(self._reason_count):
                steps += self._add_leaf(self._reasons[index], record, scan)
                self._builder.end_part()
            if steps > _FREE_STEPS:
                self._charge(record, scan, steps)
            result = self._builder.result()
            if is_single:
                scan.results[leaf] = result
        return result

    def _result_of_any(self, record: int, scan: Scan) -> EvidenceAndScore:
        """Return the result for any number and kind of reasons. Each is added once, however often the query has it."""
        self._builder.reset(scan)
        steps = count = self._reason_count
        others: list[int] = []
        counts: dict[int, tuple[int, int]] = {}
        for index in range(count):
            reason = self._reasons[index]
            if not self.has_plain_evidence(reason):
                others.append(reason)
            elif reason not in counts:
                steps += self._add_leaf(reason, record, scan)
                counts[reason] = (self._builder.in_title, self._builder.in_body)
        if others or steps > _FREE_STEPS:
            self._charge(record, scan, steps)
        self._add_scores(count, counts, others, scan)
        return self._builder.result()

    def _charge(self, record: int, scan: Scan, steps: int) -> None:
        """Charge the owner of a topic for these steps, and for what its reading evaluates afterwards.

        Raises: OverBudget.
        """
        scan.charge(self.code[record + OWNER], self._topic_of(record)).spend(steps)

    def _add_scores(self, count: int, counts: dict[int, tuple[int, int]], others: list[int], scan: Scan) -> None:
        """Add the scores of all reasons in the order of the query, and the occurrences of those that are not plain."""
        other_counts: list[tuple[int, int]] = []
        if others:
            other_counts, self._builder.others = self._find_others(others, scan)
        other = 0
        for index in range(count):
            part = counts.get(self._reasons[index])
            if part is None:
                part = other_counts[other]
                other += 1
            self._builder.add_score(part[0], part[1])

    def _collect_reasons(self, at: int, scan: Scan) -> bool:
        """Return whether a program matches, and add what makes it match to the reasons, as often as the query has it.

        Raises: OverBudget.
        """
        number = self.code[at]
        if number >= 0:
            if self.leaves[LEAF_SIZE * number] != self.text:
                return False
            self._add_reason(number)
            return True
        if number != GROUP:
            if not self.matches(at, scan):
                return False
            self._add_reason(-1 - self.code[at + 1])
            return True
        required = self.code[at + 1]
        if not required:
            return self.matches(at, scan)
        before = self._reason_count
        end = at + self.code[at + 3]
        at += HEADER
        while at < end:
            if self._collect_reasons(at, scan):
                required -= 1
            at += 1 if self.code[at] >= 0 else self.code[at + 3]
        if required > 0:
            self._reason_count = before
        return required <= 0

    def _add_reason(self, reason: int) -> None:
        if self._reason_count == len(self._reasons):
            self._reasons = enlarged(self._reasons, 2 * self._reason_count)
        self._reasons[self._reason_count] = reason
        self._reason_count += 1

    def _add_leaf(self, leaf: int, topic: int, scan: Scan) -> int:
        """Add the occurrences of a plain leaf to a topic's evidence, and return the steps that are not charged yet."""
        record = self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD]
        self.work = 0
        self._builder.in_title = self._builder.in_body = 0
        if record == PAIR:
            entry = self.leaves[LEAF_SIZE * leaf + FIRST_ENTRY]
            while entry >= 0:
                self._builder.add(self.entries[2 * entry], self.entries[2 * entry] + 1)
                entry = self.entries[2 * entry + 1]
        elif record == NO_RECORD:
            words = scan.words
            entry = self.leaves[LEAF_SIZE * leaf + FIRST_ENTRY]
            while entry >= 0:
                word = words.first_words[self.entries[2 * entry]]
                while word >= 0:
                    self._builder.add(word, word)
                    word = words.next_words[word]
                entry = self.entries[2 * entry + 1]
        self.owner, self.topic, self.pays = self.code[topic + OWNER], self._topic_of(topic), True
        while record >= 0:
            length = self.code[record + LENGTH] - RECORD_SIZE
            for first in self.phrase_starts(record, scan):
                self._builder.add(first, first + length - 1)
            record = self.code[record + NEXT_VARIANT]
        if scan.positions is not None:
            self._builder.set_counts(self.spans_of(leaf, scan), scan.positions.body_at)
        return self.work + self._builder.in_title + self._builder.in_body


class LazyMatch:
    """A topic that an article matches. Read the evidence and the score before the topics change.

    Reading them raises OverBudget if the topic needs too many steps.
    """

    def __init__(self, topic_id: int, record: int, scan: Scan, finder: MatchFinder) -> None:
        self.topic_id = topic_id
        self.scan = scan
        self._record = record
        self._finder = finder
        self._result: EvidenceAndScore | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        if self._result is None:
            self._result = self._finder.result(self._record, self.scan)
        return self._result[0]

    @property
    def score(self) -> float:
        if self._result is None:
            self._result = self._finder.result(self._record, self.scan)
        return self._result[1]
