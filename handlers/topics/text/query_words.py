"""The keys by which a word of a query is found in a text: its forms, as far as the query word allows them.

Most forms are found by the stem that both words share. The rest is spelled out here, on the side of the query, so that
texts need no further keys.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final

from handlers.topics.text.inflection import ARABIC_LANGUAGES, LANGUAGES, TRANSCRIBED, has_arabic, stem_key, transcribed


class Inflection(IntEnum):
    """Which forms of a query word match, in ascending order."""

    NONE = 0
    """Only the word as typed."""
    SUFFIX = 1
    """An acronym or a number: also with an s, as in F-35s."""
    NAME = 2
    """A capitalized word. In languages that do not decline names, only its possessive and plural."""
    WORD = 3
    """All inflected forms."""


_PLAIN_NAMES: Final = frozenset({"en", "fr", "es", "it", "pt", "ca", "nl", "id", "und"})
"""Languages in which names have a plural at most. A stem would turn Corning into corn, and Boeing into boe."""
_GENITIVE_S: Final = frozenset({"de", "sv", "da", "nb", "nn", "no"})
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
_HEBREW_PREFIXES: Final = tuple("ה ו ב ל מ ש כ וה וב ול ומ וש וכ שה שב של שמ כש כשה מה לכש ושה".split())
_SIBILANTS: Final = ("s", "x", "z", "ch", "sh")
_DECADE: Final = re.compile(r"(?:1[0-9]|20)\d0")
_GROUPED: Final = re.compile(r"\d{1,3}(?:_\d{3})+")
_PORTUGUESE_PLURALS: Final = ("oes", "aes", "aos")
_HINDI_FORMS: Final = (
    ("ियों", ("ी",)),
    ("ियां", ("ी",)),
    ("ियाँ", ("ी",)),
    ("ी", ("ियों", "ियां", "ियाँ")),
    ("ा", ("े", "ों")),
    ("", ("ों", "ें")),
)
"""An ending, and those that replace it in other forms of the word."""


@lru_cache(maxsize=1 << 14)
def wanted_keys(folded: str, lower: str, inflection: Inflection, language: str) -> tuple[str, ...]:
    """Return the keys by which a query word is found in a text of a language: its folded form first.

    `lower` is the word in lower case with its accents.
    """
    if inflection is Inflection.NONE:
        return (folded,)
    return tuple(dict.fromkeys((folded, *_keys(folded, lower, inflection, language))))


def _keys(folded: str, lower: str, inflection: Inflection, language: str) -> Iterator[str]:
    """Yield the keys other than the folded word. Some may occur twice."""
    if inflection is Inflection.SUFFIX:
        yield from _suffixed(folded)
        return
    if spelled := transcribed(lower):
        yield spelled
    if any(pair in folded for pair in ("ae", "oe", "ue", "aa")):
        yield TRANSCRIBED + folded
    if language in ARABIC_LANGUAGES and has_arabic(folded):
        yield f"^{folded}"
        yield f"^{folded[2:] if folded.startswith('ال') and len(folded) > 4 else folded}"
    if language == "he" and _HEBREW.match(folded):
        for prefix in _HEBREW_PREFIXES:
            yield prefix + folded
    is_plain_name = inflection is Inflection.NAME and language in _PLAIN_NAMES
    has_stem = has_arabic(folded) if language in ARABIC_LANGUAGES else not is_plain_name
    if has_stem and (stem := stem_key(lower, language)) is not None:
        yield stem
    if is_plain_name or language in _GENITIVE_S:
        yield from _with_s(folded, language)
    if not is_plain_name or language == "pt":
        yield from _irregular(folded, lower, language)


def _suffixed(folded: str) -> Iterator[str]:
    """Yield an acronym or a number with an s, and a number with other separators of thousands."""
    if folded.isdecimal() and len(folded) > 3:
        yield f"{int(folded):_}"
    if _GROUPED.fullmatch(folded):
        yield folded.replace("_", "")
    if folded.isascii() and not folded.endswith("s") and not _DECADE.fullmatch(folded):
        yield f"{folded}s"


def _with_s(folded: str, language: str) -> Iterator[str]:
    """Yield the plural or genitive of a word in Latin letters."""
    if not folded.isascii():
        return
    if folded.endswith(_SIBILANTS):
        if language not in _GENITIVE_S:
            yield f"{folded}es"
    else:
        yield f"{folded}s"


def _irregular(folded: str, lower: str, language: str) -> Iterator[str]:
    """Yield forms that the stemmer of a language does not find."""
    match language:
        case "en":
            if folded.endswith("sis"):
                yield f"{folded[:-3]}ses"
            elif folded.endswith("ses") and len(folded) > 4:
                yield f"{folded[:-3]}sis"
                yield folded[:-2]
            elif folded.endswith("us"):
                yield f"{folded}es"
        case "pt":
            if folded.endswith("ao"):
                for plural in _PORTUGUESE_PLURALS:
                    yield folded[:-2] + plural
            elif folded.endswith(_PORTUGUESE_PLURALS):
                yield f"{folded[:-3]}ao"
        case "tr":
            for plural in ("lar", "ler"):
                yield stem_key(lower + plural, language) or folded
        case "hi":
            ending, others = next(forms for forms in _HINDI_FORMS if lower.endswith(forms[0]))
            for other in others:
                yield stem_key(lower.removesuffix(ending) + other, language) or folded


@lru_cache(maxsize=1 << 14)
def every_key(folded: str, lower: str, inflection: Inflection) -> tuple[str, ...]:
    """Return the keys by which a query word is found in a text of any language, sorted."""
    languages = ("und",) if inflection <= Inflection.SUFFIX else ("und", "he", *LANGUAGES)
    return tuple(sorted({key for language in languages for key in wanted_keys(folded, lower, inflection, language)}))
