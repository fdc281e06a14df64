"""Secret values of characters from which `words.py` computes the hashes of words."""

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from handlers.topics.text.letters import BREAK, CODE_LIMIT, KINDS, LETTER

_MODULUS: Final = 1 << 64
_SECRET: Final = hash("words of a text") % _MODULUS
_INCREMENT: Final = 0x9E3779B97F4A7C15

BASE: Final = _SECRET & ~7 | 5
"""The base of the polynomial."""
KIND_BITS: Final = 2
"""The lowest bits of a value: the character's kind, from `letters.KINDS`."""


def _values() -> NDArray[np.uint64]:
    """Return a value for each code point, generated with splitmix64 (https://doi.org/10.1145/2714064.2660195)."""
    values = np.arange(1, CODE_LIMIT + 1, dtype=np.uint64) * np.uint64(_INCREMENT) + np.uint64(_SECRET)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    values ^= values >> np.uint64(31)
    kinds = np.frombuffer(KINDS, np.uint8).copy()
    kinds[ord(BREAK)] = LETTER
    return (values >> np.uint64(KIND_BITS) << np.uint64(KIND_BITS)) | kinds


VALUES: Final = array("Q", _values().tobytes())
"""By code point. Each process has other values, because Python's string hash is randomized."""
LOWER_VALUES: Final = array("Q", (VALUES[code] for code in bytes(range(128)).lower()))
"""For ASCII, with the value of the lower-case letter for each capital."""
