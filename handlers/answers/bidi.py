"""Isolates names from outside whose letters run from right to left, so that the line around them keeps its order."""

import unicodedata
from typing import Final

_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
_CONTROLS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Controls of direction. Inside a name, one could end the isolation: https://www.unicode.org/reports/tr9/"""


def isolated(name: str) -> str:
    """Return the name for use in a line of other text: isolated if it has letters that run from right to left.

    Controls of direction in it are removed.
    """
    name = name.translate(_CONTROLS)
    if any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in name):
        return f"{_FIRST_STRONG_ISOLATE}{name}{_POP_ISOLATE}"
    return name
