"""What the words of texts of one language stand for, remembered by their hashes: most stand for nothing.

A text's words are looked up together, in a table of the hashes of those that stand for nothing; the few others one by
one. Two words with one hash would be taken for one: a chance of 10**-14 for each word that is met for the first time.
"""

from collections.abc import Callable
from itertools import repeat
from typing import Final

import numpy as np

from handlers.topics.hashing import Words, hash_of
from handlers.topics.inflection import keys_of
from handlers.topics.letters import fold_word
from handlers.topics.tables import Names, Table, add, names_at

FORMS_MOST: Final = 1 << 16
"""Words of one language that are remembered; then all are forgotten, to be worked out again."""
FORM_LONGEST: Final = 64
"""Longer words are worked out each time: nothing that people write."""
NUMBERS_MOST: Final = 1 << 20
_UNMET: Final = -1
_FIRST_BITS: Final = 12
_MOST_BITS: Final = 19
_ROOM: Final = 8
"""Places of the table for each word: few meet at the same place, and those stand among the others."""


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
        self._nothing = np.zeros(1 << self._bits, np.uint64)
        """Hashes of words that stand for nothing, each in the place of its first bits."""
        self._others: dict[int, int] = {}
        """Hash to number: of words that stand for something, and of those whose place was taken."""
        self._outdated: list[str] = []

    @property
    def is_full(self) -> bool:
        return len(self._known) >= FORMS_MOST or len(self.names) >= NUMBERS_MOST - FORMS_MOST

    def find(self, words: Words) -> tuple[list[int], list[int]]:
        """The places in the text, counted in words, of those that stand for something, ascending; and what for.

        A few may stand for 0.
        """
        hashes = words.hashes
        known = self._nothing.take((hashes >> np.uint64(64 - self._bits)).view(np.int64))
        places = (known != hashes).nonzero()[0]
        wanted: list[int] = hashes.take(places).tolist()
        found = list(map(self._others.get, wanted, repeat(_UNMET)))
        if _UNMET in found:
            for at, number in enumerate(found):
                if number == _UNMET:
                    found[at] = self._meet(words.word(places.item(at)), wanted[at])
        if len(self._known) * _ROOM > len(self._nothing) and self._bits < _MOST_BITS:
            self._make_room()
        return places.tolist(), found

    def _meet(self, word: str, hashed: int) -> int:
        """The number of a word whose hash is not at hand."""
        number = self._known.get(word)
        if number is None:
            number = self._learn(word)
        if len(word) <= FORM_LONGEST:
            slot = hashed >> (64 - self._bits)
            if number or self._nothing.item(slot) not in (0, hashed):
                self._others[hashed] = number
            else:
                self._nothing[slot] = hashed
        return number

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
        self._bits = self._bits + 1
        written = self._nothing[self._nothing != 0]
        self._nothing = np.zeros(1 << self._bits, np.uint64)
        self._nothing[(written >> np.uint64(64 - self._bits)).view(np.int64)] = written

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
        hashed = hash_of(word)
        slot = hashed >> (64 - self._bits)
        if self._others.pop(hashed, None) is None and self._nothing.item(slot) == hashed:
            self._nothing[slot] = 0

    def outdate(self, literal: str) -> None:
        """Forget, before the next text, the words that hold some letters when put between two spaces."""
        self._outdated.append(literal)

    def catch_up(self) -> None:
        for literal in self._outdated:
            for word in [word for word in self._known if literal in f" {fold_word(word)} "]:
                self._forget(word)
        self._outdated.clear()
