"""Names that differ between an article and a story: two firms' bankruptcies share their words, but not the firm."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import exp
from typing import Final, NamedTuple

from handlers.stories.evidence import Side, contradict, parts
from handlers.stories.features import Features
from handlers.stories.headline_names import headlines_name_others
from handlers.stories.near_duplicates import LONG_SHINGLES, is_near_duplicate
from handlers.stories.terms import Term

_COMMON_NAME: Final = 0.7
"""Rarity below which a shared name, such as that of a country, does not identify an event."""
_RARE_NAME: Final = 0.9
"""Rarity above which a name that only one side has stands for somebody else."""
_OTHER_SUBJECT, _OTHER_SUBJECT_OF_TEXT = 0.7, 0.6
"""Factor where each headline names somebody whom the other side does not mention: headlines only, and with texts."""
_WEIGHT: Final = 0.3
_SHORT_TEXT, _LONG_TEXT = 150, 400
"""Shingles up to which the names of a text count fully, and from which they do not: a long text names many people."""


class _Name(NamedTuple):
    term: Term
    rarity: float
    is_shared: bool
    is_typical: bool
    """At least half of the articles on its side have it."""


def names_factor(article: Side, story: Sequence[Side], rarity: Callable[[Term], float]) -> float:
    """Return a factor from 0 to 1 for the similarity of an article and a story: 1 if their names agree.

    `story` are the articles of the story that are most similar, best first. Only names in headlines and first
    sentences count. It is 0 if the sides share only common names and each has a rare one of its own.
    """
    ours, theirs = _names(article, story, rarity)
    if _are_strangers(ours, theirs) or headlines_name_others(article, story, rarity):
        return 0.0
    shingles = min(article.features.shingles, story[0].features.shingles)
    share_of_long = min(max((shingles - _SHORT_TEXT) / (_LONG_TEXT - _SHORT_TEXT), 0.0), 1.0)
    alone = min(_share_alone(ours), _share_alone(name for name in theirs if name.is_typical))
    return _subject_factor(ours, theirs, article, story) * exp(-_WEIGHT * (1 - share_of_long) * alone)


def subjects_factor(article: Side, story: Sequence[Side], rarity: Callable[[Term], float]) -> float:
    """Return the factor of `names_factor` without its gradual part: 1 unless the sides are about somebody else."""
    ours, theirs = _names(article, story, rarity)
    if _are_strangers(ours, theirs) or headlines_name_others(article, story, rarity):
        return 0.0
    return _subject_factor(ours, theirs, article, story)


def is_copy(one: Side, other: Side, rarity: Callable[[Term], float]) -> bool:
    """Return whether an article of one outlet carries the text of another outlet's article.

    Official notices follow a template, so a copy must not be about somebody else, nor say the opposite. A short text
    is a copy only if no word of the headline parts the articles.
    """
    ours, theirs = one.features, other.features
    if not is_near_duplicate(ours, theirs) or contradict(ours, theirs):
        return False
    if min(ours.shingles, theirs.shingles) < LONG_SHINGLES and parts(ours, theirs, rarity):
        return False
    return subjects_factor(one, [other], rarity) > 0


def _names(article: Side, story: Sequence[Side], rarity: Callable[[Term], float]) -> tuple[list[_Name], list[_Name]]:
    """Return the names of the article and those of the story."""
    known = set().union(*(side.vector for side in story))
    ours = [_Name(term, rarity(term), term.hash in known, True) for term in _names_of(article.features)]
    terms = {term.hash: term for side in story for term in _names_of(side.features)}
    counts = Counter(term.hash for side in story for term in _names_of(side.features))
    theirs = [
        _Name(term, rarity(term), hash in article.vector, 2 * counts[hash] >= len(story))
        for hash, term in terms.items()
    ]
    return ours, theirs


def _names_of(features: Features) -> list[Term]:
    return [term for term in features.terms if term.is_name and (term.in_title or term.in_lead)]


def _are_strangers(ours: Sequence[_Name], theirs: Sequence[_Name]) -> bool:
    shared = max((name.rarity for name in ours if name.is_shared), default=0.0)
    alone = [max((name.rarity for name in side if not name.is_shared), default=0.0) for side in (ours, theirs)]
    return shared < _COMMON_NAME and min(alone) > _RARE_NAME


def _subject_factor(ours: Sequence[_Name], theirs: Sequence[_Name], article: Side, story: Sequence[Side]) -> float:
    is_other = all(
        any(name.term.in_title and name.is_typical and not name.is_shared and not name.term.is_generic for name in side)
        for side in (ours, theirs)
    )
    have_texts = article.features.has_text and story[0].features.has_text
    return (_OTHER_SUBJECT_OF_TEXT if have_texts else _OTHER_SUBJECT) if is_other else 1.0


def _share_alone(names: Iterable[_Name]) -> float:
    """Return how much of the summed rarity belongs to names that the other side lacks; less if there are few names."""
    total = alone = 0.0
    for name in names:
        total += name.rarity
        alone += 0.0 if name.is_shared else name.rarity
    return alone / (total + 1)
