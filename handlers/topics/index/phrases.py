"""Where phrases occur in the current text.

Plain Python, compiled with the types in phrases.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.holding import HoldingLeaves
from handlers.topics.index.layout import (
    ALWAYS,
    ANCHOR_AT,
    BODY,
    FIELD,
    FIRST_ENTRY,
    FIRST_NODE,
    LEAF_SIZE,
    LENGTH,
    PAIR,
    PHRASE_RECORD,
    RECORD_SIZE,
    SIGNS,
    SIGNS_AFTER,
    TITLE,
)
from handlers.topics.index.scan import Scan
from handlers.topics.index.signs import Signs
from handlers.topics.text.letters import BREAK
from handlers.topics.text.words import Words

_CHARGED_AT = 20_000
"""Steps after which a topic is charged."""
_SIGN_STEPS = 15
"""For each word of a phrase with signs between or after its words, instead of one."""


class Phrases(HoldingLeaves):
    """The phrases of all topics, each of which waits for two adjacent words or for a word."""

    def __init__(self) -> None:
        super().__init__()
        self.work = 0
        """Steps of `phrase_starts` since they were last charged."""
        self.pays = False
        self.owner = self.topic = 0
        """The workspace and the topic that pay for `phrase_starts`, if any does."""
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

    def occurrences(self, leaf: int, words: Words) -> list[int]:
        """Return the words of the current text that match a query word, or at which a pair starts, ascending."""
        found: list[int] = []
        if self.leaves[LEAF_SIZE * leaf] != self.text:
            return found
        entry = self.leaves[LEAF_SIZE * leaf + FIRST_ENTRY]
        if self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD] == PAIR:
            while entry >= 0:
                found.append(self.entries[2 * entry])
                entry = self.entries[2 * entry + 1]
            found.reverse()
            return found
        has_several_forms = entry >= 0 and self.entries[2 * entry + 1] >= 0
        while entry >= 0:
            word = words.first_words[self.entries[2 * entry]]
            while word >= 0:
                found.append(word)
                word = words.next_words[word]
            entry = self.entries[2 * entry + 1]
        if has_several_forms:
            found.sort()
        return found

    def has_plain_evidence(self, reason: int) -> bool:
        """Return whether the evidence for a reason is nothing but its words."""
        if reason < 0:
            return False
        record = self.leaves[LEAF_SIZE * reason + PHRASE_RECORD]
        return record < 0 or self.code[record + SIGNS_AFTER] == 0

    def phrase_starts(self, record: int, scan: Scan) -> list[int]:
        """Return the first words of the occurrences of one way to write a phrase, ascending.

        Raises: OverBudget, if the current topic cannot pay for this.
        """
        found: list[int] = []
        anchor = self.nodes[self.code[record + FIRST_NODE] + 1]
        offset = self.code[record + ANCHOR_AT]
        for word in self.occurrences(anchor, scan.words):
            if self._occurs_at(record, word - offset, scan):
                found.append(word - offset)
            elif self.code[record + FIELD] == TITLE and scan.is_in_body(word) and scan.positions is None:
                break
            if self.work > _CHARGED_AT and self.pays:
                scan.charge(self.owner, self.topic).spend(self.work)
                self.work = 0
        return found

    def occurs(self, record: int, scan: Scan) -> bool:
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
        words = scan.words
        begin = record + RECORD_SIZE
        length = self.code[record + LENGTH] - RECORD_SIZE
        field = self.code[record + FIELD]
        signs = self.code[record + SIGNS]
        if first < 0 or first + length > words.count:
            return False
        if field and scan.is_in_body(first) != (field == BODY):
            return False
        for at in range(length):
            leaf = self.code[begin + at]
            if leaf == ALWAYS:
                if scan.prepared[words.starts[first + at]] == BREAK:
                    return False
            elif not scan.has_leaf_at(first + at, leaf):
                self.work += at + 1
                return False
        self.work += length * _SIGN_STEPS if signs else length
        if length > 1 and not scan.is_in_one_sentence(first, first + length - 1):
            return False
        return not signs or self._fits(signs, first, scan)

    def _fits(self, index: int, first: int, scan: Scan) -> bool:
        """Return whether the words of a text from `first` on meet the requirements with this index."""
        signs = self._signs[index]
        return signs is None or signs.fit(scan, first)
