"""A value for each character, of which the hashes of words are made, and what it is to a word."""

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from handlers.topics.text.letters import BREAK, CODES, KINDS, LETTER

_MODULUS: Final = 1 << 64
_SECRET: Final = hash("words of a text") % _MODULUS
_STEP: Final = 0x9E3779B97F4A7C15

BASE: Final = _SECRET & ~7 | 5
"""What a sum is multiplied by before the next character is added."""


KIND_BITS: Final = 2


def _values() -> NDArray[np.uint64]:
    """By splitmix64, https://doi.org/10.1145/2714064.2660195; the last bits say what kind of character it is."""
    mixed = np.arange(1, CODES + 1, dtype=np.uint64) * np.uint64(_STEP) + np.uint64(_SECRET)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    kinds = np.frombuffer(KINDS, np.uint8).copy()
    kinds[ord(BREAK)] = LETTER
    return (mixed >> np.uint64(KIND_BITS) << np.uint64(KIND_BITS)) | kinds


VALUES: Final = array("Q", _values().tobytes())
"""Of each character below CODES. They differ from process to process."""
LOWER_VALUES: Final = array("Q", (VALUES[code] for code in bytes(range(128)).lower()))
"""Of ASCII: a capital's is that of its lower case."""
