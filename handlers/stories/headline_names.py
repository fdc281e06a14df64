"""Whether two headlines name different firms, people or places, also where capitals mark no names.

Capitals mark none in German, in title case, in capitals and in many scripts. A word that is no ordinary word of the
news counts as a name there (`probable_names.py`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from handlers.stories.evidence import Side
from handlers.stories.features import Features
from handlers.stories.terms import Term

_COMMON_NAME: Final = 0.7
"""Rarity below which a shared name, such as that of a country, does not identify an event."""
_RARE_NAME: Final = 0.8
"""Rarity above which a name that only one side has stands for somebody else."""
_MIN_SHARED: Final = 2
_MAX_REPLACED: Final = 4
"""Terms that two headlines of one template have in place of each other. In scripts without spaces, a term is a pair of
characters, and a name of two characters changes three of them."""
_MAX_ORDINARY: Final = 2
"""Those of them that may be ordinary words, if the headlines share twice as many terms as they replace."""


def headlines_name_others(article: Side, story: Sequence[Side], rarity: Callable[[Term], float]) -> bool:
    """Return whether the headlines of an article and of a story each have a name that the other side lacks.

    It takes more: either the headlines are equal apart from such names, or the sides share no telling word.
    `story` are its articles that are most similar, best first.
    """
    known = set().union(*(side.vector for side in story))
    ours = [term for term in _names(article.features) if term.hash not in known]
    counts = Counter(term.hash for side in story for term in _names(side.features))
    theirs = [
        term
        for term in _names(story[0].features)
        if term.hash not in article.vector and 2 * counts[term.hash] >= len(story)
    ]
    if not ours or not theirs:
        return False
    if _follow_one_template(article.features, story[0].features):
        return True
    if not all(any(rarity(term) > _RARE_NAME for term in side) for side in (ours, theirs)):
        return False
    telling = {term.hash for side in story for term in _telling(side.features.terms, rarity)}
    telling |= known.intersection(term.hash for term in _telling(article.features.terms, rarity))
    return not any(term.hash in telling for term in article.features.terms)


def _names(features: Features) -> list[Term]:
    return [term for term in features.terms if term.in_title and (term.is_name or term.may_be_name)]


def _telling(terms: Iterable[Term], rarity: Callable[[Term], float]) -> list[Term]:
    """Return the terms that tell which event an article is about."""
    return [
        term
        for term in terms
        if term.is_unusual or (term.is_name and (term.in_title or term.in_lead) and rarity(term) >= _COMMON_NAME)
    ]


def _follow_one_template(one: Features, other: Features) -> bool:
    """Return whether two headlines are equal apart from a few terms, hardly any of which is an ordinary word."""
    titles = [{term.hash: term for term in side.terms if term.in_title} for side in (one, other)]
    shared = len(titles[0].keys() & titles[1].keys())
    alone = [[side[hash] for hash in side.keys() - other_side.keys()] for side, other_side in (titles, titles[::-1])]
    replaced = max(map(len, alone))
    if shared < _MIN_SHARED or replaced > min(shared, _MAX_REPLACED):
        return False
    ordinary = max(sum(not (term.is_name or term.may_be_name or term.is_unusual) for term in side) for side in alone)
    return ordinary == 0 or (ordinary <= _MAX_ORDINARY and 2 * replaced <= shared)
