"""Traditional and Simplified Chinese characters, which are compared as one, by OpenCC's table."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import product
from typing import Final

import opencc

MAX_SPELLINGS: Final = 8
"""Spellings of a phrase that are searched for at once. No character has more than 6.

PostgreSQL refuses a search of about 15,000 terms ("stack depth limit exceeded"); a query has at most 1,000 phrases.
"""


def _read_rows() -> Iterator[tuple[str, list[str]]]:
    """Yield each Traditional character with the characters that OpenCC writes for it."""
    table = files(opencc) / "dictionary" / "TSCharacters.txt"
    for row in table.read_text("utf-8").splitlines():
        traditional, _, simplified = row.partition("\t")
        yield traditional, simplified.split(" ")


def _read_folding() -> dict[str, str]:
    """Return, by character, the one that stands for it in comparisons.

    Some characters have several Simplified forms: 畫 is 画 or 划, depending on the word. All are compared as one.
    """
    folding: dict[str, str] = {}

    def representative(char: str) -> str:
        while char in folding:
            char = folding[char]
        return char

    for traditional, simplified in _read_rows():
        first = representative(next((char for char in simplified if char != traditional), traditional))
        for char in (traditional, *simplified):
            other = representative(char)
            if other != first:
                folding[other] = first
    return {char: representative(char) for char in folding}


_FOLDING: Final = _read_folding()

CHINESE_FOLDING: Final = str.maketrans(_FOLDING)
"""By code point: the character that stands for it, for `str.translate`. One character always becomes one."""


def _read_written() -> dict[str, tuple[str, ...]]:
    written: dict[str, tuple[str, ...]] = {}
    for char, folded in _FOLDING.items():
        written[folded] = (*written.get(folded, (folded,)), char)
    return written


_WRITTEN: Final = _read_written()
"""By folded character: all characters that fold to it, itself first."""


def spellings(tokens: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the ways to write adjacent folded tokens in Traditional and Simplified characters, the tokens first.

    If there are more than `MAX_SPELLINGS`, the result is those of the longest part of the tokens that has few enough.
    """
    ways = [tuple(map("".join, product(*(_WRITTEN.get(char, (char,)) for char in token)))) for token in tokens]
    first = end = start = 0
    count = 1
    for at, ways_of_token in enumerate(ways, start=1):
        count *= len(ways_of_token)
        while count > MAX_SPELLINGS:
            count //= len(ways[start])
            start += 1
        if at - start > end - first:
            first, end = start, at
    return tuple(product(*ways[first:end]))
