"""Whether two headlines are the same, apart from counters, punctuation and corrections."""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

from handlers.stories.counters import without_counters

_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = re.compile(r"\d+")
_CLOSE: Final = 0.9
"""Share of equal letters from which two headlines differ by a correction only."""
_CORRECTED_WORD: Final = 0.7
"""The same for a word and the one in its place."""


def is_same_headline(one: str, other: str) -> bool:
    """Return whether two headlines have the same words. Counters, punctuation and spaces do not count, case does."""
    return one == other or _letters(without_counters(one)) == _letters(without_counters(other))


def is_close_headline(one: str, other: str) -> bool:
    """Return whether two headlines are the same apart from case, counters and a correction of a few letters."""
    ours, theirs = (_letters(without_counters(title)).casefold() for title in (one, other))
    if ours == theirs:
        return True
    if not ours or not theirs or _DIGITS.findall(ours) != _DIGITS.findall(theirs):
        return False
    return _likeness(ours, theirs) >= _CLOSE and not _has_other_word(one.casefold(), other.casefold())


def _has_other_word(one: str, other: str) -> bool:
    """Return whether a word was replaced by another word rather than corrected."""
    ours, theirs = (_WORD.findall(without_counters(title)) for title in (one, other))
    return any(
        len(ours[begin:end]) == len(theirs[first:last]) == 1 and _likeness(ours[begin], theirs[first]) < _CORRECTED_WORD
        for kind, begin, end, first, last in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        if kind == "replace"
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
