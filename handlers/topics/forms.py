"""What the words of texts of one language stand for, remembered by their hashes: most stand for nothing.

A text's words are looked up together, in one table of numbers that holds hash and answer in one. Two words whose hashes
are alike in their first 44 bits would be taken for one: one in 10**13 for each word that is met for the first time.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from handlers.topics.hashing import Words, hash_of
from handlers.topics.inflection import keys_of
from handlers.topics.letters import fold_word
from handlers.topics.tables import Names, Table, add, names_at

FORMS_MOST: Final = 1 << 16
"""Words of one language that are remembered; then all are forgotten, to be worked out again."""
FORM_LONGEST: Final = 64
"""Longer words are worked out each time: nothing that people write."""
_NUMBER_BITS: Final = 20
_NUMBERS: Final = (1 << _NUMBER_BITS) - 1
_TAG: Final = ((1 << 64) - 1) ^ _NUMBERS
_FIRST_BITS: Final = 12
_MOST_BITS: Final = 19
_ROOM: Final = 8
"""Places of the table for each word: few meet at the same place, and those are looked up one by one."""


class Forms:
    """Each word is worked out when first met. What it stands for is a number, the place of the names in `names`."""

    def __init__(
        self, names_of: Callable[[str, Names, str], Names], is_awake: Callable[[str], bool], language: str
    ) -> None:
        """`names_of`: what a word stands for by its fold and its keys in a language. `is_awake`: whether anything waits
        for a name to be met, as against being asked for only when something else was."""
        self.names: list[Names] = [()]
        """0: nothing. Only ever added to."""
        self.awake: list[Names] = [()]
        """Of each number, the names that are awake."""
        self.numbers_of: dict[str, list[int]] = {}
        """Name to the numbers that hold it."""
        self._names_of = names_of
        self._is_awake = is_awake
        self._language = language
        self._numbers: dict[Names, int] = {(): 0}
        self._known: dict[str, int] = {}
        self._by_key: Table = {}
        """Key to words that have it, other than the word that is the key itself."""
        self._bits = _FIRST_BITS
        self._table: NDArray[np.uint64]
        self._spare: NDArray[np.uint64]
        self._table, self._spare = np.zeros((2, 1 << self._bits), np.uint64)
        """By the first bits of the hash; where that place is taken, by others."""
        self._outdated: list[str] = []

    @property
    def is_full(self) -> bool:
        return len(self._known) >= FORMS_MOST or len(self.names) >= _NUMBERS - FORMS_MOST

    def find(self, words: Words) -> tuple[list[int], list[int]]:
        """The places in the text, counted in words, of those that stand for something, ascending; and what for.

        A few may stand for 0.
        """
        tags = words.hashes & np.uint64(_TAG)
        told = self._table.take((tags >> np.uint64(64 - self._bits)).view(np.int64))
        told ^= tags
        places = told.nonzero()[0]
        tags = tags.take(places)
        spare = self._spare.take(self._spare_slots(tags))
        spare ^= tags
        met = np.minimum(told.take(places), spare)  # what is no answer is greater
        some = met.nonzero()[0]
        places, met, tags = places.take(some), met.take(some), tags.take(some)
        found: list[int] = met.tolist()
        unmet: list[int] = (met > _NUMBERS).nonzero()[0].tolist()
        for at in unmet:
            word = words.word(places.item(at))
            number = self._known.get(word)
            if number is None:
                number = self._learn(word)
            found[at] = number
            if len(word) <= FORM_LONGEST:
                self._write(tags.item(at), number)
        if len(self._known) * _ROOM > len(self._table) and self._bits < _MOST_BITS:
            self._make_room()
        return places.tolist(), found

    def _spare_slots(self, tags: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((tags >> np.uint64(_NUMBER_BITS)) & np.uint64((1 << self._bits) - 1)).view(np.int64)

    def _slots(self, tag: int) -> tuple[int, int]:
        return tag >> (64 - self._bits), (tag >> _NUMBER_BITS) & ((1 << self._bits) - 1)

    def _write(self, tag: int, number: int) -> None:
        slot, spare = self._slots(tag)
        if self._table[slot]:
            self._spare[spare] = tag | number
        else:
            self._table[slot] = tag | number

    def find_each(self, words: list[str]) -> tuple[list[int], list[int]]:
        """The same, of words one by one."""
        known = self._known
        numbers = {word: known[word] if word in known else self._learn(word) for word in set(words)}
        found = [(place, number) for place, word in enumerate(words) if (number := numbers[word])]
        return [place for place, _ in found], [number for _, number in found]

    def _learn(self, word: str) -> int:
        folded = fold_word(word)
        keys = keys_of(word, folded, self._language)
        names = self._names_of(folded, keys, self._language) if folded else ()
        number = self._numbers.setdefault(names, len(self.names))
        if number == len(self.names):
            self.names.append(names)
            self.awake.append(tuple(filter(self._is_awake, names)))
            for name in names:
                self.numbers_of.setdefault(name, []).append(number)
        if len(word) <= FORM_LONGEST:
            self._known[word] = number
            for key in (folded, *keys):
                if key != word and word not in names_at(self._by_key, key):
                    add(self._by_key, key, word)
        return number

    def _make_room(self) -> None:
        self._bits = min(self._bits + 2, _MOST_BITS)
        written, spared = self._table[self._table != 0], self._spare[self._spare != 0]
        self._table, self._spare = np.zeros((2, 1 << self._bits), np.uint64)
        self._table[(written >> np.uint64(64 - self._bits)).view(np.int64)] = written
        self._spare[self._spare_slots(spared)] = spared

    def wake_or_rest(self, name: str) -> None:
        """A name may have become awake, or may no longer be."""
        for number in self.numbers_of.get(name, ()):
            self.awake[number] = tuple(filter(self._is_awake, self.names[number]))

    def forget(self, key: str) -> None:
        """Work out anew, when they are met again, the words that a key belongs to."""
        for word in (key, *names_at(self._by_key, key)):
            self._forget(word)
        self._by_key.pop(key, None)

    def _forget(self, word: str) -> None:
        if self._known.pop(word, None) is None:
            return
        tag = hash_of(word) & _TAG
        for table, slot in zip((self._table, self._spare), self._slots(tag), strict=True):
            if table.item(slot) & _TAG == tag:
                table[slot] = 0

    def outdate(self, literal: str) -> None:
        """Forget, before the next text, the words that hold some letters when put between two spaces."""
        self._outdated.append(literal)

    def catch_up(self) -> None:
        for literal in self._outdated:
            for word in [word for word in self._known if literal in f" {fold_word(word)} "]:
                self._forget(word)
        self._outdated.clear()
