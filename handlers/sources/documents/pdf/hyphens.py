"""Joins words that the end of a printed line divides, and keeps the hyphens of compounds."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from handlers.sources.documents.pdf.compounds import is_compound

_FIRST: Final = re.compile(r"(?P<word>[^\W_]+(?:[-‐‑'’][^\W_]+)*)[-\u2010\u00ad]$")
_SECOND: Final = re.compile(r"[^\W_]+")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+$")
_ABBREVIATION: Final = re.compile(r"(?:[A-ZÀ-ÞА-ЯЁ]{2,}|.*\d)$")
_SUSPENDED: Final = frozenset(
    "und oder bzw sowie bis and or to nor et ou y o e u i и или och eller en of og til og ja tai".split()
)
"""Words after a hyphen that means a part of the word that comes later, as in "Ein- und Ausfuhr"."""


_HANGUL: Final = re.compile("[\uac00-\ud7af]")
_MARKS: Final = ".,;:!?)»”’"
_FEWEST_HANGUL: Final = 3
_PARTICLES: Final = frozenset("은는을를의와과")
"""Syllables that mostly end a word of Korean, if at least so many are before a line's end."""


class Hyphens:
    """Decides by the other words of a document whether a hyphen at a line's end belongs to the word."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._whole_hangul: set[str] = set()
        """Words of Korean inside lines. Those at the ends may be parts of words."""
        for line in lines:
            if _HANGUL.search(line):
                self._whole_hangul.update(word.rstrip(_MARKS) for word in line.split()[1:-1])
            words = _WORDS.findall(line.casefold().replace("‐", "-"))
            self._words.update(words[:-1] if line.endswith(("-", "\u2010", "\u00ad")) else words)

    def knows(self, word: str) -> bool:
        """Whether the word is elsewhere in the document, whole."""
        return self._words[word.casefold()] > 0

    def is_divided_hangul(self, before: str, text: str) -> bool:
        """Whether the end of a line that may be anywhere in a word of Korean divides the word."""
        first, second = before.split()[-1], _first_word(text)
        if first + second in self._whole_hangul:
            return True
        if first in self._whole_hangul or second in self._whole_hangul:
            return False
        return len(first) < _FEWEST_HANGUL or first[-1] not in _PARTICLES

    def joined(self, first: str, second: str) -> str | None:
        """Return two lines as one if a hyphen ends the first; None if none does."""
        divided = _FIRST.search(first)
        if divided is None:
            return None
        start = first[: divided.end() - 1]
        if _URL.search(first):
            return f"{start}-{second}"
        following = _SECOND.match(second)
        if following is None:
            return f"{first} {second}" if second[:1].isspace() else f"{first}{second}"
        if following[0].casefold() in _SUSPENDED and second[following.end() : following.end() + 1] in ("", " "):
            return f"{start}- {second}"
        is_soft = first.endswith("\u00ad")
        return f"{start}{'-' if not is_soft and self._is_compound(divided['word'], following[0]) else ''}{second}"

    def _is_compound(self, first: str, second: str) -> bool:
        if second[0].isupper() or second[0].isdigit() or len(first) == 1 or _ABBREVIATION.match(first):
            return not (first.isupper() and second.isupper())  # a heading in capitals is divided as any other
        whole, hyphenated = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        if self._words[whole] != self._words[hyphenated]:
            return self._words[hyphenated] > self._words[whole]
        return is_compound(re.split(r"[-‐‑]", first.casefold())[-1], second.casefold())


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0].rstrip(_MARKS) if text.split() else ""
