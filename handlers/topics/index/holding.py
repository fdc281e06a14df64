"""Which leaves hold in the current text, that is, which query words and phrases occur in it, and where the words are.

Plain Python, compiled with the types in holding.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.layout import FIRST_ENTRY, FIRST_PHRASE, FIRST_TOPIC, LAST_TEXT, LEAF_SIZE
from handlers.topics.index.scan import Scan
from handlers.topics.index.waiting import WaitingLists
from handlers.topics.text.words import Words, enlarged, int_array

_MAX_TEXTS = 0x7FFFFFFF
_INITIAL_ROOM = 256


class HoldingLeaves(WaitingLists):
    """The leaves of the current text, for one text after another."""

    def __init__(self) -> None:
        super().__init__()
        self.text = 0
        """The number of the current text. A leaf holds if it has this number."""
        self.holding = int_array(_INITIAL_ROOM)
        """The leaves whose waiting lists are searched: those that hold, and phrases that may hold."""
        self.holding_count = 0
        self.entries = int_array(2 * _INITIAL_ROOM)
        """The forms that contain a leaf, as a linked list for each leaf.

        Two numbers for each entry: the index of the form in `Words.present_forms`, and the next entry or -1.
        """

    def mark_words(self, scan: Scan) -> None:
        """Make a text the current one, and mark the query words that occur in it."""
        if self.text == _MAX_TEXTS:
            self._restart_numbering()
        self.text += 1
        scan.number = text = self.text
        words = scan.words
        pool = scan.forms.pool
        entries = 0
        holding = 0
        for index in range(words.present_count):
            at = words.present_forms[index] + 1
            end = at + pool[at - 1]
            if 2 * (entries + end - at) > len(self.entries):
                self.entries = enlarged(self.entries, 4 * (entries + end - at))
            if holding + end - at > len(self.holding):
                self.holding = enlarged(self.holding, 2 * (holding + end - at))
            while at < end:
                leaf = pool[at]
                offset = LEAF_SIZE * leaf
                if self.leaves[offset] != text:
                    self.leaves[offset] = text
                    self.leaves[offset + FIRST_ENTRY] = -1
                    self.holding[holding] = leaf
                    holding += 1
                self.entries[2 * entries] = index
                self.entries[2 * entries + 1] = self.leaves[offset + FIRST_ENTRY]
                self.leaves[offset + FIRST_ENTRY] = entries
                entries += 1
                at += 1
        self.holding_count = holding

    def _restart_numbering(self) -> None:
        """Number the following texts from 1 again."""
        self.text = 0
        for leaf in range(self.leaf_count):
            self.leaves[LEAF_SIZE * leaf] = 0
            for which in (FIRST_TOPIC, FIRST_PHRASE):
                node = self.leaves[LEAF_SIZE * leaf + which]
                while node >= 0:
                    self.code[self.nodes[node] + LAST_TEXT] = 0
                    node = self.nodes[node + 2]

    def mark(self, leaf: int) -> None:
        """Mark a leaf that holds and is not a single word."""
        self.leaves[LEAF_SIZE * leaf] = self.text
        self.leaves[LEAF_SIZE * leaf + FIRST_ENTRY] = -1
        self.search_list_of(leaf)

    def search_list_of(self, leaf: int) -> None:
        """Include what waits for a leaf in the search for candidates."""
        if self.holding_count == len(self.holding):
            self.holding = enlarged(self.holding, 2 * self.holding_count)
        self.holding[self.holding_count] = leaf
        self.holding_count += 1

    def occurrences(self, leaf: int, words: Words) -> list[int]:
        """Return the words of the current text that match a query word, ascending."""
        found: list[int] = []
        if self.leaves[LEAF_SIZE * leaf] != self.text:
            return found
        entry = self.leaves[LEAF_SIZE * leaf + FIRST_ENTRY]
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
