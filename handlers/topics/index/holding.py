"""Which leaves hold in the current text, that is, which query words and phrases occur in it, and where the words are.

Plain Python, compiled with the types in holding.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.layout import (
    FIRST_ENTRY,
    FIRST_PHRASE,
    FIRST_TOPIC,
    ID_MASK,
    LAST_TEXT,
    LEAF_SIZE,
    PAIR,
    PHRASE_RECORD,
)
from handlers.topics.index.pair_table import FILTER_BITS, MULTIPLIER, PairTable
from handlers.topics.index.scan import Scan
from handlers.topics.index.waiting import WaitingLists
from handlers.topics.text.words import enlarged, int_array

_MAX_TEXTS = 0x7FFFFFFF
_MASK = 0xFFFFFFFFFFFFFFFF
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
        """Where a leaf occurs, as a linked list for each leaf.

        Two numbers for each entry: the index in `Words.present_forms` of a form that contains the leaf, or the first
        word of a pair; and the next entry or -1.
        """
        self._entry_count = 0
        self._pairs = PairTable()

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
        self._entry_count = entries

    def mark_pairs(self, scan: Scan) -> None:
        """Mark the pairs of query words that are adjacent in the current text, within a sentence."""
        words = scan.words
        pool = scan.forms.pool
        filter_bits = self._pairs.filter
        shift = 64 - self._pairs.bits - FILTER_BITS
        for word in range(words.count - 1):
            form = words.forms[word]
            next_form = words.forms[word + 1]
            if not form or not next_form:
                continue
            end = form + 1 + pool[form]
            next_end = next_form + 1 + pool[next_form]
            for at in range(form + 1, end):
                first = pool[at]
                for next_at in range(next_form + 1, next_end):
                    key = first << 32 | pool[next_at]
                    bit = (key * MULTIPLIER & _MASK) >> shift
                    if filter_bits[bit >> 6] >> (bit & 63) & 1:
                        self._mark_if_pair(key, word, scan)

    def _mark_if_pair(self, key: int, word: int, scan: Scan) -> None:
        """Mark the leaves of a pair that occurs at a word, if any topic asks for the pair."""
        both = self._pairs.find(key)
        if both and scan.is_in_one_sentence(word, word + 1):
            leaf = both & ID_MASK
            if leaf:
                self._mark_pair(leaf, word)
            leaf = both >> 32
            if leaf and scan.is_tight(word):
                self._mark_pair(leaf, word)

    def _mark_pair(self, leaf: int, word: int) -> None:
        """Mark a pair that occurs at a word."""
        offset = LEAF_SIZE * leaf
        if self.leaves[offset] != self.text:
            self.leaves[offset] = self.text
            self.leaves[offset + FIRST_ENTRY] = -1
            self.search_list_of(leaf)
        if 2 * self._entry_count + 2 > len(self.entries):
            self.entries = enlarged(self.entries, 4 * self._entry_count + 2)
        self.entries[2 * self._entry_count] = word
        self.entries[2 * self._entry_count + 1] = self.leaves[offset + FIRST_ENTRY]
        self.leaves[offset + FIRST_ENTRY] = self._entry_count
        self._entry_count += 1

    def add_pair(self, leaf: int, first: int, second: int, *, tight: bool) -> None:
        """Add a pair of query words, which may not be in the table yet."""
        self.leaves[LEAF_SIZE * leaf + PHRASE_RECORD] = PAIR
        self._pairs.put(first, second, tight, leaf)

    def remove_pair(self, first: int, second: int, *, tight: bool) -> None:
        self._pairs.remove(first, second, tight)

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
