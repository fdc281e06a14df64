"""The newest articles by each of their heaviest words: where the candidates for a story come from."""

from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

# `array` takes no parameter at run time before Python 3.12.
if TYPE_CHECKING:
    _Ints = array[int]
else:
    _Ints = array

_PROBE_TERMS: Final = 16
"""The heaviest terms of a new article, by which candidates are found."""
_PROBE_POSTINGS: Final = 160
"""The newest articles of a term that are looked at."""
_CANDIDATES: Final = 24


class Postings:
    """Articles in the order in which they were posted. What was forgotten stays until it is made anew."""

    def __init__(self) -> None:
        self._posted: dict[int, _Ints] = {}

    def post(self, article_id: int, direction: dict[int, float]) -> None:
        """Let the article be found by its words."""
        for word in direction:
            self._posted.setdefault(word, array("q")).append(article_id)

    def candidates(self, query: dict[int, float], fits: Callable[[int], bool]) -> list[int]:
        """The articles that share the most of what weighs in the query, best first, among those that fit."""
        found: defaultdict[int, float] = defaultdict(float)
        for word, weight in sorted(query.items(), key=lambda item: (-item[1], item[0]))[:_PROBE_TERMS]:
            posted = self._posted.get(word)
            if posted is not None:
                worth = weight * weight
                for article_id in posted[-_PROBE_POSTINGS:]:
                    found[article_id] += worth
        best: list[int] = []
        for _, article_id in sorted([(-worth, article_id) for article_id, worth in found.items()]):
            if fits(article_id):
                best.append(article_id)
                if len(best) == _CANDIDATES:
                    break
        return best
