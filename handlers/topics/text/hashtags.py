"""Hashtags in camel case, such as #HuaweiBan: their parts, and the positions of the words of a text that has some.

The parts are further words of the text, after all others, so the hashtag is still found as one word.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from handlers.topics.text.letters import ACRONYM_DOT, MARK, UNSPACED, WORD

Part = tuple[int, int]
"""The start and end (exclusive) of a part in its text."""
Parts = tuple[Part, ...]
"""The parts of one word of a hashtag in order: two or more."""

_MAX_LENGTH: Final = 140
"""Characters of a word that is split. Nobody writes longer hashtags."""
_MAX_PARTS: Final = 16
"""Parts of a word that is split. This limits the memory for the spans of words."""
_RUN: Final = re.compile(rf"[{WORD}{UNSPACED}{MARK}_]*")
"""What follows the sign of a hashtag, as published."""
_WORD: Final = re.compile(rf"[{WORD}][{WORD}{MARK}]*")
_MARK: Final = re.compile(f"[{MARK}]")
_NOT_BEFORE: Final = re.compile(rf"[{WORD}{MARK}_&/=?]")
"""Before the sign, these belong to an address, to a name such as C#, or to a character reference of HTML."""
_PART: Final = re.compile(
    "^lU(?:U*(?![ls])|[ls]+)"  # iOS, iPhone
    "|UU+s(?![ls])"  # GPUs
    "|9+U+(?![ls])"  # 5G
    "|U+(?![ls])(?:9++(?!U(?![ls])))?"  # EU, G20
    "|U?[ls]+"
    "|9+"
    "|o+"
    "|U"
)
"""A part, as the kinds of its characters."""


def hashtag_parts(prepared: str, text: str) -> tuple[Parts, ...]:
    """Return the parts of each word in camel case in the hashtags of a text, in order.

    `prepared` is the result of `words.prepare`, in which the underscores of the text are missing.
    """
    found: list[Parts] = []
    at = prepared.find("#")
    while at >= 0:
        run = _RUN.match(text, at + 1)
        end = run.end() if run else at + 1
        if end > at + 2 and not _NOT_BEFORE.match(prepared[at - 1 : at]):
            for word in _WORD.finditer(prepared, at + 1, end):
                # A word that continues after the hashtag, as in #5.000, is not the one that is split.
                if prepared[word.end() : word.end() + 1] not in ("_", ACRONYM_DOT):
                    by = word.start()
                    if parts := _parts_of(word[0]):
                        found.append(tuple((start + by, end + by) for start, end in parts))
        at = prepared.find("#", max(end, at + 1))
    return tuple(found)


@lru_cache(maxsize=4096)
def _parts_of(word: str) -> Parts:
    """Return the parts of a word, or nothing if it is not in camel case."""
    if len(word) > _MAX_LENGTH or word == word.lower():
        return ()
    letters = [index for index, char in enumerate(word) if char.isascii() or not _MARK.match(char)]
    kinds = "".join(_kind(word[index]) for index in letters)
    edges = [*letters, len(word)]
    parts = tuple((edges[part.start()], edges[part.end()]) for part in _PART.finditer(kinds))
    return parts if 1 < len(parts) <= _MAX_PARTS else ()


def _kind(char: str) -> str:
    """Return U for a capital, l or s for a small letter, 9 for a digit, and o for any other character."""
    if char.isupper():
        return "U"
    if char.islower():
        return "s" if char == "s" else "l"
    return "9" if char.isdecimal() else "o"


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """The positions of the words of a text with hashtags, for NEAR and OUTSIDE.

    Each part of a hashtag takes a position, and the hashtag as one word takes those of all its parts.
    """

    firsts: list[int]
    """By word: its first position."""
    ends: list[int]
    """By word: the position after its last."""
    words: list[int]
    """By position: the word or, in a hashtag, the part."""
    hashtags: list[tuple[int, int]]
    """The first position of each word that has parts, and the position after its last, ascending."""
    body_at: int
    """The position after the break."""


def positions_of(starts: Sequence[int], groups: Sequence[Parts], *, break_word: int = -1, gap: int = 0) -> Positions:
    """Return the positions of words. `starts` are where they start, without the parts, which are numbered after them.

    `break_word` is a word that is followed by `gap` unused positions. If there is one, the parts of two hashtags have
    another break between them, which has no position.
    """
    sizes = {bisect_left(starts, parts[0][0]): len(parts) for parts in groups}
    if break_word >= 0:
        sizes[break_word] = 1 + gap
    firsts: list[int] = []
    ends: list[int] = []
    words: list[int] = []
    hashtags: list[tuple[int, int]] = []
    for word, size in [*sorted(sizes.items()), (len(starts), 0)]:
        first, end = len(words), len(words) + word - len(firsts)
        words += range(len(firsts), word)
        firsts += range(first, end)
        ends += range(first + 1, end + 1)
        if size:
            words += [word] * size
            firsts.append(end)
            ends.append(end + size)
            if word != break_word:
                hashtags.append((end, end + size))
    body_at = ends[break_word] if break_word >= 0 else 0
    for first, end in hashtags:
        for position in range(first, end):
            words[position] = len(firsts)
            firsts.append(position)
            ends.append(position + 1)
        if break_word >= 0:
            firsts.append(first)
            ends.append(first)
    return Positions(firsts=firsts, ends=ends, words=words, hashtags=hashtags, body_at=body_at)
