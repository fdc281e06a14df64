"""The compact features of an article: weighted terms and a MinHash signature; their encoding as bytes, and decoding.

The signature keeps the smallest hashes of the text's shingles (bottom-k): A. Broder, "On the resemblance and
containment of documents", 1997. `near_duplicates.py` compares signatures, `similarity.py` compares terms.
"""

import re
import struct
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final
from zlib import crc32

from handlers.stories.quotable import is_boilerplate
from handlers.stories.words import (
    GENERIC_STEMS,
    Token,
    date_terms,
    multiword_names,
    name_stems,
    significant,
    significant_tokens,
    tokenize,
)

VERSION: Final = 2
_READABLE_VERSIONS: Final = frozenset({1, VERSION})
"""Version 1 has the same layout but no name numbers."""
_MAX_NAMES: Final = 15
"""Multiword names that get a number of their own: as many as four bits hold."""
MAX_TERMS: Final = 40
MAX_TITLE_TERMS: Final = 32
SIGNATURE_SIZE: Final = 64
TITLE_CHARS: Final = 600
TERM_WORDS: Final = 800
"""Words of the text that terms are taken from. Later words are mostly background that many stories share."""
SIGNATURE_CHARS: Final = 8_000
_NAME_CHARS: Final = 2_500
_LEAD_TOKENS: Final = 60
_NAME_WEIGHT: Final = 1.6
_HEADER = struct.Struct("<BBHHH")  # version, flags, number of terms, shingles in the text, size of the signature
_TERM = struct.Struct("<IBB")  # hash, weight in sixteenths, flags
_IN_TITLE, _IS_NUMBER, _IS_GENERIC, _IS_DATE = 1, 2, 4, 8
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|\b[\w.-]+\.(?:com|org|net|co|tv|fr|de|uk)\b(?:/\S*)?"
)
_LONGEST_BOILERPLATE: Final = 240
"""Characters."""
_MAX_SHINGLES: Final = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    hash: int
    weight: float
    """How prominent the term is in the article; its rarity is not taken into account."""
    in_title: bool
    is_number: bool
    is_generic: bool
    is_date: bool
    """A day or a number in a series, in the title: it distinguishes one issue of a series from the next."""
    name: int
    """The same positive number for all words of a multiword name; 0 for other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    terms: tuple[Term, ...]
    """Heaviest first."""
    shingles: int
    """The number of distinct runs of three words in the text, or in the title of an article without text."""
    signature: tuple[int, ...]
    """The smallest hashes of those runs, ascending."""
    has_text: bool
    signature_set: frozenset[int]


def word_hash(text: str) -> int:
    """Return the 32-bit hash by which a term is stored and compared."""
    return crc32(text.encode("utf-8", "surrogatepass"))


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


def _weigh(
    title: Sequence[Token], text: Sequence[Token], named: frozenset[str], names: Iterable[tuple[str, ...]]
) -> list[Term]:
    counts = Counter(token.text for token in text)
    in_title = {token.text for token in title}
    dates = date_terms(title)
    in_lead = {token.text for token in text[:_LEAD_TOKENS]}
    numbers = {token.text for token in (*title, *text) if token.is_number}
    order = {
        word: place for place, word in enumerate(dict.fromkeys([*(t.text for t in title), *(t.text for t in text)]))
    }
    terms = []
    for word, place in order.items():
        count = counts[word] + (2 if word in in_title else 0)
        weight = 1 + log(count)
        if word in in_title:
            weight += 1.0
        if word in in_lead:
            weight += 0.5
        if word in named:
            weight *= _NAME_WEIGHT
        terms.append((-weight, place, word))
    terms.sort()
    chosen = [entry for entry in terms if entry[2] in in_title][:MAX_TITLE_TERMS]
    title_terms = {entry[2] for entry in chosen}
    chosen += [entry for entry in terms if entry[2] not in title_terms][: MAX_TERMS - len(chosen)]
    chosen.sort()
    name_numbers = _number_names(names, {entry[2] for entry in chosen})
    return [
        Term(
            hash=word_hash(word),
            weight=min(255, round(-weight * 16)) / 16,
            in_title=word in in_title,
            is_number=word in numbers,
            is_generic=word in GENERIC_STEMS or word in dates,
            is_date=word in dates,
            name=name_numbers.get(word, 0),
        )
        for weight, _, word in chosen
    ]


def _without_boilerplate(text: str) -> str:
    """Return the text without web addresses and without the lines that a site adds to everything it publishes."""
    text = _ADDRESS.sub(" ", text)
    return "\n".join(line for line in text.splitlines() if len(line) > _LONGEST_BOILERPLATE or not is_boilerplate(line))


def _signature(words: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """Return the number of distinct shingles of three words, and the smallest of their hashes, ascending."""
    size = min(3, len(words))
    if size == 0:
        return 0, ()
    shingles = {word_hash(" ".join(words[start : start + size])) for start in range(len(words) - size + 1)}
    return min(len(shingles), _MAX_SHINGLES), tuple(sorted(shingles)[:SIGNATURE_SIZE])


def encode_features(title: str, text: str, language: str) -> bytes:
    """Return the features of an article as `StoryIndex` needs them, encoded in less than 1 kB.

    The same article always gives the same bytes. `language` is an ISO 639-1 code or "und"; terms do not depend on it,
    so a wrongly detected language does not split a story.
    """
    title = title[:TITLE_CHARS]
    text = _without_boilerplate(text[:SIGNATURE_CHARS])
    words = tokenize(text)
    terms = _weigh(
        significant_tokens(title),
        significant(words[:TERM_WORDS]),
        name_stems(text[:_NAME_CHARS]),
        [*multiword_names(title), *multiword_names(text[:_NAME_CHARS])],
    )
    shingles, signature = _signature([token.text for token in words] or [token.text for token in tokenize(title)])
    parts = [_HEADER.pack(VERSION, bool(text.strip()), len(terms), shingles, len(signature))]
    for term in terms:
        flags = (
            _IN_TITLE * term.in_title
            | _IS_NUMBER * term.is_number
            | _IS_GENERIC * term.is_generic
            | _IS_DATE * term.is_date
            | term.name << 4
        )
        parts.append(_TERM.pack(term.hash, round(term.weight * 16), flags))
    parts.append(struct.pack(f"<{len(signature)}I", *signature))
    return b"".join(parts)


_EMPTY: Final = Features(terms=(), shingles=0, signature=(), has_text=False, signature_set=frozenset())


@lru_cache(maxsize=64)
def decode_features(data: bytes) -> Features:
    """Decode what `encode_features` returned. Bytes of an unknown version and truncated bytes give empty features."""
    if len(data) < _HEADER.size:
        return _EMPTY
    version, flags, term_count, shingles, signature_size = _HEADER.unpack_from(data)
    if version not in _READABLE_VERSIONS or len(data) != _HEADER.size + term_count * _TERM.size + signature_size * 4:
        return _EMPTY
    end = _HEADER.size + term_count * _TERM.size
    terms = tuple(
        Term(
            hash=word,
            weight=weight / 16,
            in_title=bool(bits & _IN_TITLE),
            is_number=bool(bits & _IS_NUMBER),
            is_generic=bool(bits & _IS_GENERIC),
            is_date=bool(bits & _IS_DATE),
            name=bits >> 4,
        )
        for word, weight, bits in _TERM.iter_unpack(data[_HEADER.size : end])
    )
    signature = struct.unpack_from(f"<{signature_size}I", data, end)
    return Features(
        terms=terms,
        shingles=shingles,
        signature=signature,
        signature_set=frozenset(signature),
        has_text=bool(flags & 1),
    )
