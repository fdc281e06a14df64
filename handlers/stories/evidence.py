"""How much two articles say for one event, and how much must be said: pure measures on their features."""

from collections.abc import Callable
from datetime import timedelta
from math import exp, sqrt
from typing import Final

from handlers.stories.sketch import Features, Term

_HEADLINE_TO_TEXT: Final = (8, 16)
"""Terms of a bare headline, and of one with a line or two of text."""
_TEXT_TO_LONG: Final = (250, 600)
"""Words of a usual text, and of a long one."""
_JOIN_HEADLINE, _JOIN_TEXT, _JOIN_LONG = 0.165, 0.29, 0.235
_JOIN_A_DAY: Final = 0.15
_THINGS: Final = 0.5
"""Rare things that reports of one event share, as a multiple of the root of the shorter one's terms."""


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


def breadth(one: Features, other: Features, rarity: Callable[[Term], float]) -> float:
    """Whether they share as many things as reports of one event do: 1 if so, less the fewer.

    A person, a place or a firm alone is in the news for many reasons. The words of one name are one thing.
    """
    theirs = {term.hash: term for term in other.terms}
    shared: dict[int | tuple[bool, int], float] = {}
    for term in one.terms:
        mate = theirs.get(term.hash)
        if mate is not None:
            thing = (True, term.name) if term.name else (False, mate.name) if mate.name else term.hash
            shared[thing] = max(shared.get(thing, 0.0), rarity(term))
    terms = min(len(one.terms), len(other.terms))
    return min(1.0, sum(shared.values()) / (_THINGS * sqrt(terms))) if terms else 0.0
