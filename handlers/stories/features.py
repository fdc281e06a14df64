"""The compact features of an article: weighted terms, and a bottom-k sketch that tells near-copies. Bytes and back."""

import re
import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import log
from typing import Final
from zlib import crc32

from handlers.stories.quotable import is_furniture
from handlers.stories.words import GENERIC, Token, compounds, dates, names, raw_tokens, telling, tokens

VERSION: Final = 2
_READABLE: Final = frozenset({1, VERSION})
"""The first version is the same but for names, of which it knows none."""
_NAMES: Final = 15
"""Names of several words that are told apart: what four bits hold."""
MAX_TERMS: Final = 40
MAX_TITLE_TERMS: Final = 32
SKETCH_SIZE: Final = 64
TITLE_CHARS: Final = 600
TERM_WORDS: Final = 800
"""An event is told near the top; what comes later is background, shared by many stories."""
SKETCH_CHARS: Final = 8_000
_NAME_CHARS: Final = 2_500
_LEAD_TOKENS: Final = 60
_NAME_WORTH: Final = 1.6
_HEAD = struct.Struct("<BBHHH")  # version, flags, terms, shingles in the text, sketch
_TERM = struct.Struct("<IBB")  # hash, weight in sixteenths, flags
_IN_TITLE, _IS_NUMBER, _IS_GENERIC, _IS_DATE = 1, 2, 4, 8
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|\b[\w.-]+\.(?:com|org|net|co|tv|fr|de|uk)\b(?:/\S*)?"
)
_LONGEST_FURNITURE: Final = 240
_SAME_TEXT: Final = 0.5
"""Share of runs in common that makes two texts copies; a changed word spoils three runs."""
_SAME_LINE: Final = 0.8
"""The same for a headline or a line or two, where a template alone gives half."""
_LONG_ENOUGH: Final = 30
_HELD_IN_OTHER: Final = 0.75
"""Share of a shorter text's runs that stand in the longer one, of which it then is a part."""
_FOUND_AT_LEAST: Final = 6
_PART: Final = 8
"""Copies share at least one in so many of the hashes of the longer sketch."""
_SAME_TEMPLATE: Final = 0.6
_NEXT_ISSUE: Final = timedelta(hours=16)
_SHORT_TITLE: Final = 6
_MAX_SHINGLES: Final = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    hash: int
    weight: float
    """How much the article is about it, before rarity."""
    in_title: bool
    is_number: bool
    is_generic: bool
    is_date: bool
    """A day, or the number of an issue, in the title: what tells one issue of a series from the next."""
    name: int
    """The same for the words of one name of several words; 0 for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    terms: tuple[Term, ...]
    """Heaviest first."""
    shingles: int
    """Distinct runs of three words in title and text."""
    sketch: tuple[int, ...]
    """The smallest hashes of those runs, ascending."""
    has_text: bool
    sketch_set: frozenset[int]


def word_hash(text: str) -> int:
    """What a term is stored and compared by."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def _group_names(runs: Iterable[tuple[str, ...]], known: Collection[str]) -> dict[str, int]:
    """A number from 1 by word, the same for words that stand together in a name."""
    group: dict[str, int] = {}
    for run in runs:
        words = [word for word in run if word in known]
        if len(words) < 2:
            continue
        given = next((group[word] for word in words if word in group), len(set(group.values())) + 1)
        if given <= _NAMES:
            for word in words:
                group.setdefault(word, given)
    return group


def _weigh(
    title: Sequence[Token], text: Sequence[Token], named: frozenset[str], runs: Iterable[tuple[str, ...]]
) -> list[Term]:
    counts = Counter(token.text for token in text)
    in_title = {token.text for token in title}
    dated = dates(title)
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
            weight *= _NAME_WORTH
        terms.append((-weight, place, word))
    terms.sort()
    kept = [entry for entry in terms if entry[2] in in_title][:MAX_TITLE_TERMS]
    chosen = {entry[2] for entry in kept}
    kept += [entry for entry in terms if entry[2] not in chosen][: MAX_TERMS - len(kept)]
    kept.sort()
    group = _group_names(runs, {entry[2] for entry in kept})
    return [
        Term(
            hash=word_hash(word),
            weight=min(255, round(-weight * 16)) / 16,
            in_title=word in in_title,
            is_number=word in numbers,
            is_generic=word in GENERIC or word in dated,
            is_date=word in dated,
            name=group.get(word, 0),
        )
        for weight, _, word in kept
    ]


def _tidy(text: str) -> str:
    """The text without addresses and without the lines that a site puts under everything it publishes."""
    text = _ADDRESS.sub(" ", text)
    return "\n".join(line for line in text.splitlines() if len(line) > _LONGEST_FURNITURE or not is_furniture(line))


def _sketch(words: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    size = min(3, len(words))
    if size == 0:
        return 0, ()
    shingles = {word_hash(" ".join(words[start : start + size])) for start in range(len(words) - size + 1)}
    return min(len(shingles), _MAX_SHINGLES), tuple(sorted(shingles)[:SKETCH_SIZE])


def features(title: str, text: str, language: str) -> bytes:
    """What `StoryIndex` needs to know of an article, under 1 kB. The same article always gives the same bytes.

    `language` is an ISO 639-1 code or "und"; terms do not depend on it, so that a wrong guess splits no story.
    """
    title = title[:TITLE_CHARS]
    text = _tidy(text[:SKETCH_CHARS])
    words = list(raw_tokens(text))
    terms = _weigh(
        tokens(title),
        telling(words[:TERM_WORDS]),
        names(text[:_NAME_CHARS]),
        [*compounds(title), *compounds(text[:_NAME_CHARS])],
    )
    shingles, sketch = _sketch([token.text for token in words] or [token.text for token in raw_tokens(title)])
    parts = [_HEAD.pack(VERSION, bool(text.strip()), len(terms), shingles, len(sketch))]
    for term in terms:
        flags = (
            _IN_TITLE * term.in_title
            | _IS_NUMBER * term.is_number
            | _IS_GENERIC * term.is_generic
            | _IS_DATE * term.is_date
            | term.name << 4
        )
        parts.append(_TERM.pack(term.hash, round(term.weight * 16), flags))
    parts.append(struct.pack(f"<{len(sketch)}I", *sketch))
    return b"".join(parts)


_NOTHING: Final = Features(terms=(), shingles=0, sketch=(), has_text=False, sketch_set=frozenset())


@lru_cache(maxsize=64)
def read_features(data: bytes) -> Features:
    """The features that `features` wrote. Bytes of another version or cut short read as no features at all."""
    if len(data) < _HEAD.size:
        return _NOTHING
    version, flags, term_count, shingles, sketch_size = _HEAD.unpack_from(data)
    if version not in _READABLE or len(data) != _HEAD.size + term_count * _TERM.size + sketch_size * 4:
        return _NOTHING
    end = _HEAD.size + term_count * _TERM.size
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
        for word, weight, bits in _TERM.iter_unpack(data[_HEAD.size : end])
    )
    sketch = struct.unpack_from(f"<{sketch_size}I", data, end)
    return Features(
        terms=terms,
        shingles=shingles,
        sketch=sketch,
        sketch_set=frozenset(sketch),
        has_text=bool(flags & 1),
    )


def is_copy(one: Features, other: Features) -> bool:
    """True when one is the other's text, perhaps cut shorter or with a changed line."""
    if not one.sketch or not other.sketch or one.has_text != other.has_text:
        return False
    if one.sketch == other.sketch and one.shingles == other.shingles:
        return True
    size = min(SKETCH_SIZE, len(one.sketch) + len(other.sketch))
    together = one.sketch_set & other.sketch_set
    if len(together) * _PART < size:
        return False
    smallest = sorted(one.sketch_set | other.sketch_set)[:size]
    both = sum(value in together for value in smallest)
    resemblance = both / len(smallest)
    smaller = min(one.shingles, other.shingles)
    if resemblance >= (_SAME_TEXT if smaller >= _LONG_ENOUGH else _SAME_LINE):
        return True
    shared = resemblance * (one.shingles + other.shingles) / (1 + resemblance)
    return both >= _FOUND_AT_LEAST and smaller >= _LONG_ENOUGH and shared / smaller >= _HELD_IN_OTHER


def count_independent(many: Sequence[bytes]) -> int:
    """How many of these articles are not copies of an earlier one. At least 1 when there is any.

    Copies share an eighth of a sketch; so they share one of its rarest hashes, by which alone they are looked up:
    the prefix filter of Chaudhuri, Ganti and Kaushik ("A primitive operator for similarity joins", 2006). It is exact.
    """
    known = [read_features.__wrapped__(data) for data in many]
    spread = Counter(value for one in known for value in one.sketch)
    found: defaultdict[int, list[int]] = defaultdict(list)
    count = 0
    for place, one in enumerate(known):
        size = len(one.sketch)
        rarest = sorted(one.sketch, key=lambda value: (spread[value], value))[: size - max(1, -(-size // _PART)) + 1]
        earlier = dict.fromkeys(other for value in rarest for other in found[value])
        if any(is_copy(one, known[other]) for other in earlier):
            continue
        count += 1
        for value in rarest:
            found[value].append(place)
    return count


def are_issues(one: Features, other: Features, *, apart: timedelta) -> bool:
    """Whether the titles follow one template that is filled in anew: "Horoscope for 3 June", "Five new cases today".

    Copies are no such issues; ask `is_copy` first.
    """
    ours = {term.hash: term for term in one.terms if term.in_title}
    theirs = {term.hash: term for term in other.terms if term.in_title}
    fixed = [
        {word for word, term in side.items() if not term.is_date and not term.is_number} for side in (ours, theirs)
    ]
    filled = [{word for word, term in side.items() if term.is_date} for side in (ours, theirs)]
    counts = [{word for word, term in side.items() if term.is_number} for side in (ours, theirs)]
    if len(fixed[0] & fixed[1]) < _SAME_TEMPLATE * len(fixed[0] | fixed[1]):
        return False
    if filled[0] - filled[1] and filled[1] - filled[0]:
        return True
    if apart < _NEXT_ISSUE:
        return False
    if counts[0] != counts[1]:
        return True
    return ours.keys() == theirs.keys() and (one.has_text or other.has_text or len(ours) < _SHORT_TITLE)
