"""The terms of an article: the words that may identify its event, how prominent each is, and of what kind."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

from handlers.stories.probable_names import read_title
from handlers.stories.words import (
    GENERIC_STEMS,
    Token,
    date_terms,
    marks_names,
    multiword_names,
    name_stems,
    text_of,
    word_hash,
)

MAX_TERMS: Final = 40
MAX_TITLE_TERMS: Final = 32
TERM_WORDS: Final = 800
"""Words of the text that terms are taken from. Later words are mostly background that many stories share."""
_MAX_NAMES: Final = 15
"""Multiword names that get a number of their own: as many as four bits hold."""
_NAME_CHARS: Final = 2_500
_LEAD_TOKENS: Final = 60
_NAME_WEIGHT: Final = 1.6
_IDENTIFIER: Final = re.compile(
    r"(?:(?<=[A-Za-z]-)|(?<=[№#])|(?<=№ )|(?<=\bno )|(?<=\bno\. )|(?<=\bnr )|(?<=\bnr\. )|(?<=\bn[°º] ))"
    r"(\d{2,})(?![.,\d])|(?<=\d[-/])(\d{3,})\b|\b(\d{3,})(?=/\d)|(?<=第)(\d{1,6})(?=[号號批轮輪次届屆期])|"
    r"\b(\d{1,3})(?=(?:st|nd|rd|th|er?|[eè]me|-?[йяе]|-?го|[ºª])\b)",
    re.IGNORECASE,
)
"""What numbers one of many, as it is written: "2026/2501", "CVE-2026-1001", "No 269", "21st package"."""


class Term(NamedTuple):
    hash: int
    weight: float
    """How prominent the term is in the article; its rarity is not taken into account."""
    in_title: bool
    is_number: bool
    is_generic: bool
    is_date: bool
    """A day or a number in a series, in the title: it distinguishes one issue of a series from the next."""
    is_name: bool
    """Capitalized inside a sentence, which in most languages marks a name."""
    in_lead: bool
    """Among the first words of the text."""
    is_identifier: bool
    """The number of a regulation, a vulnerability or a package, in the title."""
    may_be_name: bool
    """In the title, and perhaps a name, though capitals do not mark it as one."""
    is_unusual: bool
    """In the title, and no ordinary word of the news."""
    name: int
    """The same positive number for all words of a multiword name; 0 for other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of an article without boilerplate."""

    title: str
    text: str
    title_words: Sequence[Token]
    """The significant tokens of the title."""
    text_words: Sequence[Token]
    """The significant tokens of the text, as far as terms are taken from them."""
    language: str

    @property
    def marks_names(self) -> bool:
        """Whether capital letters distinguish names from other words in the title."""
        return marks_names(self.title, self.language)


def weigh(wording: Wording, *, ignored: frozenset[int]) -> list[Term]:
    """Return the terms of an article, heaviest first, without those whose hashes are `ignored`."""
    title, text = wording.title_words, wording.text_words
    if ignored:
        title, text = ([token for token in part if word_hash(token.text) not in ignored] for part in (title, text))
    opening = wording.text[:_NAME_CHARS]
    named = name_stems(opening)
    titled = name_stems(wording.title) if wording.marks_names else frozenset()
    words_of_title, words_of_text = list(map(text_of, title)), list(map(text_of, text))
    counts = Counter(words_of_text)
    in_title = set(words_of_title)
    title_words = read_title(wording.title, wording.language)
    dates = date_terms(title)
    identifiers = _identifiers(wording.title)
    in_lead = set(words_of_text[:_LEAD_TOKENS])
    numbers = {token.text for token in (*title, *text) if token.is_number}
    chosen = _choose(dict.fromkeys((*words_of_title, *words_of_text)), counts, in_title, in_lead, named)
    words = {word for _, word in chosen}
    name_numbers = _number_names([*multiword_names(wording.title), *multiword_names(opening)], words)
    return [
        Term(
            hash=word_hash(word),
            weight=min(255, round(weight * 16)) / 16,
            in_title=word in in_title,
            is_number=word in numbers,
            is_generic=word in GENERIC_STEMS or word in dates,
            is_date=word in dates,
            is_name=word in named or word in titled,
            in_lead=word in in_lead,
            is_identifier=word in in_title and word in identifiers,
            may_be_name=word in title_words.probable_names,
            is_unusual=word in title_words.unusual,
            name=name_numbers.get(word, 0),
        )
        for weight, word in chosen
    ]


def _choose(
    words: Iterable[str],
    counts: Counter[str],
    in_title: Collection[str],
    in_lead: Collection[str],
    named: Collection[str],
) -> list[tuple[float, str]]:
    """Return the weight of the words to keep, heaviest first: words of the title before others."""
    weighed = []
    for place, word in enumerate(words):
        weight = 1 + log(counts[word] + 2) + 1.0 if word in in_title else 1 + log(counts[word])
        if word in in_lead:
            weight += 0.5
        if word in named:
            weight *= _NAME_WEIGHT
        weighed.append((-weight, place, word))
    weighed.sort()
    chosen = [entry for entry in weighed if entry[2] in in_title][:MAX_TITLE_TERMS]
    title_terms = {entry[2] for entry in chosen}
    chosen += [entry for entry in weighed if entry[2] not in title_terms][: MAX_TERMS - len(chosen)]
    return [(-weight, word) for weight, _, word in sorted(chosen)]


def _identifiers(title: str) -> set[str]:
    """Return the numbers of regulations, vulnerabilities and packages, as tokens, without years."""
    found = {number for match in _IDENTIFIER.finditer(title) for number in match.groups() if number}
    return {number for number in found if not (len(number) == 4 and number[:2] in ("19", "20"))}


def _number_names(names: Iterable[tuple[str, ...]], terms: Collection[str]) -> dict[str, int]:
    """Number the multiword names from 1. Return the number of each of their words that is among the terms."""
    numbers: dict[str, int] = {}
    for name in names:
        words = [word for word in name if word in terms]
        if len(words) < 2:
            continue
        number = next((numbers[word] for word in words if word in numbers), len(set(numbers.values())) + 1)
        if number <= _MAX_NAMES:
            for word in words:
                numbers.setdefault(word, number)
    return numbers
