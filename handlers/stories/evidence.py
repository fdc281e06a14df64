"""What speaks for and against two articles being one story: the words that each has alone, and, within one outlet, copies.

The entries of one outlet share places, people, templates and a style, so only a copy or an update is one story there.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from handlers.stories.features import Features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.senses import are_opposite
from handlers.stories.terms import Term

_RARE: Final = 0.62
"""Rarity from which a word of a headline is as telling as a name."""
_SHORT_TEXT: Final = 30
"""Terms up to which the senses of the first words of a text count, as the text has hardly any others."""
_NEXT_ISSUE: Final = timedelta(hours=16)
"""Equal headlines without texts that are closer in time than this are copies, not issues of a series."""
_LONG_TITLE: Final = 6
"""Words of a headline that hardly returns as that of another event."""
_MIN_COVERED, _MIN_COVERED_TITLE = 0.7, 0.6
_MIN_SHARED: Final = 5


class Reason(StrEnum):
    """Why an article was assigned to the story of another one."""

    COPY = "copy"
    """It has the other's text, perhaps shortened or with a few words changed."""
    UPDATE = "update"
    """It has the other's headline, apart from a mark such as "UPDATE 1-"."""
    REWORDED = "reworded"
    """The same outlet tells the same in other words."""
    EVENT = "event"
    """Another outlet reports the same event."""


class Side(NamedTuple):
    """An article in a comparison."""

    features: Features
    vector: dict[int, float]
    """Weight by term hash; the vector has length 1."""


def _alone(one: Features, other: Features) -> list[Term]:
    """Return the terms that only the first article has."""
    theirs = {term.hash for term in other.terms}
    return [term for term in one.terms if term.hash not in theirs]


def _is_specific(term: Term) -> bool:
    return term.is_name or term.is_number or term.is_date


def _distinguishes(terms: Iterable[Term], rarity: Callable[[Term], float]) -> bool:
    """Return whether one of the terms, which the other article lacks, can make another event of it."""
    return any(
        (_is_specific(term) and (term.in_title or term.in_lead)) or (term.in_title and rarity(term) >= _RARE)
        for term in terms
    )


def parts(one: Features, other: Features, rarity: Callable[[Term], float]) -> bool:
    """Return whether two articles of one outlet are different news: each has a name, number, date or telling word alone.

    Verbs of opposite sense part them as well. Words that only one of them has add to the news and do not part it.
    """
    if are_opposite(one.senses.title, other.senses.title, is_one_outlet=True):
        return True
    is_short = max(len(one.terms), len(other.terms)) <= _SHORT_TEXT
    if is_short and are_opposite(one.senses.lead, other.senses.lead, is_one_outlet=True):
        return True
    return _distinguishes(_alone(one, other), rarity) and _distinguishes(_alone(other, one), rarity)


def same_news_of_one_outlet(
    one: Side, other: Side, rarity: Callable[[Term], float], *, apart: timedelta
) -> Reason | None:
    """Return why two articles of one outlet are the same news; None if they are not, or if it is not certain."""
    ours, theirs = one.features, other.features
    is_same_headline = ours.headline == theirs.headline != 0
    if is_same_headline and ours.update_mark != theirs.update_mark:
        return Reason.UPDATE
    if parts(ours, theirs, rarity):
        return None
    if is_near_duplicate(ours, theirs) and (ours.has_text or apart < _NEXT_ISSUE or _title_words(ours) >= _LONG_TITLE):
        return Reason.COPY
    if is_same_headline and not (ours.has_text and theirs.has_text) and apart < _NEXT_ISSUE:
        return Reason.COPY
    return Reason.REWORDED if _says_the_same(one, other) else None


def _title_words(features: Features) -> int:
    return sum(term.in_title for term in features.terms)


def _says_the_same(one: Side, other: Side) -> bool:
    """Return whether one of the articles says nearly all that the other says, and both headlines are covered."""
    shared = one.vector.keys() & other.vector.keys()
    covered = max(sum(side.vector[term] ** 2 for term in shared) for side in (one, other))
    if covered < _MIN_COVERED:
        return False
    if sum(term.hash in shared and not term.is_generic for term in one.features.terms) < _MIN_SHARED:
        return False
    return all(_covered_title(side, shared) >= _MIN_COVERED_TITLE for side in (one, other))


def _covered_title(side: Side, shared: Iterable[int]) -> float:
    title = {term.hash: side.vector[term.hash] ** 2 for term in side.features.terms if term.in_title}
    total = sum(title.values())
    return sum(title.get(term, 0.0) for term in shared) / total if total else 1.0
