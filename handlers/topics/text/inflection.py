"""Inflection: which forms of a word count as the same, in which language. Stems by Snowball, Arabic's glued-on words.

A stem alone conflates too much ("organ" and "organization", "inflated" and "inflation"). So a key is the stem and the
derivational ending that Snowball cut off: forms of one word share both, words made from one another do not.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import Stemmer

from handlers.topics.text.letters import fold_word, lower_word

LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""ISO 639-1 code to the name of Snowball's algorithm. Those that this build of Snowball lacks are left out below."""

ARABIC_LANGUAGES: Final = ("ar", "und")
"""Where a word in Arabic letters is read without what is glued to its front."""

_DERIVED: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "izer", "iser", "ization", "isation", "iz", "is", "ational", "ation", "ator", "atory", "atori", "ative", "at",
        "ional", "ionist", "ion", "ality", "aliti", "ally", "alism", "alist", "al", "ical", "icity", "ic", "fulness",
        "fulli", "fully", "ful", "ousness", "ously", "ousli", "ous", "iveness", "ivity", "ively", "iv", "ability",
        "biliti", "ability", "ably", "abl", "ibility", "ibl", "ement", "ment", "ness", "ity", "iti", "ently", "entli",
        "ent", "ence", "ant", "ance", "ist", "ism", "ize", "ly", "li", "er", "or", "ar",
    ),
    "de": ("ung", "heit", "keit", "lich", "isch", "ig", "ik"),
    "fr": ("at", "ition", "ement", "iqu", "iste", "isme", "ité", "abl", "ance", "ence", "eu", "if", "iv"),
    "es": ("acion", "ación", "ad", "amiento", "imiento", "idad", "mente", "iv", "abl", "ibl", "anza", "os", "ist"),
    "it": ("azion", "ator", "ament", "iment", "ità", "mente", "iv", "abil", "ibil", "anz", "enz", "ist"),
    "pt": ("açã", "açõ", "ador", "amento", "imento", "idade", "mente", "iv", "ável", "ível", "ist"),
}  # fmt: skip
_INFLECTED: Final = re.compile(r"(?:s|es|ed|ing|e|ies|ied)$")
KEY_SIGNS: Final = ("~", "^")
"""What keys of inflection begin with, as no token does."""
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_PARTICLES: Final = ("و", "ف")
_PREPOSITIONS: Final = ("ب", "ل", "ك")


@lru_cache(maxsize=64)
def stemmer_of(language: str) -> Callable[[str], str] | None:
    """Snowball for a language, or None where it has none."""
    name = LANGUAGES.get(language)
    if name is None or name not in Stemmer.algorithms():
        return None
    stem: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return stem


def _derivation(word: str, stem: str, language: str) -> str:
    """The derivational ending that the stem lacks, such as "ion"; empty for forms of one word."""
    endings = _DERIVED.get(language)
    if endings is None:
        return ""
    shared = 0
    for ours, theirs in zip(word, stem, strict=False):
        if ours != theirs:
            break
        shared += 1
    cut = word[shared:]
    if language == "en":
        if cut not in endings and cut != "y":
            cut = _INFLECTED.sub("", cut)
        if cut == word[shared - 1 : shared]:
            return ""  # a doubled consonant: shipping
        return cut if cut in endings else ""
    return next((ending for ending in endings if cut.startswith(ending)), "")


@lru_cache(maxsize=1 << 14)
def stem_key(word: str, language: str) -> str | None:
    """The key that all forms of a word share in texts of a language; None where Snowball lacks it."""
    stemmer = stemmer_of(language)
    if stemmer is None:
        return None
    whole = lower_word(word, language)
    stem = stemmer(whole)
    return f"~{fold_word(stem)}~{fold_word(_derivation(whole, stem, language))}".rstrip("~")


def may_inflect(folded: str) -> bool:
    return len(folded) > 2 and folded.isalpha()


@lru_cache(maxsize=1 << 16)
def without_proclitics(folded: str) -> tuple[str, ...]:
    """An Arabic word without the words that are glued to its front, in every reading: و ف, ب ل ك, the article."""
    readings = [folded]
    if folded[:1] in _PARTICLES and len(folded) > 3:
        readings.append(folded[1:])
    for reading in tuple(readings):
        if reading.startswith("لل") and len(reading) > 4:
            readings.append(reading[2:])
        if reading[:1] in _PREPOSITIONS and len(reading) > 3:
            readings.append(reading[1:])
    readings.extend(reading[2:] for reading in tuple(readings) if reading.startswith("ال") and len(reading) > 4)
    return tuple(dict.fromkeys(readings))


@lru_cache(maxsize=1 << 16)
def arabic_keys(word: str, language: str) -> tuple[str, ...]:
    """The keys of a text's word beyond its folded self, in Arabic or in a language not known."""
    folded = fold_word(word)
    if not _ARABIC.search(folded):
        return ()
    keys = tuple(f"^{reading}" for reading in without_proclitics(folded))
    stem = stem_key(word, language) if may_inflect(folded) else None
    return keys if stem is None else (*keys, stem)


class _StemKeys(dict[str, str]):
    """A word of a text, as written, to its stem key, or to its folded self; worked out when first met."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= _STEMS_MOST:
            self.clear()
        folded = fold_word(word)
        key = (stem_key(word, self.language) if may_inflect(folded) else None) or folded
        self[word] = key
        return key


_STEMS_MOST: Final = 1 << 16


@lru_cache(maxsize=64)
def stem_keys(language: str) -> Mapping[str, str] | None:
    """The stem key of each word of a text of a language; None where Snowball lacks it, and for Arabic."""
    if language in ARABIC_LANGUAGES or stemmer_of(language) is None:
        return None
    return _StemKeys(language)


def keys_of(form: str, folded: str, language: str) -> tuple[str, ...]:
    """The keys of inflection of a word of a text."""
    stems = stem_keys(language)
    if stems is not None:
        key = stems[form]
        return () if key == folded else (key,)
    return arabic_keys(form, language) if language in ARABIC_LANGUAGES and not form.isascii() else ()


@lru_cache(maxsize=1 << 14)
def wanted_keys(folded: str, lower: str, inflects: bool, language: str) -> tuple[str, ...]:
    """The keys by which a query's word is found in a text of a language."""
    if not inflects:
        return (folded,)
    if language in ARABIC_LANGUAGES:
        if not _ARABIC.search(folded):
            return (folded,)
        bare = folded[2:] if folded.startswith("ال") and len(folded) > 4 else folded
        stem = stem_key(lower, language)
        keys = (folded, f"^{folded}", f"^{bare}")
        return tuple(dict.fromkeys(keys if stem is None else (*keys, stem)))
    stem = stem_key(lower, language)
    return (folded,) if stem is None else (folded, stem)


@lru_cache(maxsize=1 << 14)
def every_key(folded: str, lower: str, inflects: bool) -> tuple[str, ...]:
    """The keys of a query's word in texts of any language."""
    languages = ("und", *LANGUAGES) if inflects else ("und",)
    return tuple(sorted({key for language in languages for key in wanted_keys(folded, lower, inflects, language)}))
