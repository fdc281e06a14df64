"""Words as stories compare them: folded, cut to their opening, numbers normalised, scripts without spaces by pairs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add, itemgetter
from typing import Final, NamedTuple, TypeVar

from handlers.stories.stop_words import CALENDAR, COMMON, SERIES, STOP

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
_ASCII = re.compile(r"[a-z][a-z0-9]*|\d+(?:[.,]\d+)*(?![a-z])|[a-z0-9]+")
NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_MUTED = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile(r"['’ʼ`´]s?\b")
_VARIANTS = str.maketrans("أإآٱىةؤئ", "ااااييوي")
_ARABIC: Final = tuple(map(chr, _VARIANTS))
# Marks that many texts in plain Latin letters have, and that part words as a space does.
_TYPOGRAPHY: Final = (("’", "'"), *((mark, " ") for mark in "“”‘„«»–—…•·\u00a0€£"))
_KNOWN_MOST: Final = 1 << 14
_KNOWN_LONGEST: Final = 32
"""Words that are kept in memory, and their letters: most of those of a text were in the one before."""

GENERIC: Final = frozenset(word[:STEM] for word in COMMON)
"""The openings of `COMMON`."""


class Token(NamedTuple):
    """A word as it is compared, and whether it is a number."""

    text: str
    is_number: bool


text_of: Final = itemgetter(0)
"""The text of a token."""


@lru_cache(maxsize=4096)
def _fold_rare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    folded = unicodedata.normalize("NFC", _MUTED.sub("", decomposed))
    return folded.translate(_VARIANTS) if any(letter in folded for letter in _ARABIC) else folded


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


class _Tokens(dict[str, Token]):
    """A word or, in ASCII, a number to its token; made when it is first met."""

    def __missing__(self, value: str) -> Token:
        # A digit that no letter follows begins a number.
        is_number = value[0] <= "9" and value[1:2] < "a"
        token = Token(number(value), True) if is_number else Token(value, False)
        _keep(self, value, token, len(value))
        return token


class _Telling(dict[Token, Token | None]):
    """A word to what it tells of an event; None for what tells nothing."""

    def __missing__(self, word: Token) -> Token | None:
        value = word.text
        told: Token | None = word
        if not word.is_number:
            is_telling = value not in STOP and (len(value) > 1 or not value.isascii())
            told = Token(stem(value), False) if is_telling else None
        _keep(self, word, told, len(value))
        return told


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _keep(known: dict[_Key, _Value], key: _Key, value: _Value, length: int) -> None:
    if length <= _KNOWN_LONGEST:
        if len(known) >= _KNOWN_MOST:
            known.clear()
        known[key] = value


_TOKENS: Final = _Tokens()
_TELLING: Final = _Telling()


def raw_tokens(text: str) -> list[Token]:
    """Every word of the text in order, folded but whole; runs without spaces give their pairs of characters."""
    folded = _APOSTROPHE.sub(" ", fold(_plain(text)))
    if folded.isascii():
        return list(map(_TOKENS.__getitem__, _ASCII.findall(folded)))
    found: list[Token] = []
    for dense, digits, word in _TOKEN.findall(folded):
        if digits:
            found.append(Token(number(digits), True))
        elif len(dense) < 2:
            value = word or dense
            found.append(_TOKENS[value] if value[0] > "9" else Token(value, False))
        else:
            found += map(_TOKENS.__getitem__, map(add, dense, dense[1:]))
    return found


def _plain(text: str) -> str:
    """The text in ASCII, where nothing but its typography keeps it from being that; its words are the same."""
    if text.isascii():
        return text
    plain = text
    for mark, instead in _TYPOGRAPHY:
        plain = plain.replace(mark, instead)
    return plain if plain.isascii() else text


def stem(word: str) -> str:
    """The opening by which inflected forms of a word are one."""
    if len(word) <= STEM:
        return (
            word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word.isascii() else word
        )
    return word[:STEM]


def telling(words: Iterable[Token]) -> list[Token]:
    """Those words that can tell an event: no stop words, no lone letters, stemmed."""
    return list(filter(None, map(_TELLING.__getitem__, words)))


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
_LONG_WORD: Final = re.compile(r"[^\W\d_][\w'’]{3,}")
_TITLE_CASE: Final = 0.6
"""Share of words with a capital from which capitals tell nothing."""


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The stems of each run of capitalised words: a name of several words. None of a text that capitalises them all."""
    long = _LONG_WORD.findall(text)
    if sum(word[0].isupper() for word in long) > _TITLE_CASE * len(long):
        return
    run: list[str] = []
    end = -1
    for word in _CASED.finditer(text):
        value = word.group()
        if not run and not value[0].isupper():
            continue
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
