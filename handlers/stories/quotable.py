"""Checks whether a sentence can be quoted alone: complete, no question, no boilerplate, no reference backwards."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from handlers.stories.stop_words import CONNECTIVES, PRONOUNS
from handlers.stories.words import normalize_letters, significant_tokens

MAX_WIDTH: Final = 300
"""The longest sentence worth quoting, as `width` measures it."""
_MIN_WORDS: Final = 4

_END: Final = re.compile(r"[.!…。！｡۔।॥։።។៕][\"'”’»›)\]）」』】》]*$")
_TRUNCATED: Final = re.compile(r"(?:\.{3,}|…)[\"'”’»›)\]]*$")
_QUESTION: Final = re.compile(r"[?？؟;][\"'”’»›)\]）」』】》]*$")
_CJK_REFERENCES: Final = (
    "但",
    "不过",
    "不過",
    "然而",
    "此外",
    "另外",
    "而且",
    "同时",
    "同時",
    "因此",
    "所以",
    "他",
    "她",
    "它",
    "这",
    "這",
    "此",
)
_PHRASE_REFERENCES: Final = re.compile(
    r"(?:in addition|in contrast|as a result|for example|for instance|on the other hand|at the same time|"
    r"in other words|that said|in fact|of course|by contrast|after that|en revanche|par ailleurs|en effet|"
    r"de plus|en outre|d'ailleurs|"
    r"sin embargo|por su parte|de son côté|pour sa part|the (?:latter|former|two|pair|move|duo|trio))\b",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"^(?:read (?:more|also|next)|see also|more on|related|click|follow us|sign (?:up|in)|log in|subscribe|advertis|"
    r"share this|download|watch(?: (?:live|now|more|the))?:|listen:|photo(?:s|graph)?:|image:|picture:|video:|source:|"
    r"credit:|copyright|©|"
    r"\(c\)|all rights|updated?:|published:|posted:|last (?:updated|modified)|visit (?:our|the|us|\w+(?: \w+)?['’]s)|"
    r"(?:posted|published|updated|written) (?:on )?\d|"
    r"join (?:us|our)|get (?:the|our) |find us on|for more (?:stories|news|information)|"
    r"this (?:article|story) (?:was|has|is|originally)|lire aussi|à lire|voir aussi|lesen sie|mehr (?:dazu|zum)|"
    r"lea también|leer más|leia (?:mais|também)|читайте|подпис|фото:|اقرأ|"
    r"(?:content |trigger )?warning: (?:this|the|some|contains|graphic|spoiler)|"
    r"der volltext dieses|"
    r"延伸阅读|延伸閱讀|责任编辑|責任編輯|原标题|来源：|來源：)"
    r"|(?:getty images|newsletter|inbox|all rights reserved|cookie|javascript|terms of (?:use|service)|privacy policy|"
    r"(?:facebook|twitter|instagram|linkedin|whatsapp|telegram)(?:,| and| or).*"
    r"(?:facebook|twitter|instagram|linkedin|youtube|telegram))",
    re.IGNORECASE,
)
_REPORTER: Final = re.compile(
    r"^(?:[^\W\d_][\w’'.\-]*\s+){2,7}(?:reports|has more|has the (?:story|latest|details))"
    r"(?:\s+(?:from|on|for)\b.{0,40})?\.?$"
)
"""A line that names the reporter: "Inner News's Lena Brask reports from Talvik." """
_IMPERSONAL: Final = re.compile(
    r"(?:it (?:is|was|has been|will be) \w+ (?:that|to)|il (?:faut|y a|est \w+ (?:que|de)))\b", re.IGNORECASE
)
_PAIRS: Final = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"), ("（", "）"))
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")


def width(text: str) -> int:
    """Return the display width in Latin letters: East Asian wide characters count twice."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text if letter > "\u10ff")


def is_complete(text: str) -> bool:
    """Return whether the sentence has a beginning, an end and at least four significant words."""
    if _TRUNCATED.search(text):
        return False
    if not _END.search(text):
        return _is_unspaced(text) and len(text) >= 20
    opening = text.lstrip("\"'“‘«‹([（「『„ ")[:1]
    return not opening.islower() and len(word_set(text)) >= _MIN_WORDS


def _is_unspaced(text: str) -> bool:
    return sum("\u0e00" <= letter <= "\u0eff" or "\u1000" <= letter <= "\u17ff" for letter in text) * 2 > len(text)


def is_question(text: str) -> bool:
    return bool(_QUESTION.search(text)) and not text.endswith(";")


def is_balanced(text: str) -> bool:
    """Return whether every quotation mark and bracket in the sentence has its counterpart there."""
    return text.count('"') % 2 == 0 and all(text.count(left) == text.count(right) for left, right in _PAIRS)


def is_boilerplate(text: str) -> bool:
    """Return whether the text is about the page or the site rather than the event."""
    plain = text.lstrip("•·-–—* \"'“«(")
    return bool(_BOILERPLATE.search(plain) or _REPORTER.match(plain))


def refers_back(text: str) -> bool:
    """Return whether the sentence begins with a word that refers to an earlier sentence."""
    body = text.lstrip("\"'“‘«‹([（「『„–— ")
    if body.startswith(_CJK_REFERENCES) or _PHRASE_REFERENCES.match(body):
        return True
    found = _FIRST_WORD.match(body)
    if found is None:
        return False
    word = found.group().casefold()
    if word in {"it", "il"} and _IMPERSONAL.match(body):
        return False
    return word in PRONOUNS or word in CONNECTIVES


@lru_cache(maxsize=1024)
def word_set(text: str) -> frozenset[str]:
    """Return the significant words of a sentence, stemmed."""
    return frozenset(token.text for token in significant_tokens(text))


def repeats(one: str, other: str) -> bool:
    """Return whether `one` says nothing that `other` does not say."""
    ours, theirs = word_set(one), word_set(other)
    if not ours:
        return True
    if not theirs:
        return normalize_letters(one) == normalize_letters(other)
    both = len(ours & theirs)
    return both / len(ours) >= 0.85 or both / len(ours | theirs) >= 0.7
