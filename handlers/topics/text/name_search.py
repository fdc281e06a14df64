"""Finds names by what a person types: without case and accents, by words in any order, and with typos. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from handlers.topics.text.letters import fold_word

_WORD: Final = re.compile(r"[^\W_]+")
_ONE_TYPO, _TWO_TYPOS = 4, 8
"""The lengths from which a typed word may differ by one and by two letters."""


class Closeness(IntEnum):
    """How well a name fits what was typed; a lower value is better."""

    SAME = 0
    BEGINS = 1
    WORDS_BEGIN = 2  # each typed word begins a word of the name, in any order
    CONTAINS = 3
    TYPOS = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, prepared for comparisons."""

    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


def read_typed(text: str) -> Typed:
    return Typed(_normalized(text))


def closeness(typed: Typed, name: str) -> Closeness | None:
    """Return how well the name fits without typos; None if it does not. Everything begins with an empty text."""
    words = _normalized(name)
    text = " ".join(words)
    if text == typed.text:
        return Closeness.SAME
    if text.startswith(typed.text):
        return Closeness.BEGINS
    if all(any(word.startswith(part) for word in words) for part in typed.words):
        return Closeness.WORDS_BEGIN
    return Closeness.CONTAINS if all(part in text for part in typed.words) else None


def has_typos(typed: Typed, name: str) -> bool:
    """Return whether the name fits if some letters of the longer typed words are wrong, missing or swapped."""
    words = _normalized(name)
    return bool(typed.words) and all(any(_begins_nearly(part, word) for word in words) for part in typed.words)


def ranked(typed: Typed, names: Sequence[Sequence[str]]) -> list[tuple[Closeness, int, int]]:
    """Return (closeness, index, index of the best form) of the names that fit. Each name is a sequence of its forms.

    The names keep their order. Typos are looked for only if nothing fits without them.
    """
    found: list[tuple[Closeness, int, int]] = []
    for index, forms in enumerate(names):
        best: tuple[Closeness, int, int] | None = None
        for place, form in enumerate(forms):
            close = closeness(typed, form)
            if close is not None and (best is None or close < best[0]):
                best = close, index, place
        if best is not None:
            found.append(best)
    if found:
        return found
    for index, forms in enumerate(names):
        near = next((place for place, form in enumerate(forms) if has_typos(typed, form)), None)
        if near is not None:
            found.append((Closeness.TYPOS, index, near))
    return found


def _normalized(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(fold_word, _WORD.findall(text))))


def _begins_nearly(part: str, word: str) -> bool:
    """Return whether the word, or a beginning of it, differs from the typed part by an allowed number of typos."""
    if word.startswith(part):
        return True
    allowed = (len(part) >= _ONE_TYPO) + (len(part) >= _TWO_TYPOS)
    if not allowed or len(word) < len(part) - allowed or part[0] not in word[:2]:
        return False
    return _distance_to_beginning(part, word[: len(part) + allowed]) <= allowed


def _distance_to_beginning(part: str, word: str) -> int:
    """Return the smallest edit distance from the part to a beginning of the word; a swap of neighbours counts as one.

    https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance#Optimal_string_alignment_distance
    """
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, typed in enumerate(part, 1):
        older, before, row = before, row, [i]
        for j, letter in enumerate(word, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (typed != letter))
            if i > 1 and j > 1 and typed == word[j - 2] and part[i - 2] == letter:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return min(row)
