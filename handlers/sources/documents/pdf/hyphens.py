"""Joins words that the end of a printed line divides, and keeps the hyphens of compounds."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_FIRST: Final = re.compile(r"(?P<word>[^\W_]+(?:[-‐‑'’][^\W_]+)*)[-\u2010\u00ad]$")
_SECOND: Final = re.compile(r"[^\W_]+")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+$")
_ABBREVIATION: Final = re.compile(r"(?:[A-ZÀ-ÞА-ЯЁ]{2,}|.*\d)$")
_SUSPENDED: Final = frozenset(
    "und oder bzw sowie bis and or to nor et ou y o e u i и или och eller en of og til og ja tai".split()
)
"""Words after a hyphen that means a part of the word that comes later, as in "Ein- und Ausfuhr"."""
_SECOND_PARTS: Final = frozenset(
    (
        # English
        "owned based backed led made run wide free related linked born held built sponsored controlled funded term "
        "level scale time year old day long range class style type like minded known up off in out down on by "
        "edge speed size end hand face fire line tech risk profit proof going called driven oriented specific "
        "friendly ranking sized bound "
        # French
        "ci là même mêmes être il elle on ils elles je vous nous ce parole t ministre général midi est ouest "
        # Portuguese and Russian
        "se lo la lhe то либо нибудь таки"
    ).split()
)
"""Second parts of compounds that are mostly written with a hyphen."""
_FIRST_PARTS: Final = frozenset(
    (
        "self well ill ex non so half quasi cross long short high low state all full part two three four five six ten "
        "twenty thirty forty fifty sixty seventy eighty ninety first second third anglo vice "
        "porte peut celui celle ceux celles au est ouest nord sud avant après demi mi vis "
        "кое по во из северо юго военно"
    ).split()
)
"""First parts of such compounds. Each is a word of its own that hardly ever begins a longer one at a syllable."""


class Hyphens:
    """Decides by the other words of a document whether a hyphen at a line's end belongs to the word."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            words = _WORDS.findall(line.casefold().replace("‐", "-"))
            self._words.update(words[:-1] if line.endswith(("-", "\u2010", "\u00ad")) else words)

    def knows(self, word: str) -> bool:
        """Whether the word is elsewhere in the document, whole."""
        return self._words[word.casefold()] > 0

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
        return f"{start}{'-' if self._is_compound(divided['word'], following[0]) else ''}{second}"

    def _is_compound(self, first: str, second: str) -> bool:
        if second[0].isupper() or second[0].isdigit() or len(first) == 1 or _ABBREVIATION.match(first):
            return not (first.isupper() and second.isupper())  # a heading in capitals is divided as any other
        whole, hyphenated = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        if self._words[whole] != self._words[hyphenated]:
            return self._words[hyphenated] > self._words[whole]
        last = re.split(r"[-‐‑]", first.casefold())[-1]
        if len(last) < len(first):
            return second.casefold() in _SECOND_PARTS
        return second.casefold() in _SECOND_PARTS or last in _FIRST_PARTS
