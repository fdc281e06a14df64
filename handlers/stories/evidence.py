"""What speaks for and against two articles being one story: words that only one has and, within one outlet, copies.

The entries of one outlet share places, people, templates and a style, so only a copy or an update is one story there.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from handlers.stories.features import Features
from handlers.stories.near_duplicates import is_near_duplicate, is_same_text
from handlers.stories.senses import are_opposite
from handlers.stories.terms import Term

_RARE: Final = 0.62
"""Rarity from which a word of a headline is as telling as a name."""
_SHORT_TEXT: Final = 30
"""Terms up to which the senses of the first words of a text count, as the text has hardly any others."""
_NEXT_ISSUE: Final = timedelta(hours=16)
"""Entries that are closer in time than this are versions of one report rather than issues of a series."""
_LONG_TITLE: Final = 6
"""Words of a headline that hardly returns as that of another event."""
_MIN_COVERED: Final = 0.85
"""Share of the weight of an article, and of its headline, that an article has which says the same."""
_MIN_SHARED: Final = 4
"""Words that both have and that are no generic ones: fewer are a subject, not an event."""


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
    """Return whether one of the terms, which the other article lacks, can make another event of it.

    Words of the headline that `rarity` calls rare do so as well as names and numbers.
    """
    return any(
        (_is_specific(term) and (term.in_title or term.in_lead)) or (term.in_title and rarity(term) >= _RARE)
        for term in terms
    )


def contradict(one: Features, other: Features) -> bool:
    """Return whether two articles, perhaps of two outlets, cannot report one event.

    Their headlines have verbs of opposite sense, or each has a number of its own that identifies something.
    """
    if _say_the_opposite(one, other, is_one_outlet=False):
        return True
    numbers = [{term.hash for term in side.terms if term.is_identifier} for side in (one, other)]
    return bool(numbers[0] - numbers[1] and numbers[1] - numbers[0])


def parts(one: Features, other: Features, rarity: Callable[[Term], float]) -> bool:
    """Return whether two articles of one outlet are different news.

    They are if each has a name, number, date or telling word that the other lacks, or verbs of opposite sense. Words
    that only one of them has add to the news and do not part it. One text under two headlines is one report.
    """
    if _say_the_opposite(one, other, is_one_outlet=True):
        return True
    if is_same_text(one, other):
        rarity = _never_rare
    return _distinguishes(_alone(one, other), rarity) and _distinguishes(_alone(other, one), rarity)


def _say_the_opposite(one: Features, other: Features, *, is_one_outlet: bool) -> bool:
    if are_opposite(one.senses.title, other.senses.title, is_one_outlet=is_one_outlet):
        return True
    if max(len(one.terms), len(other.terms)) > _SHORT_TEXT:
        return False
    whole = [side.senses.title | side.senses.lead for side in (one, other)]
    return are_opposite(*whole, is_one_outlet=is_one_outlet)


def _never_rare(term: Term) -> float:
    return 0.0


def same_news_of_one_outlet(
    one: Side, other: Side, rarity: Callable[[Term], float], *, apart: timedelta
) -> Reason | None:
    """Return why two articles of one outlet are the same news; None if they are not, or if it is not certain."""
    ours, theirs = one.features, other.features
    is_same_headline = ours.headline == theirs.headline != 0
    if is_same_headline and ours.update_mark != theirs.update_mark:
        return Reason.UPDATE
    if parts(ours, theirs, _never_rare):
        return None
    if apart < _NEXT_ISSUE and _says_the_same(one, other):
        return Reason.COPY if is_near_duplicate(ours, theirs) else Reason.REWORDED
    if parts(ours, theirs, rarity):
        return None
    if is_near_duplicate(ours, theirs) and (ours.has_text or apart < _NEXT_ISSUE or _title_words(ours) >= _LONG_TITLE):
        return Reason.COPY
    if is_same_headline and not (ours.has_text and theirs.has_text) and apart < _NEXT_ISSUE:
        return Reason.COPY
    return None


def _title_words(features: Features) -> int:
    return sum(term.in_title for term in features.terms)


def _says_the_same(one: Side, other: Side) -> bool:
    """Return whether each article says nearly all that the other says, in the headline too."""
    shared = one.vector.keys() & other.vector.keys()
    if min(sum(side.vector[term] ** 2 for term in shared) for side in (one, other)) < _MIN_COVERED:
        return False
    if sum(term.hash in shared and not term.is_generic for term in one.features.terms) < _MIN_SHARED:
        return False
    return all(_covered_title(side, shared) >= _MIN_COVERED for side in (one, other))


def _covered_title(side: Side, shared: Iterable[int]) -> float:
    title = {term.hash: side.vector[term.hash] ** 2 for term in side.features.terms if term.in_title}
    total = sum(title.values())
    return sum(title.get(term, 0.0) for term in shared) / total if total else 1.0
