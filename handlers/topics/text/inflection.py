"""Inflection: which keys a word of a text has, by stems, by stripping Arabic proclitics and by transcribed umlauts.

A stem alone conflates too much ("organ" and "organization", "inflated" and "inflation"). Therefore an inflection key is
the stem together with the derivational ending that Snowball removed: the forms of one word share both, but a word and
its derivations do not.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import Stemmer

from handlers.topics.text import light_stemmers
from handlers.topics.text.letters import fold_word, lower_word

LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "bg": "bulgarian",
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
    "uk": "ukrainian",
    "yi": "yiddish",
}
"""Algorithms by ISO 639-1 code: those of `light_stemmers`, else Snowball's. `stemmer_of` skips those that the installed
Snowball lacks."""

ARABIC_LANGUAGES: Final = ("ar", "und")
"""Languages of a text in which proclitics are stripped from words in Arabic letters."""

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
TRANSCRIBED: Final = "¨"
"""Starts the key of a word with umlauts: the word with each umlaut as it is transcribed, such as "mueller"."""
KEY_SIGNS: Final = ("~", "^", TRANSCRIBED)
"""The first characters of inflection keys. No token starts with them."""
_LIGHT_STEMMERS: Final[Mapping[str, Callable[[str], str]]] = {
    "bg": light_stemmers.bulgarian,
    "uk": light_stemmers.ukrainian,
}
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_PARTICLES: Final = ("و", "ف")
_PREPOSITIONS: Final = ("ب", "ل", "ك")
_MAX_CACHED_STEMS: Final = 1 << 16


@lru_cache(maxsize=64)
def stemmer_of(language: str) -> Callable[[str], str] | None:
    """Return the stemmer for a language (an ISO 639-1 code), or None if there is none."""
    if language in _LIGHT_STEMMERS:
        return _LIGHT_STEMMERS[language]
    name = LANGUAGES.get(language)
    if name is None or name not in Stemmer.algorithms():
        return None
    stem: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return stem


def _derivation(word: str, stem: str, language: str) -> str:
    """Return the derivational ending that the stem lacks, such as "ion", or an empty string for an inflected form."""
    endings = _DERIVED.get(language)
    if endings is None:
        return ""
    shared = 0
    for in_word, in_stem in zip(word, stem, strict=False):
        if in_word != in_stem:
            break
        shared += 1
    cut = word[shared:]
    if language == "en":
        if cut not in endings and cut != "y":
            cut = _INFLECTED.sub("", cut)
        if cut == word[shared - 1 : shared]:
            return ""  # a doubled consonant, as in "shipping"
        return cut if cut in endings else ""
    return next((ending for ending in endings if cut.startswith(ending)), "")


@lru_cache(maxsize=1 << 14)
def stem_key(word: str, language: str) -> str | None:
    """Return the key that all forms of a word share in a language, or None if the language has no stemmer."""
    stemmer = stemmer_of(language)
    if stemmer is None:
        return None
    lower = lower_word(word, language)
    stem = stemmer(lower)
    return f"~{fold_word(stem)}~{fold_word(_derivation(lower, stem, language))}".rstrip("~")


def may_inflect(folded: str) -> bool:
    """Return whether a word is long enough to be inflected and consists of letters."""
    if folded.isalpha():
        return len(folded) > 2
    return len(folded) > 2 and all(char.isalpha() or unicodedata.category(char)[0] == "M" for char in folded)


@lru_cache(maxsize=1 << 14)
def transcribed(word: str) -> str:
    """Return the folded word with its umlauts transcribed, such as "mueller" for "Müller"; empty if it has none."""
    if word.isascii():
        return ""
    lower = lower_word(word)
    spelled = lower.translate(_UMLAUTS)
    return "" if spelled == lower else fold_word(spelled)


def has_arabic(folded: str) -> bool:
    """Return whether a word contains an Arabic letter."""
    return _ARABIC.search(folded) is not None


@lru_cache(maxsize=1 << 16)
def without_proclitics(folded: str) -> tuple[str, ...]:
    """Return an Arabic word with and without its proclitics (و ف, ب ل ك, the article), in every reading."""
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
    """Return the inflection keys of a word in an Arabic text or in a text whose language is unknown."""
    folded = fold_word(word)
    if not has_arabic(folded):
        return ()
    keys = tuple(f"^{reading}" for reading in without_proclitics(folded))
    stem = stem_key(word, language) if may_inflect(folded) else None
    return keys if stem is None else (*keys, stem)


class _StemKeys(dict[str, str]):
    """The stem key of each word as written, or its folded form if it does not inflect. Computed on first use."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_CACHED_STEMS:
            self.clear()
        folded = fold_word(word)
        key = (stem_key(word, self.language) if may_inflect(folded) else None) or folded
        self[word] = key
        return key


@lru_cache(maxsize=64)
def stem_keys(language: str) -> Mapping[str, str] | None:
    """Return a mapping of words as written to their stem keys, or None for Arabic and languages without a stemmer."""
    if language in ARABIC_LANGUAGES or stemmer_of(language) is None:
        return None
    return _StemKeys(language)


def keys_of(form: str, folded: str, language: str) -> tuple[str, ...]:
    """Return the inflection keys of a word in a text of that language. `form` is the word as written."""
    stems = stem_keys(language)
    keys: tuple[str, ...] = ()
    if stems is not None:
        key = stems[form]
        keys = () if key == folded else (key,)
    elif language in ARABIC_LANGUAGES and not form.isascii():
        keys = arabic_keys(form, language)
    spelled = transcribed(form)
    return (*keys, TRANSCRIBED + spelled) if spelled else keys
