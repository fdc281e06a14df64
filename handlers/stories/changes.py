"""What is new: facts that a joining article adds to a story, and what a publisher changed in an article."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from handlers.stories.quotable import (
    MAX_CHARS,
    dangles,
    is_balanced,
    is_furniture,
    is_question,
    is_whole,
    repeats,
    width,
    word_set,
)
from handlers.stories.sentences import Span, sentences
from handlers.stories.stop_words import SMALL_NUMBERS
from handlers.stories.words import NUMBER, fold, number, raw_tokens, telling, text_of, tokens

HEADLINE_CHANGED: Final = "Headline changed"
NUMBER_CHANGED: Final = "Number changed"

_LOOKED_AT: Final = 40
_LEAD: Final = 3
"""Sentences from the top that may tell the headline again."""
_RETELLS: Final = 0.5
"""Share of the headline's words above which a sentence without a new number tells the headline again."""
_MOST_CHANGES: Final = 5
_KEPT: Final = 128
_SHORT: Final = 20_000
"""Texts of which is kept in memory what they say, and the characters of the longest of them."""
_Told = tuple[frozenset[str], frozenset[str]]
_WORDS: Final = re.compile(r"[^\W\d_]+")
_SPELLED: Final = {word: str(value) for value, word in enumerate(SMALL_NUMBERS)}
_NAME: Final = re.compile(r"(?<![.!?…\"“«(\[„:] )(?<!^)\b[^\W\d_a-z][^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An edit by the publisher that a reader must know of."""

    label: str
    """ "Headline changed" or "Number changed"."""
    before: str
    """The headline or sentence as it was, word for word."""
    after: str
    """The same as it is now, word for word."""
    removed: str
    """The words of `before` that are gone, in order; may be empty."""
    added: str
    """The words of `after` that are new, in order; may be empty."""


def new_facts(
    known_texts: Sequence[str], *, title: str, text: str, language: str = "und", limit: int = 1
) -> tuple[Span, ...]:
    """Sentences of an article that say of the same event what none of the known texts says, the most telling first.

    A known text is an article's title and text. Empty for a copy, for plain rewording and for mere background.
    A sentence that tells its own headline again is no fact: the story is known by now.
    """
    told = [(_told if len(other) <= _SHORT else _told.__wrapped__)(other) for other in known_texts]
    heading = word_set(title)
    every = [(span, tokens(span.text)) for span in sentences(text, language, most=_LOOKED_AT)]
    unknown = {word.text for _, words in every for word in words}
    unknown |= {_SPELLED[word] for word in unknown & _SPELLED.keys()}
    for said, _ in told:
        unknown = unknown - said
    found: list[tuple[float, int, Span]] = []
    for place, (span, said_here) in enumerate(every):
        words = set(map(text_of, said_here))
        fresh = {word for word in words if _SPELLED.get(word, word) in unknown}
        tied = len(words) - len(fresh)
        if len(words) < 4 or tied < 2 or (novelty := len(fresh) / len(words)) < 0.3:
            continue
        has_number = any(word.is_number and word.text in unknown for word in said_here)
        fact = 1.0 * has_number + 0.7 * _has_new_name(span.text, told)
        if fact == 0 and novelty < 0.5:
            continue
        held = len(words & heading)
        if place < _LEAD and not has_number and held >= _RETELLS * max(len(heading), 6):
            continue
        near = min(held, 2) / 2
        strange = min(novelty, 0.6)
        found.append((-(fact + strange + 0.9 * near + 0.6 / (1 + 0.3 * place) + 0.05 * min(tied, 6)), place, span))
    found.sort(key=lambda entry: entry[:2])
    chosen: list[Span] = []
    for _, _, span in found:
        if len(chosen) == limit:
            break
        if _can_stand(span, title) and not any(repeats(span.text, other.text) for other in chosen):
            chosen.append(span)
    return tuple(chosen)


@lru_cache(maxsize=_KEPT)
def _told(text: str) -> _Told:
    """What a text says, asked again for each article of its story: its words, and the openings of what may be names."""
    raw = set(raw_tokens(text))
    words = {*map(text_of, raw), *map(text_of, telling(raw))}
    words |= {_SPELLED[word] for word in words & _SPELLED.keys()}
    return frozenset(words), _openings(_WORDS, text)


def _openings(names: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(fold(name)[:6] for name in set(names.findall(text)))


def _has_new_name(text: str, told: Sequence[_Told]) -> bool:
    names = _openings(_NAME, text)
    for _, known in told:
        names = names - known
    return bool(names)


def _can_stand(span: Span, title: str) -> bool:
    return (
        width(span.text) <= MAX_CHARS
        and not dangles(span.text)
        and is_balanced(span.text)
        and is_whole(span.text)
        and not is_question(span.text)
        and not is_furniture(span.text)
        and not repeats(span.text, title)
    )


def changes(old_title: str, old_text: str, new_title: str, new_text: str) -> tuple[Change, ...]:
    """A changed headline, then numbers changed in sentences that are otherwise the same, in the text's order.

    Edits of punctuation, case and spaces are no changes; nor is "1,000" for "1000". At most five.
    """
    found = []
    if old_title.strip() and new_title.strip() and _plain(old_title) != _plain(new_title):
        found.append(_change(HEADLINE_CHANGED, old_title.strip(), new_title.strip()))
    before: dict[tuple[str, ...], list[Span]] = {}
    for span in sentences(old_text):
        before.setdefault(_masked(span.text), []).append(span)
    for span in sentences(new_text):
        same = before.get(_masked(span.text))
        if not same or not _numbers(span.text):
            continue
        twin = next((other for other in same if _numbers(other.text) == _numbers(span.text)), None)
        if twin is not None:
            same.remove(twin)
            continue
        old = same.pop(0)
        found.append(_change(NUMBER_CHANGED, old.text, span.text))
    return tuple(found[:_MOST_CHANGES])


def _plain(text: str) -> list[str]:
    return [token.text for token in raw_tokens(text)]


def _numbers(text: str) -> list[str]:
    return [number(found) for found in NUMBER.findall(unicodedata.normalize("NFKC", text))]


def _masked(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text)
    return tuple(token.text for token in raw_tokens(NUMBER.sub(" 0 ", plain)))


def _change(label: str, before: str, after: str) -> Change:
    old, new = before.split(), after.split()
    removed, added = [], []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal" and _plain(" ".join(old[first:last])) != _plain(" ".join(new[start:end])):
            removed += old[first:last]
            added += new[start:end]
    return Change(label=label, before=before, after=after, removed=" ".join(removed), added=" ".join(added))
