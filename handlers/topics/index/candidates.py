"""Candidates: the topics and phrases that wait for a leaf of the current text, and the evaluation of their programs.

Plain Python, compiled with the types in candidates.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable

from handlers.topics.index.hashtag_words import located, without_nested
from handlers.topics.index.layout import (
    ALWAYS,
    FIRST_PHRASE,
    HEADER,
    LAST_TEXT,
    LEAF_SIZE,
    LENGTH,
    NEAR,
    NEXT_VARIANT,
    PAIR,
    PHRASE_RECORD,
    RECORD_SIZE,
    TREE,
)
from handlers.topics.index.phrases import Phrases
from handlers.topics.index.scan import Scan
from handlers.topics.index.word_spans import NO_SPANS, WordSpans, spans_of_length, union
from handlers.topics.text.words import enlarged, int_array

_INITIAL_ROOM = 256

MatchesTree = Callable[[int, Scan], bool]
"""Returns whether an article matches a tree, given by its number. Raises: OverBudget."""


class Candidates(Phrases):
    """The phrases that hold in the current text, and the candidates among the topics."""

    def __init__(self, matches_tree: MatchesTree) -> None:
        super().__init__()
        self._matches_tree = matches_tree
        self.candidates = int_array(_INITIAL_ROOM)
        """Records of topics or of phrases."""

    def start(self, scan: Scan) -> None:
        """Make a text the current one, and mark the words and phrases that occur in it."""
        self.mark_words(scan)
        self.mark_pairs(scan)
        self.mark(ALWAYS)
        for index in range(self.find_candidates(FIRST_PHRASE)):
            record = self.candidates[index]
            leaf = self.code[record]
            if self.leaves[LEAF_SIZE * leaf] != self.text and self.occurs(record, scan):
                self.mark(leaf)

    def find_candidates(self, which: int) -> int:
        """Collect the topics (FIRST_TOPIC) or phrases (FIRST_PHRASE) that wait for the leaves that hold, each once.

        Returns their number. Collecting all of them before evaluating any lets the memory accesses overlap.
        """
        count = 0
        for index in range(self.holding_count):
            node = self.leaves[LEAF_SIZE * self.holding[index] + which]
            while node >= 0:
                record = self.nodes[node]
                node = self.nodes[node + 2]
                if self.code[record + LAST_TEXT] == self.text:
                    continue
                self.code[record + LAST_TEXT] = self.text
                if count == len(self.candidates):
                    self.candidates = enlarged(self.candidates, 2 * count)
                self.candidates[count] = record
                count += 1
        return count

    def matches(self, at: int, scan: Scan) -> bool:
        """Return whether the current text matches the program at an index of the records. Raises: OverBudget."""
        number = self.code[at]
        if number >= 0:
            return self.leaves[LEAF_SIZE * number] == self.text
        if number == TREE:
            return not self.rules_out(at) and self._matches_tree(self.code[at + 1], scan)
        if number == NEAR:
            return self._is_near(at, scan)
        count = self.code[at + 1]
        may_fail = self.code[at + 2] - count
        end = at + self.code[at + 3]
        at += HEADER
        while at < end:
            number = self.code[at]
            if number >= 0:
                is_match = self.leaves[LEAF_SIZE * number] == self.text
                at += 1
            else:
                is_match = self.matches(at, scan)
                at += self.code[at + 3]
            if is_match:
                count -= 1
                if count <= 0:
                    return count == 0
            else:
                may_fail -= 1
                if may_fail < 0:
                    return False
        return count == 0

    def rules_out(self, at: int) -> bool:
        """Return whether the current text cannot match a program, as far as its leaves alone tell."""
        number = self.code[at]
        if number >= 0:
            return self.leaves[LEAF_SIZE * number] != self.text
        if number == TREE:
            return self.code[at + 2] > 0 and self.rules_out(at + HEADER)
        if number == NEAR:
            middle = at + HEADER + 1 + self.code[at + HEADER]
            return not self._holds_any(at + HEADER + 1, middle) or not self._holds_any(middle, at + self.code[at + 3])
        may_fail = self.code[at + 2] - self.code[at + 1]
        if may_fail == self.code[at + 2]:
            return False  # NOT
        end = at + self.code[at + 3]
        at += HEADER
        while at < end and may_fail >= 0:
            if self.rules_out(at):
                may_fail -= 1
            at += 1 if self.code[at] >= 0 else self.code[at + 3]
        return may_fail < 0

    def _holds_any(self, at: int, end: int) -> bool:
        """Return whether any of the leaves at some indexes of the records holds."""
        while at < end and self.leaves[LEAF_SIZE * self.code[at]] != self.text:
            at += 1
        return at < end

    def _is_near(self, at: int, scan: Scan) -> bool:
        """Return whether the current text matches a NEAR. Raises: OverBudget."""
        if self.rules_out(at):
            return False
        return self._matches_tree(self.code[at + 1], scan)

    def spans_of(self, leaf: int, scan: Scan) -> WordSpans:
        """Return where a word or phrase occurs in an article. Words are numbered as in `Fields`."""
        if scan.number != self.text:
            self.start(scan)
        record = self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD]
        spans = NO_SPANS
        if record < 0:
            spans = _located(self.occurrences(leaf, scan.words), 2 if record == PAIR else 1, scan)
        self.pays = False  # the caller charges for spans
        while record >= 0:
            starts = self.phrase_starts(record, scan)
            spans = union(spans, _located(starts, self.code[record + LENGTH] - RECORD_SIZE, scan))
            record = self.code[record + NEXT_VARIANT]
        return spans if scan.positions is None else without_nested(spans, scan.positions.hashtags)


def _located(starts: list[int], length: int, scan: Scan) -> WordSpans:
    """Return spans of one number of words, given by their first words, ascending."""
    if scan.positions is not None:
        return located([(word, word + length) for word in starts], scan.positions)
    for at, word in enumerate(starts):
        starts[at] = scan.position(word)
    return spans_of_length(starts, length)
