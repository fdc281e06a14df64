"""How similar two articles or stories must be to report the same event: thresholds and factors from their features."""

from collections.abc import Callable
from datetime import timedelta
from math import exp, sqrt
from typing import Final

from handlers.stories.features import Features
from handlers.stories.terms import Term

_HEADLINE_TO_TEXT: Final = (8, 16)
"""Numbers of terms: of a headline alone, and of a headline with a line or two of text."""
_TEXT_TO_LONG: Final = (250, 600)
"""Numbers of shingles: of a usual text, and of a long one."""
_SAME_EVENT_HEADLINE, _SAME_EVENT_TEXT, _SAME_EVENT_LONG = 0.165, 0.29, 0.21
_LINE_TO_TEXT: Final = (50, 150)
"""Numbers of shingles: of a headline with a line or two, and of a text."""
_MERGE_HEADLINE, _MERGE_BRIDGED, _MERGE_TEXT = 0.22, 0.5, 0.8
_INCREASE_PER_DAY: Final = 0.15
_EXPECTED_SHARED: Final = 0.5
"""Summed rarity of the terms that reports of one event share, as a multiple of the root of the number of terms."""
_SINGLE_TEXT: Final = 0.86
"""Factor for a story of a single article with a text: one report is less evidence than several."""
_SINGLE_TERM: Final = 0.8
"""Factor where a story of a single article shares only one name or word."""
_SINGLE_TERM_OF_TEXTS: Final = 0.3
"""Factor where articles with texts share only one: two reports of one event share more."""


def _ramp(value: float, low: float, high: float) -> float:
    """Return 0 up to `low`, 1 from `high` on, and the linear interpolation between them."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def same_event_threshold(one: Features, other: Features, apart: timedelta) -> float:
    """Return the cosine similarity from which two articles report the same event.

    It is higher for articles with a text than for headlines, somewhat lower again for long texts, whose terms are full
    of details of their own, and it grows with the time `apart` between the article and the story.
    """
    shingles = min(one.shingles, other.shingles)
    share_of_text = 1.0 if one.has_text and other.has_text else _ramp(_shorter(one, other), *_HEADLINE_TO_TEXT)
    threshold = _SAME_EVENT_HEADLINE + (_SAME_EVENT_TEXT - _SAME_EVENT_HEADLINE) * share_of_text
    threshold -= (_SAME_EVENT_TEXT - _SAME_EVENT_LONG) * _ramp(shingles, *_TEXT_TO_LONG)
    return threshold * exp(_INCREASE_PER_DAY * (apart / timedelta(days=1)))


def shared_terms_factor(one: Features, other: Features, rarity: Callable[[Term], float], *, is_single: bool) -> float:
    """Return a factor from 0 to 1: 1 if the articles share as many rare terms as reports of one event do.

    It is 0 where all shared terms are generic. `is_single` means that `other` is the only article of its story. A
    person, a place or a company alone is in the news for many reasons, so the words of one name count as one term.
    """
    theirs = {term.hash: term for term in other.terms}
    shared: dict[int | tuple[bool, int], float] = {}
    specific = set()
    for term in one.terms:
        match = theirs.get(term.hash)
        if match is not None:
            key = (True, term.name) if term.name else (False, match.name) if match.name else term.hash
            shared[key] = max(shared.get(key, 0.0), rarity(term))
            if not term.is_generic:
                specific.add(key)
    if not specific:
        return 0.0
    terms = _shorter(one, other)
    factor = min(1.0, sum(shared.values()) / (_EXPECTED_SHARED * sqrt(terms)))
    have_texts = one.has_text and other.has_text
    if is_single:
        factor *= 1 - (1 - _SINGLE_TEXT) * _ramp(terms, *_HEADLINE_TO_TEXT)
        if len(specific) == 1:
            factor *= _SINGLE_TERM
    if have_texts and len(specific) == 1:
        factor *= _SINGLE_TERM_OF_TEXTS
    return factor


def _shorter(one: Features, other: Features) -> int:
    """Return the number of terms of the article with fewer of them."""
    return min(len(one.terms), len(other.terms))


def merge_threshold(*, has_text: bool) -> float:
    """Return the cosine similarity from which two stories are one.

    It is higher for texts: reports of two similar events share the vocabulary of such events.
    """
    return _MERGE_TEXT if has_text else _MERGE_HEADLINE


def bridge_threshold(article: Features) -> float:
    """Return the cosine similarity from which two stories are one, given that both report the event of this article."""
    return _MERGE_BRIDGED + (_MERGE_TEXT - _MERGE_BRIDGED) * _ramp(article.shingles, *_LINE_TO_TEXT)
