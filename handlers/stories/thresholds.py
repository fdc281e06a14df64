"""How much two articles say for one event, and how much must be said: pure measures on their features."""

from collections.abc import Callable
from datetime import timedelta
from math import exp, sqrt
from typing import Final

from handlers.stories.features import Features, Term

_HEADLINE_TO_TEXT: Final = (8, 16)
"""Terms of a bare headline, and of one with a line or two of text."""
_TEXT_TO_LONG: Final = (250, 600)
"""Words of a usual text, and of a long one."""
_JOIN_HEADLINE, _JOIN_TEXT, _JOIN_LONG = 0.155, 0.29, 0.21
_LINE_TO_TEXT: Final = (50, 150)
"""Words of a headline with a line or two, and of a text."""
_MERGE_HEADLINE, _MERGE_TEXT = 0.5, 0.8
_JOIN_A_DAY: Final = 0.15
_THINGS: Final = 0.5
"""Rare things that reports of one event share, as a multiple of the root of the shorter one's terms."""
_SINGLE_TEXT: Final = 0.86
"""What is left of the evidence for a story of a single article with a text: one report says less than several."""
_LONE: Final = 0.6
"""What is left of it where one name or word is all that is shared with a story of a single article."""


def _between(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def enough(one: Features, other: Features, apart: timedelta) -> float:
    """The evidence that makes two articles one event: more where there is a text, and the further the story is in time.

    Of long texts a little less, since each fills its terms with details of its own.
    """
    terms, words = min(len(one.terms), len(other.terms)), min(one.shingles, other.shingles)
    asked = _JOIN_HEADLINE + (_JOIN_TEXT - _JOIN_HEADLINE) * _between(terms, *_HEADLINE_TO_TEXT)
    asked -= (_JOIN_TEXT - _JOIN_LONG) * _between(words, *_TEXT_TO_LONG)
    return asked * exp(_JOIN_A_DAY * (apart / timedelta(days=1)))


def breadth(one: Features, other: Features, rarity: Callable[[Term], float], *, is_single: bool) -> float:
    """Whether they share as many things as reports of one event do: 1 if so, less the fewer, 0 where none tells.

    `is_single` says that the other is all there is of its story. A person, a place or a firm alone is in the news for
    many reasons; the words of one name are one thing.
    """
    theirs = {term.hash: term for term in other.terms}
    shared: dict[int | tuple[bool, int], float] = {}
    telling = set()
    for term in one.terms:
        mate = theirs.get(term.hash)
        if mate is not None:
            thing = (True, term.name) if term.name else (False, mate.name) if mate.name else term.hash
            shared[thing] = max(shared.get(thing, 0.0), rarity(term))
            if not term.is_generic:
                telling.add(thing)
    if not telling:
        return 0.0
    terms = min(len(one.terms), len(other.terms))
    share = min(1.0, sum(shared.values()) / (_THINGS * sqrt(terms)))
    if is_single:
        share *= 1 - (1 - _SINGLE_TEXT) * _between(terms, *_HEADLINE_TO_TEXT)
        if len(telling) == 1:
            share *= _LONE
    return share


def merges(one: Features) -> float:
    """The likeness of two stories, both of which report the event of the article `one`, that makes them one story.

    More is asked of texts: reports of two like events share the words in which such events are told.
    """
    return _MERGE_HEADLINE + (_MERGE_TEXT - _MERGE_HEADLINE) * _between(one.shingles, *_LINE_TO_TEXT)
