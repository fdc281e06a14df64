"""Posting lists: for each term, the articles with it. They give the candidates for a story."""

from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

# `array` takes no type parameter at run time before Python 3.12.
if TYPE_CHECKING:
    _Ints = array[int]
else:
    _Ints = array

_QUERY_TERMS: Final = 16
"""Candidates are found by this many of the heaviest terms of a new article."""
_POSTINGS_PER_TERM: Final = 160
"""Only this many of the newest articles of a term are read."""
_CANDIDATES: Final = 24


class PostingLists:
    """Article ids by term, in the order of their addition. They are never removed: the lists are rebuilt instead."""

    def __init__(self) -> None:
        self._articles: dict[int, _Ints] = {}

    def add(self, article_id: int, vector: dict[int, float]) -> None:
        """Append the article to the lists of its terms."""
        for term in vector:
            self._articles.setdefault(term, array("I")).append(article_id)

    def candidates(self, query: dict[int, float], is_allowed: Callable[[int], bool]) -> list[int]:
        """Return the allowed articles that share the most weight with the query, best first; at most 24."""
        scores: defaultdict[int, float] = defaultdict(float)
        for term, weight in sorted(query.items(), key=lambda item: (-item[1], item[0]))[:_QUERY_TERMS]:
            articles = self._articles.get(term)
            if articles is not None:
                score = weight * weight
                for article_id in articles[-_POSTINGS_PER_TERM:]:
                    scores[article_id] += score
        best: list[int] = []
        for _, article_id in sorted([(-score, article_id) for article_id, score in scores.items()]):
            if is_allowed(article_id):
                best.append(article_id)
                if len(best) == _CANDIDATES:
                    break
        return best
