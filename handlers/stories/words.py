"""Splits texts into comparable words: normalized, stemmed, without stop words.

Scripts without spaces give character bigrams instead of words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add, itemgetter
from typing import Final, NamedTuple, TypeVar
from zlib import crc32

from handlers.stories.stop_words import CALENDAR_WORDS, GENERIC_WORDS, SERIES_WORDS, STOP_WORDS

STEM_LENGTH: Final = 6
"""Words are compared by this many leading letters: a stemmer that needs neither the language nor a table."""

# Scripts written without spaces between words, and Hangul, whose particles stick to the word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs of Indic scripts are not word characters to `re`, but occur inside words.
_MARKS = "\u0900-\u0963\u0966-\u0dff\u0f00-\u0fff"
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<number>(?>\d+(?:[.,]\d+)*)(?!(?![{_UNSPACED}])[^\W\d_]))"
    rf"|(?P<word>(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])+)"
)
_ASCII = re.compile(r"[a-z][a-z0-9]*|(?>\d+(?:[.,]\d+)*)(?![a-z])|[a-z0-9]+")
_ORDINAL: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th|er?|eme|o|a)")
NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_REMOVED_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile(r"['’ʼ`´]s?\b")
_ARABIC_VARIANTS = str.maketrans("أإآٱىةؤئ", "ااااييوي")
_ARABIC_LETTERS: Final = tuple(map(chr, _ARABIC_VARIANTS))
# Typographic marks in texts that are otherwise ASCII. They separate words as a space does.
_TYPOGRAPHY: Final = (("’", "'"), *((mark, " ") for mark in "“”‘„«»–—…•·\u00a0€£"))
_CACHED_WORDS: Final = 1 << 14
_CACHED_WORD_LENGTH: Final = 32
"""Most words of a text also occurred in the text before it: their tokens are cached, unless the word is longer."""


class Token(NamedTuple):
    """A normalized word, and whether it is a number."""

    text: str
    is_number: bool


text_of: Final = itemgetter(0)
"""Return the text of a token."""


@lru_cache(maxsize=4096)
def _normalize_unicode(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    normalized = unicodedata.normalize("NFC", _REMOVED_MARKS.sub("", decomposed))
    if any(letter in normalized for letter in _ARABIC_LETTERS):
        return normalized.translate(_ARABIC_VARIANTS)
    return normalized


def normalize_letters(text: str) -> str:
    """Return the text in lower case, without accents, width variants and invisible characters. Offsets change."""
    if text.isascii():
        return text.lower()
    return _normalize_unicode(text) if len(text) < 64 else _normalize_unicode.__wrapped__(text)


def normalize_number(text: str) -> str:
    """Return a number without thousands separators: "1,000" and "1.000" give "1000", "2.50" gives "2.50"."""
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0":
        return "".join(parts)
    return ".".join(parts)


class _TokenCache(dict[str, Token]):
    """The token of each word or, in ASCII, number; computed on the first lookup."""

    def __missing__(self, value: str) -> Token:
        # A digit that no letter follows begins a number, perhaps with a unit: "15gbps".
        is_number = value[0] <= "9" and value[1:2] < "a"
        ordinal = _ORDINAL.fullmatch(value) if value[0] <= "9" else None
        if ordinal is not None:
            token = Token(ordinal[1], True)
        else:
            token = Token(normalize_number(value), True) if is_number else Token(value, False)
        _cache(self, value, token, len(value))
        return token


class _SignificantTokenCache(dict[Token, Token | None]):
    """The stemmed token of each word; None for stop words and single ASCII letters."""

    def __missing__(self, word: Token) -> Token | None:
        value = word.text
        stemmed: Token | None = word
        if not word.is_number:
            is_significant = value not in STOP_WORDS and (len(value) > 1 or not value.isascii())
            stemmed = Token(stem(value), False) if is_significant else None
        _cache(self, word, stemmed, len(value))
        return stemmed


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _cache(cache: dict[_Key, _Value], key: _Key, value: _Value, length: int) -> None:
    if length <= _CACHED_WORD_LENGTH:
        if len(cache) >= _CACHED_WORDS:
            cache.clear()
        cache[key] = value


_TOKENS: Final = _TokenCache()
_SIGNIFICANT_TOKENS: Final = _SignificantTokenCache()


def tokenize(text: str) -> list[Token]:
    """Return every word of the text in order, normalized but not stemmed.

    A run of a script without spaces gives its character bigrams.
    """
    normalized = _APOSTROPHE.sub(" ", normalize_letters(_plain(text)))
    if normalized.isascii():
        return list(map(_TOKENS.__getitem__, _ASCII.findall(normalized)))
    found: list[Token] = []
    for unspaced, digits, word in _TOKEN.findall(normalized):
        if digits:
            found.append(Token(normalize_number(digits), True))
        elif len(unspaced) < 2:
            found.append(_TOKENS[word or unspaced])
        else:
            found += map(_TOKENS.__getitem__, map(add, unspaced, unspaced[1:]))
    return found


def _plain(text: str) -> str:
    """Replace typographic marks if the text then is ASCII; else return it unchanged. Its words stay the same."""
    if text.isascii():
        return text
    plain = text
    for mark, instead in _TYPOGRAPHY:
        plain = plain.replace(mark, instead)
    return plain if plain.isascii() else text


def word_hash(text: str) -> int:
    """Return the 32-bit hash by which a word is stored and compared."""
    return crc32(text.encode("utf-8", "surrogatepass"))


_CYRILLIC: Final = frozenset("абвгдежзийклмнопрстуфхцчшщэюяіїєґ")
_CYRILLIC_ENDING: Final = re.compile("(?<=[а-яіїєґ]{3})(?:[аеиоуыэюяйьіїє]{1,2}|[оае]в|[аяое]м|[аяи]х)$")
"""Endings of the cases, after at least three letters."""


def stem(word: str) -> str:
    """Return the leading letters that inflected forms of a word have in common."""
    if len(word) <= STEM_LENGTH and word.isascii():
        return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return cut(word)


def cut(word: str) -> str:
    """Return the first six letters, in Cyrillic without the ending of a case. Cutting twice changes nothing more."""
    word = word[:STEM_LENGTH]
    return _CYRILLIC_ENDING.sub("", word) if word[:1] in _CYRILLIC else word


def significant(tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens that can identify an event, stemmed: no stop words and no single ASCII letters."""
    return list(filter(None, map(_SIGNIFICANT_TOKENS.__getitem__, tokens)))


def significant_tokens(text: str) -> list[Token]:
    """Return the significant tokens of a text in order, stemmed."""
    return significant(tokenize(text))


# The first letter comes before what precedes it, because most letters are not capital ones.
_NAME: Final = re.compile(r"[^\W\d_a-z](?:(?<=[^\W_,;:][ ,;’'-] .)|(?<=[^\W\d_] .))[^\W_]+")


def name_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that are capitalized inside a sentence, which in most languages are names."""
    return frozenset(stem(part) for found in set(_NAME.findall(text)) if found[0].isupper() for part in _parts(found))


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    """Return the normalized parts of a capitalized word. Cached, because names return in later texts."""
    return tuple(_APOSTROPHE.sub("", normalize_letters(name)).split())


_FOLLOWED_WORD: Final = re.compile(r"([^\W\d_][\w'’]*)([ \u00a0](?=[^\W\d_]))?")
"""A word, and the space after it if another word follows at once."""
_LONG_WORD: Final = re.compile(r"[^\W\d_][\w'’]{3,}")
_TITLE_CASE: Final = 0.6
"""If more than this share of the long words is capitalized, capitals do not mark names."""


def is_in_title_case(text: str) -> bool:
    """Return whether so many words are capitalized that capitals do not mark names."""
    long = _LONG_WORD.findall(text)
    capitalized = sum(1 for word in long if word[0].isupper())
    return capitalized > _TITLE_CASE * len(long)


NOUNS_CAPITALIZED: Final = frozenset({"de", "lb"})
"""Languages that capitalize every noun."""


def marks_names(title: str, language: str) -> bool:
    """Return whether capital letters distinguish names from other words in a title of this language."""
    has_case = any(letter.islower() for letter in title)
    return has_case and language not in NOUNS_CAPITALIZED and not is_in_title_case(title)


def multiword_names(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the stems of each run of capitalized words. Yields nothing for a text in title case."""
    if is_in_title_case(text):
        return
    run: list[str] = []
    for word, space in _FOLLOWED_WORD.findall(text):
        is_name = word[0].isupper()
        if is_name:
            run += [stem(part) for part in _parts(word) if part not in STOP_WORDS]
        if run and not (is_name and space):
            if len(run) > 1:
                yield tuple(run)
            run = []


GENERIC_STEMS: Final = frozenset(map(cut, GENERIC_WORDS))
_CALENDAR_STEMS: Final = frozenset(stem(word) for word in CALENDAR_WORDS)
_SERIES_STEMS: Final = frozenset(stem(word) for word in SERIES_WORDS)
_PERIOD: Final = re.compile(r"(?:[qht][1-4]|[1-4][qht]|fy\d{2,4}|gw\d+|s\d+e\d+)$")
_YEAR_DIGITS: Final = 4


def date_terms(title: Sequence[Token]) -> frozenset[str]:
    """Return the words of a title that are dates or numbers in a series.

    These are "Tuesday", "28" of "April 28" and "7" of "round 7". `title` holds significant tokens.
    """
    found = set()
    for place, token in enumerate(title):
        around = {other.text for other in title[max(0, place - 1) : place + 2]}
        if token.is_number:
            is_year = len(token.text) == _YEAR_DIGITS and token.text[:2] in {"19", "20"}
            if is_year or around & _CALENDAR_STEMS or (place and title[place - 1].text in _SERIES_STEMS):
                found.add(token.text)
        elif token.text in _CALENDAR_STEMS or _PERIOD.match(token.text):
            found.add(token.text)
    return frozenset(found)
