"""Words as stories compare them: folded, cut to their opening, numbers normalised, scripts without spaces by pairs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from handlers.stories.word_lists import CALENDAR, COMMON, SERIES, STOP

STEM: Final = 6
"""Words are compared by their first letters: a stemmer that needs no language and no table."""

# Scripts written without spaces between words, and Hangul, whose particles stick to the word.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs of Indic scripts are not word characters to `re`, yet stand inside words.
_MARKS = "\u0900-\u0963\u0966-\u0dff\u0f00-\u0fff"
_TOKEN = re.compile(
    rf"(?P<dense>[{_DENSE}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)*(?![^\W\d_]))"
    rf"|(?P<word>(?:(?![{_DENSE}])[^\W_]|[{_MARKS}])+)"
)
_ASCII = re.compile(r"(?P<dense>(?!))|(?P<number>\d+(?:[.,]\d+)*(?![a-z]))|(?P<word>[a-z0-9]+)")
NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_MUTED = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile(r"['’ʼ`´]s?\b")
_VARIANTS = str.maketrans("أإآٱىةؤئ", "ااااييوي")


GENERIC: Final = frozenset(word[:STEM] for word in COMMON)
"""The openings of `COMMON`."""


class Token(NamedTuple):
    """A word as it is compared, and whether it is a number."""

    text: str
    is_number: bool


@lru_cache(maxsize=4096)
def _fold_rare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MUTED.sub("", decomposed)).translate(_VARIANTS)


def fold(text: str) -> str:
    """Case, width, accents and invisible characters removed. Positions are not kept."""
    if text.isascii():
        return text.lower()
    return _fold_rare(text) if len(text) < 64 else _fold_rare.__wrapped__(text)


def number(text: str) -> str:
    """A number without its grouping marks: "1,000" and "1.000" are "1000", "2.50" is "2.50"."""
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0":
        return "".join(parts)
    return ".".join(parts)


def raw_tokens(text: str) -> Iterator[Token]:
    """Every word of the text in order, folded but whole; runs without spaces give their pairs of characters."""
    folded = _APOSTROPHE.sub(" ", fold(text))
    for found in (_ASCII if folded.isascii() else _TOKEN).finditer(folded):
        kind = found.lastgroup
        value = found.group()
        if kind == "number":
            yield Token(number(value), True)
        elif kind == "word" or len(value) == 1:
            yield Token(value, False)
        else:
            for first, second in pairwise(value):
                yield Token(first + second, False)


def stem(word: str) -> str:
    """The opening by which inflected forms of a word are one."""
    if len(word) <= STEM:
        return (
            word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word.isascii() else word
        )
    return word[:STEM]


def telling(words: Iterable[Token]) -> list[Token]:
    """Those words that can tell an event: no stop words, no lone letters, stemmed."""
    return [
        word if word.is_number else Token(stem(word.text), False)
        for word in words
        if word.is_number or (word.text not in STOP and (len(word.text) > 1 or not word.text.isascii()))
    ]


def tokens(text: str) -> list[Token]:
    """The telling words of a text in order."""
    return telling(raw_tokens(text))


_NAME: Final = re.compile(r"(?<=[^\W_,;:][ ,;’'-] )[^\W\d_a-z][^\W_]+|(?<=[^\W\d_] )[^\W\d_a-z][^\W_]+")


def names(text: str) -> frozenset[str]:
    """Stems of the words written with a capital inside a sentence: in most languages names."""
    return frozenset(
        stem(part)
        for found in _NAME.findall(text)
        if found[0].isupper()
        for part in _APOSTROPHE.sub("", fold(found)).split()
    )


_CASED: Final = re.compile(r"[^\W\d_][\w'’]*|[^\s\w]")
_TITLE_CASE: Final = 0.6
"""Share of words with a capital from which capitals tell nothing."""


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The stems of each run of capitalised words: a name of several words. None of a text that capitalises them all."""
    found = list(_CASED.finditer(text))
    long = [word.group() for word in found if len(word.group()) > 3]
    if sum(word[0].isupper() for word in long) > _TITLE_CASE * len(long):
        return
    run: list[str] = []
    end = -1
    for word in found:
        value = word.group()
        follows = text[end : word.start()] in (" ", "-", "\u00a0")
        if run and not (follows and value[0].isupper()):
            if len(run) > 1:
                yield tuple(run)
            run = []
        if value[0].isupper():
            run += [stem(part) for part in _APOSTROPHE.sub("", fold(value)).split() if part not in STOP]
        end = word.end()
    if len(run) > 1:
        yield tuple(run)


_CALENDAR: Final = frozenset(stem(word) for word in CALENDAR)
_SERIES: Final = frozenset(stem(word) for word in SERIES)
_PERIOD: Final = re.compile(r"(?:[qht][1-4]|[1-4][qht]|fy\d{2,4}|gw\d+|s\d+e\d+)$")
_SMALL: Final = 4


def dates(title: Sequence[Token]) -> frozenset[str]:
    """The words of a title that name a day or number a series: "Tuesday", "28" of "April 28", "7" of "round 7"."""
    found = set()
    for place, token in enumerate(title):
        around = {other.text for other in title[max(0, place - 1) : place + 2]}
        if token.is_number:
            is_year = len(token.text) == _SMALL and token.text[:2] in {"19", "20"}
            if is_year or around & _CALENDAR or (place and title[place - 1].text in _SERIES):
                found.add(token.text)
        elif token.text in _CALENDAR or _PERIOD.match(token.text):
            found.add(token.text)
    return frozenset(found)
