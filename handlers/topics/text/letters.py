"""Character classes, and folding of words.

Case, width, accents, invisible characters, and Traditional or Simplified Chinese never matter.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from handlers.topics.text.chinese import CHINESE_FOLDING

ACRONYM_DOT: Final = "\x01"
"""Replaces, in a prepared text, a dot inside an acronym. It is part of the word, and folding removes it."""

BREAK: Final = "\x02"
"""Separates two texts that are processed as one. It is a word of its own, so no phrase extends across it."""

UNSPACED_RANGES: Final = (
    (0x0E00, 0x0E4F),  # Thai, without its digits
    (0x0E80, 0x0ECF),  # Lao
    (0x0F40, 0x0FBC),  # Tibetan
    (0x1000, 0x103F),  # Myanmar
    (0x1050, 0x108F),
    (0x1100, 0x11FF),  # Hangul as single letters
    (0x1780, 0x17D7),  # Khmer
    (0x3005, 0x3007),
    (0x3021, 0x312F),  # kana, bopomofo
    (0x3131, 0x318E),
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7FB),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFFDC),  # half-width kana and Hangul
    (0x1AFF0, 0x1B2FF),
    (0x20000, 0x323AF),
)
"""Scripts written without spaces, and Korean, which attaches particles to words. Each character is a token."""

_UNSPACED_STARTS: Final = [first for first, _ in UNSPACED_RANGES]


def _is_unspaced(code: int) -> bool:
    return code >= 0x0E00 and code <= UNSPACED_RANGES[bisect_right(_UNSPACED_STARTS, code) - 1][1]


def _ranges(codes: Iterable[int]) -> str:
    """Return the ascending code points as the inside of a regular expression's character class."""
    parts: list[str] = []
    start = previous = -2
    for code in [*codes, 0x7FFFFFFF]:
        if code != previous + 1:
            if start >= 0:
                parts.append(f"\\U{start:08x}" if start == previous else f"\\U{start:08x}-\\U{previous:08x}")
            start = code
        previous = code
    return "".join(parts)


_UNSPACED_BLOCKS: Final = ((0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Blocks that contain nothing but letters of scripts without spaces. They are not classified one by one."""
_CLASSIFIED: Final = (
    *range(0x3400),
    *range(0xA000, 0xAC00),
    *range(0xD7A4, 0xD800),
    *range(0xFB00, 0x20000),
    *range(0xE0000, 0xE01F0),
)
_VOICING_MARKS: Final = (0xFF9E, 0xFF9F)
_FILLERS: Final = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)
_CATEGORIES: Final = {
    code: kind
    for code, kind in zip(_CLASSIFIED, map(unicodedata.category, map(chr, _CLASSIFIED)), strict=True)
    if kind[0] in "LNM" or kind == "Cf"  # most other code points are unassigned
}
_HIDDEN_CODES: Final = frozenset(code for code, kind in _CATEGORIES.items() if kind == "Cf" or code in _FILLERS)
_LETTER_CODES: Final = tuple(
    code
    for code, kind in _CATEGORIES.items()
    if kind[0] in "LN" and code not in _HIDDEN_CODES and code not in _VOICING_MARKS and chr(code).isalnum()
)

MARK: Final = _ranges(
    code for code, kind in _CATEGORIES.items() if kind[0] == "M" or code in _HIDDEN_CODES or code in _VOICING_MARKS
)
"""Characters that may follow a letter inside a word: combining marks, zero-width characters, soft hyphens, and the
half-width voicing marks of kana. The inside of a character class, like WORD and UNSPACED."""

WORD: Final = _ranges(code for code in _LETTER_CODES if not _is_unspaced(code))
UNSPACED: Final = _ranges(code for code in _LETTER_CODES if _is_unspaced(code)) + "".join(
    f"\\U{first:08x}-\\U{last:08x}" for first, last in _UNSPACED_BLOCKS
)

LETTER: Final = 1
CONTINUATION: Final = 2
UNSPACED_LETTER: Final = 3

CODE_LIMIT: Final = 0x20000
"""KINDS covers the code points below this one."""


def _kinds() -> bytes:
    kinds = bytearray(CODE_LIMIT)
    for code, kind in _CATEGORIES.items():
        if code < len(kinds) and (kind[0] == "M" or code in _HIDDEN_CODES):
            kinds[code] = CONTINUATION
    for code in _LETTER_CODES:
        if code < len(kinds):
            kinds[code] = UNSPACED_LETTER if _is_unspaced(code) else LETTER
    for first, last in _UNSPACED_BLOCKS:
        if last < len(kinds):
            kinds[first : last + 1] = bytes((UNSPACED_LETTER,)) * (last + 1 - first)
    for code in (*_VOICING_MARKS, ord("_"), ord(ACRONYM_DOT)):
        kinds[code] = CONTINUATION
    return bytes(kinds)


KINDS: Final = _kinds()
"""By code point: LETTER starts or continues a word, UNSPACED_LETTER is a word by itself, CONTINUATION continues either,
and 0 separates words."""

_INVISIBLE: Final = dict.fromkeys((*_HIDDEN_CODES, ord(ACRONYM_DOT)))

_STRIPPED_MARKS: Final = frozenset(
    chr(code)
    for first, last in (
        (0x0300, 0x036F),
        (0x0483, 0x0489),
        (0x0591, 0x05C7),  # Hebrew points
        (0x0610, 0x061A),  # Arabic vowel signs and hamza
        (0x064B, 0x065F),
        (0x0670, 0x0670),
        (0x06D6, 0x06ED),
        (0x08CA, 0x08FF),
        (0x1AB0, 0x1AFF),
        (0x1DC0, 0x1DFF),
        (0x20D0, 0x20FF),
        (0xFE00, 0xFE0F),
        (0xFE20, 0xFE2F),
    )
    for code in range(first, last + 1)
)
_DISTINCT: Final = frozenset({("и", "\u0306"), ("у", "\u0306"), ("і", "\u0308")})
"""Letters that are distinct although Unicode decomposes them: й, ў, ї. ё is not one: it is often written е."""

_REPLACEMENTS: Final = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ـ": None,  # tatweel, which only stretches a word
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ٱ": "ا",
        "ʼ": None,
        "ʹ": None,
    }
)
_FOLDING: Final = _REPLACEMENTS | CHINESE_FOLDING


@lru_cache(maxsize=1 << 17)
def fold_word(word: str) -> str:
    """Return the word without case, accents, width variants and invisible characters, in Simplified Chinese.

    The result only serves comparisons. It is empty if the word is only marks.
    """
    if word.isascii():
        return word.lower().replace(ACRONYM_DOT, "")
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word.translate(_INVISIBLE)).casefold())
    kept: list[str] = []
    base = ""
    for char in decomposed:
        if char in _STRIPPED_MARKS:
            if (base, char) in _DISTINCT:
                kept.append(char)
            continue
        base = char
        kept.append(str(unicodedata.decimal(char)) if char.isdecimal() else char)
    composed = unicodedata.normalize("NFC", "".join(kept).translate(_FOLDING))
    return "".join(char for char in composed if char == "_" or char.isalnum() or unicodedata.category(char)[0] == "M")


@lru_cache(maxsize=1 << 17)
def lower_word(word: str, language: str = "") -> str:
    """Return the word in lower case with its accents, as Snowball expects it. `language` is an ISO 639-1 code."""
    if word.isascii() and language not in ("tr", "az"):
        return word.lower().replace(ACRONYM_DOT, "")
    composed = unicodedata.normalize("NFKC", word.translate(_INVISIBLE))
    if language in ("tr", "az"):
        composed = composed.replace("I", "ı").replace("İ", "i")
    return unicodedata.normalize("NFC", composed.lower())


def is_unspaced(token: str) -> bool:
    """Return whether a folded token is a character of a script without spaces."""
    return bool(token) and _is_unspaced(ord(token[0]))
