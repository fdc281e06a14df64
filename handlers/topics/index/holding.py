"""Which leaves hold in the text under way, and where: its words, and the phrases that wait under them.

Plain Python; compiled where it was installed with a compiler, by the types in holding.pxd.
"""

from collections.abc import Callable

from handlers.topics.index.layout import (
    ALWAYS,
    ENTRY,
    LEAF,
    LENGTH,
    NODES,
    PHRASES,
    RECORD,
    SEEN,
    TOPICS,
    TREE,
    VAIN,
)
from handlers.topics.index.scan import Scan
from handlers.topics.index.waiting import Waiting
from handlers.topics.text.words import Words, grown, numbers_for

_TEXTS_MOST = 0x7FFFFFFF

AskPhrase = Callable[[int, Scan], int]
"""Whether a phrase, by its number, holds in an article: 1 or 0; -1: that would be too much work."""
AskTree = Callable[[int, Scan], bool]
"""Whether a tree, by its number, holds in an article. Raises: OverBudget."""


class Holding(Waiting):
    """For one thread at a time."""

    def __init__(self, holds_phrase: AskPhrase, holds_tree: AskTree) -> None:
        """`holds_phrase` tells of a phrase of which more is asked than words in a row."""
        super().__init__()
        self._holds_phrase = holds_phrase
        self._holds_tree = holds_tree
        self.text = 0
        """The text under way, counted."""
        self.true = numbers_for(256)
        """The leaves that hold in it."""
        self.true_count = 0
        self.waiting = numbers_for(256)
        """Records of topics or phrases that may hold in it."""
        self.entries = numbers_for(2 * 256)
        """Of each leaf that is a word, the forms that it has there: each the place of the form, and the next entry."""
        self.skipped: set[int] = set()
        """Phrases of which it is not known whether they hold, as that would be too much work for all that want them."""

    def begin(self, scan: Scan) -> None:
        """Take a text under way: note which words and phrases hold."""
        if self.text == _TEXTS_MOST:
            self._forget_texts()
        self.text += 1
        scan.number = text = self.text
        words = scan.words
        pool = scan.forms.pool
        entries = 0
        true = 0
        for local in range(words.present_count):
            at = words.present[local] + 1
            past = at + pool[at - 1]
            if 2 * (entries + past - at) > len(self.entries):
                self.entries = grown(self.entries, 4 * (entries + past - at))
            if true + past - at > len(self.true):
                self.true = grown(self.true, 2 * (true + past - at))
            while at < past:
                leaf = pool[at]
                of = LEAF * leaf
                if self.leaves[of] != text:
                    self.leaves[of] = text
                    self.leaves[of + ENTRY] = -1
                    self.true[true] = leaf
                    true += 1
                self.entries[2 * entries] = local
                self.entries[2 * entries + 1] = self.leaves[of + ENTRY]
                self.leaves[of + ENTRY] = entries
                entries += 1
                at += 1
        self.true_count = true
        if self.skipped:
            self.skipped = set()
        self._hold(ALWAYS)
        for leaf in scan.pairs:
            self._hold(leaf)
        self._find_phrases(scan)

    def _forget_texts(self) -> None:
        self.text = 0
        for leaf in range(self.leaf_count):
            self.leaves[LEAF * leaf] = 0
            for under in (TOPICS, PHRASES):
                node = self.leaves[LEAF * leaf + under]
                while node >= 0:
                    self.code[self.nodes[node] + SEEN] = 0
                    node = self.nodes[node + 2]

    def _hold(self, leaf: int) -> None:
        """Note that a leaf holds that is more than a word."""
        self.leaves[LEAF * leaf] = self.text
        self.leaves[LEAF * leaf + ENTRY] = -1
        self._look_under(leaf)

    def _look_under(self, leaf: int) -> None:
        """Let what waits under a leaf be looked at."""
        if self.true_count == len(self.true):
            self.true = grown(self.true, 2 * self.true_count)
        self.true[self.true_count] = leaf
        self.true_count += 1

    def _find_phrases(self, scan: Scan) -> None:
        for place in range(self.find_waiting(PHRASES)):
            record = self.waiting[place]
            if not self.satisfied(record + RECORD, scan):
                continue
            leaf = self.code[record]
            if self.code[record + VAIN]:
                held = 1 if self.in_a_row(record, scan, 1) else 0
            else:
                held = self._holds_phrase(leaf, scan)
            if held > 0:
                self._hold(leaf)
            elif held < 0:
                self.skipped.add(leaf)
                self._look_under(leaf)

    def find_waiting(self, under: int) -> int:
        """Note the records, each once, of the topics or phrases that wait under what holds; how many.

        Memory gives them all at once where none is asked of before the next is looked for.
        """
        count = 0
        for place in range(self.true_count):
            node = self.leaves[LEAF * self.true[place] + under]
            while node >= 0:
                record = self.nodes[node]
                node = self.nodes[node + 2]
                if self.code[record + SEEN] == self.text:
                    continue
                self.code[record + SEEN] = self.text
                if count == len(self.waiting):
                    self.waiting = grown(self.waiting, 2 * count)
                self.waiting[count] = record
                count += 1
        return count

    def satisfied(self, at: int, scan: Scan) -> bool:
        """Whether the program that begins there holds in the text under way. Raises: OverBudget."""
        number = self.code[at]
        if number >= 0:
            return self.leaves[LEAF * number] == self.text
        if number == TREE:
            return self._holds_tree(self.code[at + 1], scan)
        count = self.code[at + 1]
        may_fail = self.code[at + 2] - count
        past = at + self.code[at + 3]
        at += 4
        while at < past:
            number = self.code[at]
            if number >= 0:
                held = self.leaves[LEAF * number] == self.text
                at += 1
            else:
                held = self.satisfied(at, scan)
                at += 2 if number == TREE else self.code[at + 3]
            if held:
                count -= 1
                if count <= 0:
                    return count == 0
            else:
                may_fail -= 1
                if may_fail < 0:
                    return False
        return count == 0

    def words_of(self, leaf: int, words: Words) -> list[int]:
        """The words of the text under way that are a leaf, ascending."""
        found: list[int] = []
        if self.leaves[LEAF * leaf] != self.text:
            return found
        entry = self.leaves[LEAF * leaf + ENTRY]
        several = entry >= 0 and self.entries[2 * entry + 1] >= 0
        while entry >= 0:
            word = words.firsts[self.entries[2 * entry]]
            while word >= 0:
                found.append(word)
                word = words.nexts[word]
            entry = self.entries[2 * entry + 1]
        if several:
            found.sort()
        return found

    def in_a_row(self, record: int, scan: Scan, most: int) -> list[int]:
        """Where the words of a phrase begin to stand in a row, ascending; no more than `most` of them."""
        found: list[int] = []
        words = scan.words
        begin = record + RECORD + 4
        past = record + self.code[record + LENGTH]
        anchor = self.nodes[self.code[record + NODES] + 1]
        offset = 0
        while self.code[begin + offset] != anchor:
            offset += 1
        for word in self.words_of(anchor, words):
            first = word - offset
            if first < 0 or first + past - begin > words.count:
                continue
            at = begin
            while at < past and scan.is_at(first + at - begin, self.code[at]):
                at += 1
            if at == past:
                found.append(first)
                if len(found) == most:
                    break
        return found
