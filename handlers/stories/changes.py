"""What is new: facts that a joining article adds to a story, and what a publisher changed in an article."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from handlers.stories.sentences import Span, sentences
from handlers.stories.shape import MAX_CHARS, dangles, is_balanced, is_furniture, is_question, is_whole, repeats, width
from handlers.stories.word_lists import SMALL_NUMBERS
from handlers.stories.words import NUMBER, fold, number, raw_tokens, tokens

HEADLINE_CHANGED: Final = "Headline changed"
NUMBER_CHANGED: Final = "Number changed"

_LOOKED_AT: Final = 40
_LEAD: Final = 3
"""Sentences from the top that may tell the headline again."""
_RETELLS: Final = 0.5
"""Share of the headline's words above which a sentence without a new number tells the headline again."""
_MOST_CHANGES: Final = 5
_SHORT: Final = 20_000
"""Characters up to which what a text says is kept in memory."""
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
    known: set[str] = set()
    known_names: set[str] = set()
    for other in known_texts:
        said, named = (_told if len(other) <= _SHORT else _told.__wrapped__)(other)
        known |= said
        known_names |= named
    heading = {token.text for token in tokens(title)}
    every = sentences(text, language)[:_LOOKED_AT]
    found: list[tuple[float, int, Span]] = []
    for place, span in enumerate(every):
        if not _can_stand(span, title):
            continue
        words = {token.text for token in tokens(span.text)}
        if len(words) < 4:
            continue
        fresh = {word for word in words if _SPELLED.get(word, word) not in known}
        novelty = len(fresh) / len(words)
        tied = len(words) - len(fresh)
        numbers = {token.text for token in raw_tokens(span.text) if token.is_number and token.text not in known}
        names = {fold(name)[:6] for name in _NAME.findall(span.text)} - known_names
        telling = 1.0 * bool(numbers) + 0.7 * bool(names)
        if tied < 2 or novelty < 0.3 or (telling == 0 and novelty < 0.5):
            continue
        held = len(words & heading)
        if place < _LEAD and not numbers and held >= _RETELLS * max(len(heading), 6):
            continue
        near = min(held, 2) / 2
        strange = min(novelty, 0.6)
        found.append((-(telling + strange + 0.9 * near + 0.6 / (1 + 0.3 * place) + 0.05 * min(tied, 6)), place, span))
    found.sort(key=lambda entry: entry[:2])
    chosen: list[Span] = []
    for _, _, span in found:
        if len(chosen) < limit and not any(repeats(span.text, other.text) for other in chosen):
            chosen.append(span)
    return tuple(chosen)


@lru_cache(maxsize=64)
def _told(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that a text says, and the openings of what may be names: asked again for each article of its story."""
    words = {_SPELLED.get(token.text, token.text) for token in raw_tokens(text)}
    words |= {token.text for token in tokens(text)}
    return frozenset(words), frozenset(fold(name)[:6] for name in _WORDS.findall(text))


def _can_stand(span: Span, title: str) -> bool:
    return (
        width(span.text) <= MAX_CHARS
        and is_whole(span.text)
        and is_balanced(span.text)
        and not is_question(span.text)
        and not is_furniture(span.text)
        and not dangles(span.text)
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
