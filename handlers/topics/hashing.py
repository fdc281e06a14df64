"""The words of a text and a hash of each, worked out for all of them at once: a few passes of numpy over the text.

A word's hash is a polynomial over its characters (Karp and Rabin 1987, https://doi.org/10.1147/rd.312.0249), modulo
2**64: each character's value is multiplied by a power that grows along the text; what is summed up before the word is
taken from what is summed up to its end, and the power of its first character divided out, which an odd base allows.
Base and values differ from process to process, as Python's own hashes do: nobody can make up a word that would be taken
for another.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handlers.topics.letters import KINDS, LETTER, UNSPACED_LETTER
from handlers.topics.text import BREAK

_MODULUS: Final = 1 << 64
_SECRET: Final = hash("words of a text") % _MODULUS
_BASE: Final = _SECRET & ~7 | 5
_STEP: Final = 0x9E3779B97F4A7C15
_POWERS_KEPT: Final = 1 << 14
"""Characters of a text for which powers are at hand; for a longer one they are worked out."""

_kinds: Final = np.frombuffer(KINDS, np.uint8).copy()
_kinds[ord(BREAK)] = LETTER


def _values() -> NDArray[np.uint64]:
    """A value for each character, 0 for what parts words. By splitmix64, https://doi.org/10.1145/2714064.2660195."""
    mixed = np.arange(1, len(_kinds) + 1, dtype=np.uint64) * np.uint64(_STEP) + np.uint64(_SECRET)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    mixed |= np.uint64(1)
    mixed[_kinds == 0] = 0
    return mixed


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    powers: NDArray[np.uint64] = np.full(count, base, np.uint64)
    return np.multiply.accumulate(powers)


_VALUES: Final = _values()
_VALUES_IN_ASCII: Final = _VALUES.take(np.frombuffer(bytes(range(128)).lower(), np.uint8))
"""A capital's is that of its lower case."""
_INVERSE: Final = pow(_BASE, -1, _MODULUS)
_POWERS: Final = _powers(_BASE, _POWERS_KEPT)
_INVERSES: Final = _powers(_INVERSE, _POWERS_KEPT)


class Words(NamedTuple):
    """The words of a text, in order."""

    text: str
    """As prepared: what the places are of."""
    edges: NDArray[np.int64]
    """Where each word begins and ends, in turn."""
    hashes: NDArray[np.uint64]

    def word(self, index: int) -> str:
        """In lower case where all of the text is ASCII, else as written."""
        word = self.text[self.edges.item(2 * index) : self.edges.item(2 * index + 1)]
        return word.lower() if self.text.isascii() else word


def words_of(prepared: str) -> Words | None:
    """The words of a prepared text that begins and ends with a space. None where words are not what stands between
    other characters: in scripts without spaces, beyond U+FFFF, with a mark where no letter is before it."""
    if prepared.isascii():
        values = _VALUES_IN_ASCII.take(np.frombuffer(prepared.encode(), np.uint8))
        before = _before_edges(values)
    else:
        codes = np.frombuffer(prepared.encode("utf-32-le", "surrogatepass"), np.uint32)
        if codes.max() >= len(_kinds):
            return None
        kinds = _kinds.take(codes)
        if (kinds == UNSPACED_LETTER).any():
            return None
        values = _VALUES.take(codes)
        before = _before_edges(values)
        if (kinds.take(before[::2] + 1) != LETTER).any():
            return None
    size = len(prepared)
    powers, inverses = _POWERS, _INVERSES
    if size > _POWERS_KEPT:
        powers, inverses = _powers(_BASE, size), _powers(_INVERSE, size)
    values *= powers[:size]
    np.add.accumulate(values, out=values)
    sums = values.take(before)
    hashes = sums[1::2] - sums[::2]
    before += 1
    hashes *= inverses.take(before[::2])
    return Words(prepared, before, hashes)


def _before_edges(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The last place before each word, and the last of it, in turn."""
    inside = values != 0
    before: NDArray[np.int64] = (inside[1:] != inside[:-1]).nonzero()[0]
    return before


def hash_of(word: str) -> int:
    """The hash of one word as `words_of` finds it in a text; 0 for one that it never does."""
    total = 0
    for char in reversed(word):
        if ord(char) >= len(_kinds):
            return 0
        total = (total + _VALUES.item(ord(char))) * _BASE % _MODULUS
    return total * _INVERSE % _MODULUS
