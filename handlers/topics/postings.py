"""Which topics a text satisfies, and by which of its words: of all topics at once, as numbers.

Plain Python; compiled where it was installed with a compiler, by the types in postings.pxd.
"""

from collections.abc import Callable

from handlers.topics.layout import (
    ALWAYS,
    ANCHORS,
    ENTRY,
    ID_BITS,
    JOINED,
    LEAF,
    LENGTH,
    MORE,
    NODES,
    PHRASE,
    PHRASES,
    RECORD,
    SEEN,
    TOPICS,
    TREE,
    VAIN,
)
from handlers.topics.scan import Scan, Told
from handlers.topics.waiting import Waiting
from handlers.topics.words import Words, grown, numbers_for

VAIN_MOST = 8
"""How often a topic is looked at for nothing before it is moved, which costs about as much."""
_TEXTS_MOST = 0x7FFFFFFF

Ask = Callable[[int, Scan], bool]
"""Whether a phrase or a tree, by its number, holds in an article."""
PlacesOf = Callable[[int, Scan], list[list[int]]]
"""Where each part of a tree, by its number, is found in an article that satisfies it."""


class Postings(Waiting):
    """For one thread at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.text = 0
        """The text under way, counted."""
        self._true = numbers_for(256)
        """The leaves that hold in it."""
        self._true_count = 0
        self._entries = numbers_for(2 * 256)
        """Of each leaf that is a word, the forms that it has there: each the place of the form, and the next entry."""
        self._reasons = numbers_for(64)
        """Of the topic under way, what makes it true."""
        self._reason_count = 0

    def begin(self, scan: Scan, pairs: list[int], holds_phrase: Ask) -> None:
        """Take a text under way: note which words and phrases hold.

        `pairs`: of its neighbours, those that are leaves. `holds_phrase` tells where words in a row are not enough.
        """
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
            if 2 * (entries + past - at) > len(self._entries):
                self._entries = grown(self._entries, 4 * (entries + past - at))
            if true + past - at > len(self._true):
                self._true = grown(self._true, 2 * (true + past - at))
            while at < past:
                leaf = pool[at]
                of = LEAF * leaf
                if self.leaves[of] != text:
                    self.leaves[of] = text
                    self.leaves[of + ENTRY] = -1
                    self._true[true] = leaf
                    true += 1
                self._entries[2 * entries] = local
                self._entries[2 * entries + 1] = self.leaves[of + ENTRY]
                self.leaves[of + ENTRY] = entries
                entries += 1
                at += 1
        self._true_count = true
        self._hold(ALWAYS)
        for leaf in pairs:
            self._hold(leaf)
        self._find_phrases(scan, holds_phrase)

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
        if self._true_count == len(self._true):
            self._true = grown(self._true, 2 * self._true_count)
        self._true[self._true_count] = leaf
        self._true_count += 1

    def _find_phrases(self, scan: Scan, holds_phrase: Ask) -> None:
        place = 0
        while place < self._true_count:
            node = self.leaves[LEAF * self._true[place] + PHRASES]
            place += 1
            while node >= 0:
                record = self.nodes[node]
                node = self.nodes[node + 2]
                if self.code[record + SEEN] == self.text:
                    continue
                self.code[record + SEEN] = self.text
                if not self.satisfied(record + RECORD, scan, holds_phrase):
                    continue
                leaf = self.code[record]
                if self._in_a_row(record, scan, 1) if self.code[record + VAIN] else holds_phrase(leaf, scan):
                    self._hold(leaf)

    def find(self, scan: Scan, holds_tree: Ask) -> list[int]:
        """The topics that the text under way satisfies, ascending."""
        found: list[int] = []
        failed: list[int] = []
        for place in range(self._true_count):
            node = self.leaves[LEAF * self._true[place] + TOPICS]
            while node >= 0:
                record = self.nodes[node]
                node = self.nodes[node + 2]
                if self.code[record + SEEN] == self.text:
                    continue
                self.code[record + SEEN] = self.text
                if self.code[record + ANCHORS] == RECORD or self.satisfied(record + RECORD, scan, holds_tree):
                    topic: int = self.code[record + MORE]
                    found.append(topic << ID_BITS | self.code[record])
                else:
                    self.code[record + VAIN] += 1
                    if self.code[record + VAIN] >= VAIN_MOST:
                        self.code[record + VAIN] = 0
                        failed.append(record)
        for record in failed:
            self._move(record)
        found.sort()
        return found

    def satisfied(self, at: int, scan: Scan, holds_tree: Ask) -> bool:
        """Whether the program that begins there holds in the text under way."""
        number = self.code[at]
        if number >= 0:
            return self.leaves[LEAF * number] == self.text
        if number == TREE:
            return holds_tree(self.code[at + 1], scan)
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
                held = self.satisfied(at, scan, holds_tree)
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

    def tell(self, record: int, scan: Scan, holds_tree: Ask, places_of_tree: PlacesOf) -> Told:
        """The evidence for a topic that the text under way satisfies, and its score."""
        self._reason_count = 0
        self._explain(record + RECORD, scan, holds_tree)
        count = self._reason_count
        if count == 1 and self._reasons[0] >= 0:
            told = scan.told_of.get(self._reasons[0])
            if told is not None:
                return told
        scan.begin_sum()
        for place in range(count):
            reason = self._reasons[place]
            if reason >= 0:
                self._add_leaf(reason, scan)
            else:
                for places in places_of_tree(-1 - reason, scan):
                    scan.add_all(places)
                    scan.end_part()
        told = scan.summed_up()
        if count == 1 and self._reasons[0] >= 0:
            scan.told_of[self._reasons[0]] = told
        return told

    def _explain(self, at: int, scan: Scan, holds_tree: Ask) -> None:
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
                    if self.satisfied(at, scan, holds_tree):
                        self._explain(at, scan, holds_tree)
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
                word = words.firsts[self._entries[2 * entry]]
                while word >= 0:
                    scan.add(word, word)
                    word = words.nexts[word]
                entry = self._entries[2 * entry + 1]
        elif self.code[record + VAIN]:
            length = self.code[record + LENGTH] - RECORD - 4
            for first in self._in_a_row(record, scan, scan.words.count):
                scan.add(first, first + length - 1)
        else:
            scan.add_all(scan.noted[leaf])
        scan.end_part()

    def _words_of(self, leaf: int, words: Words) -> list[int]:
        """The words of the text under way that are a leaf, ascending."""
        found: list[int] = []
        if self.leaves[LEAF * leaf] != self.text:
            return found
        entry = self.leaves[LEAF * leaf + ENTRY]
        several = entry >= 0 and self._entries[2 * entry + 1] >= 0
        while entry >= 0:
            word = words.firsts[self._entries[2 * entry]]
            while word >= 0:
                found.append(word)
                word = words.nexts[word]
            entry = self._entries[2 * entry + 1]
        if several:
            found.sort()
        return found

    def _in_a_row(self, record: int, scan: Scan, most: int) -> list[int]:
        """Where the words of a phrase begin to stand in a row, ascending; no more than `most` of them."""
        found: list[int] = []
        words = scan.words
        begin = record + RECORD + 4
        past = record + self.code[record + LENGTH]
        anchor = self.nodes[self.code[record + NODES] + 1]
        offset = 0
        while self.code[begin + offset] != anchor:
            offset += 1
        for word in self._words_of(anchor, words):
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
