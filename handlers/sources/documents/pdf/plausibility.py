"""Recognizes a text that cannot be what a page shows: letters exchanged, glued or missing."""

import re
import unicodedata
from typing import Final

_FEWEST_LETTERS: Final = 40
"""A page with fewer says too little to judge by."""
_FEWEST_IN_WORDS: Final = 120
"""Letters of a page whose words are judged. Tables of figures and codes are not, whatever their letters."""
_GLYPH_NAME: Final = re.compile(
    r"/(?:[A-Za-z]_[A-Za-z](?:_[A-Za-z])*|[A-Za-z]{1,3}\d{1,4}|uni[0-9A-F]{4})\b|\(cid:\d+\)"
)
"""What some readers write for a shape whose character they do not know."""
_UNKNOWN: Final = re.compile("[\ue002-\uf8ff\x01-\x08\x0e-\x1f\U000f0000-\U0010ffff]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ALPHABETIC: Final = re.compile("[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]+")
"""Words of scripts that write vowels: Latin, Greek and Cyrillic."""
_VOWEL: Final = re.compile(
    "[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāăąēĕėęěīĭįıōŏőūŭůűųαάεέηήιίϊΐοόυύϋΰωώаеёиоуыэюяіїєўѵ]", re.IGNORECASE
)
_WITHOUT_SPACES: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MOST_UNKNOWN: Final = 0.1
_MOST_GLYPH_NAMES: Final = 0.03
_LEAST_LETTERS: Final = 0.4
"""Share of letters and digits among the characters. Exchanged letters become punctuation."""
_LONG: Final = 25
_MOST_LONG: Final = 0.2
"""Letters from which a word is probably several words glued together, and how many letters may be in such words."""
_MOST_SINGLE: Final = 0.6
"""Share of words of one letter."""
_MOST_MUTE: Final = 0.35
"""Share of words of four and more letters without a vowel. Abbreviations are mostly shorter."""
_VOWELS: Final = (0.2, 0.65)
"""Share of vowels among the letters of a language."""


def is_plausible(text: str, *, unknown: int = 0) -> bool:
    """Whether the text of a page can be what is printed on it; true for a text too short to judge.

    `unknown`: shapes on the page for which no character is known, and which are not in the text.
    """
    unknown += len(_UNKNOWN.findall(text))
    marks = sum(unicodedata.category(character) in ("Mn", "Mc") for character in text) if not text.isascii() else 0
    characters = sum(not character.isspace() for character in text) - marks
    if unknown + characters < _FEWEST_LETTERS:
        return unknown * 2 <= characters
    if unknown > _MOST_UNKNOWN * (unknown + characters):
        return False
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    digits = sum(map(str.isdigit, text))
    filling = sum(text.count(character) for character in ".-_…·•|=*")
    if letters + digits < _LEAST_LETTERS * max(characters - filling, 1):
        return False
    if letters < _FEWEST_LETTERS:
        return True
    if sum(len(name) for name in _GLYPH_NAME.findall(text)) > _MOST_GLYPH_NAMES * letters:
        return False
    if len(_WITHOUT_SPACES.findall(text)) * 4 > letters:
        return True
    return letters < _FEWEST_IN_WORDS or digits > letters or _has_words(words, letters)


def _has_words(words: list[str], letters: int) -> bool:
    alphabetic = [word for word in words if _ALPHABETIC.fullmatch(word)]
    if sum(map(len, alphabetic)) * 2 < letters:
        return True
    if sum(len(word) for word in alphabetic if len(word) >= _LONG) > _MOST_LONG * letters:
        return False
    if sum(len(word) == 1 for word in alphabetic) > _MOST_SINGLE * len(alphabetic):
        return False
    long_words = [word for word in alphabetic if len(word) >= 4]
    if len(long_words) < 10:
        return True
    mute = sum(not _VOWEL.search(word) for word in long_words)
    vowels = sum(len(_VOWEL.findall(word)) for word in long_words)
    share = vowels / sum(map(len, long_words))
    return mute <= _MOST_MUTE * len(long_words) and _VOWELS[0] <= share <= _VOWELS[1]
