"""Candidates: the topics and phrases that wait for a leaf of the current text, and the evaluation of their programs.

Plain Python, compiled with the types in candidates.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable

from handlers.topics.index.holding import HoldingLeaves
from handlers.topics.index.layout import (
    ALWAYS,
    FIRST_NODE,
    FIRST_PHRASE,
    IS_PLAIN,
    LAST_TEXT,
    LEAF_SIZE,
    LENGTH,
    RECORD_SIZE,
    TREE,
)
from handlers.topics.index.scan import Scan
from handlers.topics.text.words import enlarged, int_array

_INITIAL_ROOM = 256

MatchesPhrase = Callable[[int, Scan], int]
"""Returns whether a phrase, given by its leaf, occurs in an article: 1 or 0, or -1 if finding out costs too much."""
MatchesTree = Callable[[int, Scan], bool]
"""Returns whether an article matches a tree, given by its number. Raises: OverBudget."""


class Candidates(HoldingLeaves):
    """The phrases that hold in the current text, and the candidates among the topics."""

    def __init__(self, matches_phrase: MatchesPhrase, matches_tree: MatchesTree) -> None:
        """`matches_phrase` is called for phrases that are not plain."""
        super().__init__()
        self._matches_phrase = matches_phrase
        self._matches_tree = matches_tree
        self.candidates = int_array(_INITIAL_ROOM)
        """Records of topics or of phrases."""
        self.undecided: set[int] = set()
        """Phrases of which it is not known whether they occur, because finding out costs all their owners too much."""

    def start(self, scan: Scan) -> None:
        """Make a text the current one, and mark the words and phrases that occur in it."""
        self.mark_words(scan)
        if self.undecided:
            self.undecided = set()
        self.mark(ALWAYS)
        for leaf in scan.pairs:
            self.mark(leaf)
        self._find_phrases(scan)

    def _find_phrases(self, scan: Scan) -> None:
        for index in range(self.find_candidates(FIRST_PHRASE)):
            record = self.candidates[index]
            if not self.matches(record + RECORD_SIZE, scan):
                continue
            leaf = self.code[record]
            if self.code[record + IS_PLAIN]:
                occurs = 1 if self.phrase_starts(record, scan, 1) else 0
            else:
                occurs = self._matches_phrase(leaf, scan)
            if occurs > 0:
                self.mark(leaf)
            elif occurs < 0:
                self.undecided.add(leaf)
                self.search_list_of(leaf)

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
            return self._matches_tree(self.code[at + 1], scan)
        count = self.code[at + 1]
        may_fail = self.code[at + 2] - count
        end = at + self.code[at + 3]
        at += 4
        while at < end:
            number = self.code[at]
            if number >= 0:
                is_match = self.leaves[LEAF_SIZE * number] == self.text
                at += 1
            else:
                is_match = self.matches(at, scan)
                at += 2 if number == TREE else self.code[at + 3]
            if is_match:
                count -= 1
                if count <= 0:
                    return count == 0
            else:
                may_fail -= 1
                if may_fail < 0:
                    return False
        return count == 0

    def phrase_starts(self, record: int, scan: Scan, limit: int) -> list[int]:
        """Return the first words of the occurrences of a plain phrase, ascending, at most `limit` of them."""
        found: list[int] = []
        words = scan.words
        begin = record + RECORD_SIZE + 4
        end = record + self.code[record + LENGTH]
        anchor = self.nodes[self.code[record + FIRST_NODE] + 1]
        offset = 0
        while self.code[begin + offset] != anchor:
            offset += 1
        for word in self.occurrences(anchor, words):
            first = word - offset
            if first < 0 or first + end - begin > words.count:
                continue
            at = begin
            while at < end and scan.has_leaf_at(first + at - begin, self.code[at]):
                at += 1
            if at == end and scan.is_in_one_sentence(first, first + end - begin - 1):
                found.append(first)
                if len(found) == limit:
                    break
        return found
