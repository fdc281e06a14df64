"""Candidates: the topics and phrases that wait for a leaf of the current text, and the evaluation of their programs.

Plain Python, compiled with the types in candidates.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable

from handlers.topics.index.holding import HoldingLeaves
from handlers.topics.index.layout import (
    ALWAYS,
    ANCHOR_AT,
    BODY,
    FIELD,
    FIRST_ENTRY,
    FIRST_NODE,
    FIRST_PHRASE,
    HEADER,
    LAST_TEXT,
    LEAF_SIZE,
    LENGTH,
    NEAR,
    PAIR,
    PHRASE_RECORD,
    RECORD_SIZE,
    SIGNS,
    TITLE,
    TREE,
)
from handlers.topics.index.scan import Scan
from handlers.topics.index.signs import Signs
from handlers.topics.text.words import enlarged, int_array

_INITIAL_ROOM = 256

MatchesTree = Callable[[int, Scan], bool]
"""Returns whether an article matches a tree, given by its number. Raises: OverBudget."""


class Candidates(HoldingLeaves):
    """The phrases that hold in the current text, and the candidates among the topics."""

    def __init__(self, matches_tree: MatchesTree) -> None:
        super().__init__()
        self._matches_tree = matches_tree
        self.candidates = int_array(_INITIAL_ROOM)
        """Records of topics or of phrases."""
        self._signs: list[Signs | None] = [None]
        """What phrases require apart from their words. None for an index that is free."""
        self._free_signs: list[int] = []

    def add_signs(self, signs: Signs) -> int:
        """Store what a phrase requires apart from its words, and return its index."""
        if self._free_signs:
            index = self._free_signs.pop()
            self._signs[index] = signs
        else:
            index = len(self._signs)
            self._signs.append(signs)
        return index

    def remove_signs(self, index: int) -> None:
        self._signs[index] = None
        self._free_signs.append(index)

    def start(self, scan: Scan) -> None:
        """Make a text the current one, and mark the words and phrases that occur in it."""
        self.mark_words(scan)
        self.mark_pairs(scan)
        self.mark(ALWAYS)
        for index in range(self.find_candidates(FIRST_PHRASE)):
            record = self.candidates[index]
            leaf = self.code[record]
            if self.leaves[LEAF_SIZE * leaf] != self.text and self._occurs(record, scan):
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

    def phrase_starts(self, record: int, scan: Scan) -> list[int]:
        """Return the first words of the occurrences of one way to write a phrase, ascending."""
        found: list[int] = []
        anchor = self.nodes[self.code[record + FIRST_NODE] + 1]
        offset = self.code[record + ANCHOR_AT]
        for word in self.occurrences(anchor, scan.words):
            if self._occurs_at(record, word - offset, scan):
                found.append(word - offset)
            elif self.code[record + FIELD] == TITLE and scan.is_in_body(word):
                break
        return found

    def _occurs(self, record: int, scan: Scan) -> bool:
        """Return whether one way to write a phrase occurs in the current text."""
        words = scan.words
        anchor = self.nodes[self.code[record + FIRST_NODE] + 1]
        offset = self.code[record + ANCHOR_AT]
        is_pair = self.leaves[LEAF_SIZE * anchor + PHRASE_RECORD] == PAIR
        entry = self.leaves[LEAF_SIZE * anchor + FIRST_ENTRY]
        while entry >= 0:
            word = self.entries[2 * entry]
            if is_pair:
                if self._occurs_at(record, word - offset, scan):
                    return True
            else:
                word = words.first_words[word]
                while word >= 0:
                    if self._occurs_at(record, word - offset, scan):
                        return True
                    word = words.next_words[word]
            entry = self.entries[2 * entry + 1]
        return False

    def _occurs_at(self, record: int, first: int, scan: Scan) -> bool:
        """Return whether one way to write a phrase occurs at a word of the current text, where its anchor does."""
        begin = record + RECORD_SIZE
        length = self.code[record + LENGTH] - RECORD_SIZE
        field = self.code[record + FIELD]
        signs = self.code[record + SIGNS]
        if first < 0 or first + length > scan.words.count:
            return False
        if field and scan.is_in_body(first) != (field == BODY):
            return False
        for at in range(length):
            leaf = self.code[begin + at]
            if scan.is_break(first + at) if leaf == ALWAYS else not scan.has_leaf_at(first + at, leaf):
                return False
        if length > 1 and not scan.is_in_one_sentence(first, first + length - 1):
            return False
        return not signs or self._fits(signs, first, scan)

    def _fits(self, index: int, first: int, scan: Scan) -> bool:
        """Return whether the words of a text from `first` on meet the requirements with this index."""
        signs = self._signs[index]
        return signs is None or signs.fit(scan, first)
