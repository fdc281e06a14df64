"""How rare terms are: in how many articles and stories of the window each occurs, and the term vectors that result."""

from collections import defaultdict
from collections.abc import Iterable
from math import log, sqrt
from typing import Final

from handlers.stories.document_frequencies import DOCUMENT_FREQUENCIES
from handlers.stories.features import Features
from handlers.stories.terms import Term
from handlers.stories.words import cut, word_hash

_PRIOR_ARTICLES: Final = 20_000
"""Articles assumed before the first one, so that rarity depends little on how full the window is."""
_GENERIC_FREQUENCY: Final = 100
"""How many of those are assumed to contain a given generic word."""
_PRIOR_FREQUENCIES: Final = {word_hash(cut(word)): count for word, count in DOCUMENT_FREQUENCIES.items()}
_STORY_SHARE: Final = 0.6
"""A term's frequency is the weighted geometric mean of its counts of stories (this weight) and of articles."""
_RARITY_EXPONENT: Final = 1.8


class TermStatistics:
    """Counts of articles and stories by term. Not thread-safe."""

    def __init__(self) -> None:
        self._article_count = 0
        self._articles_with: defaultdict[int, int] = defaultdict(int)
        self._stories_with: defaultdict[int, int] = defaultdict(int)

    def add_article(self, terms: Iterable[int]) -> None:
        self._article_count += 1
        for term in terms:
            self._articles_with[term] += 1

    def remove_article(self, terms: Iterable[int]) -> None:
        self._article_count -= 1
        _decrement(self._articles_with, terms)

    def add_to_story(self, terms: Iterable[int]) -> None:
        """Count terms that a story has gained."""
        for term in terms:
            self._stories_with[term] += 1

    def remove_from_story(self, terms: Iterable[int]) -> None:
        """Count terms that a story has lost."""
        _decrement(self._stories_with, terms)

    def rarity(self, term: Term) -> float:
        """Return 0 for a term that every article has, 1 for one that none has yet."""
        in_articles = self._articles_with.get(term.hash, 0) ** (1 - _STORY_SHARE)
        frequency = in_articles * self._stories_with.get(term.hash, 0) ** _STORY_SHARE
        frequency += _GENERIC_FREQUENCY if term.is_generic else _PRIOR_FREQUENCIES.get(term.hash, 0)
        return max(0.0, 1 - log(1 + frequency) / log(self._article_count + _PRIOR_ARTICLES))

    def vector(self, features: Features) -> dict[int, float]:
        """Return the weight of each term of an article, scaled by rarity, as a vector of length 1; by term hash."""
        weights = [term.weight * self.rarity(term) ** _RARITY_EXPONENT for term in features.terms]
        length = sqrt(sum(weight * weight for weight in weights)) or 1.0
        return {term.hash: weight / length for term, weight in zip(features.terms, weights, strict=True)}


def _decrement(counts: dict[int, int], terms: Iterable[int]) -> None:
    """Decrement the count of each term; a count of 0 is deleted."""
    for term in terms:
        left = counts[term] - 1
        if left:
            counts[term] = left
        else:
            del counts[term]
