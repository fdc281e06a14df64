"""The centroid of a story: the sum of the term vectors of its articles, compared by cosine similarity."""

from array import array
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import sqrt
from typing import Final

from handlers.stories.features import Features, decode_features


@dataclass(slots=True)
class IndexedArticle:
    """An article in the window of a `StoryIndex`. There may be 100,000 of them, so they are kept encoded."""

    article_id: int
    story_id: int | None
    workspace_id: int
    at: datetime
    data: bytes
    """The encoded features."""
    weights: bytes
    """The weight of each term in the vector, as `encode_weights` returns it."""

    @property
    def features(self) -> Features:
        return decode_features(self.data)

    @property
    def vector(self) -> dict[int, float]:
        """Weight by term hash; the vector has length 1. Do not change it, as it is cached."""
        return _decode_vector(self.data, self.weights)


_FEW: Final = 8
"""Articles of a story up to which the sum of their vectors is not stored, as it takes more memory than they do."""


def encode_weights(features: Features, vector: dict[int, float]) -> bytes:
    """Return the weights of a vector in the order of the terms."""
    return array("d", [vector[term] for term in features.term_hashes]).tobytes()


@lru_cache(maxsize=512)
def _decode_vector(data: bytes, weights: bytes) -> dict[int, float]:
    return dict(zip(decode_features(data).term_hashes, memoryview(weights).cast("d"), strict=True))


class Centroid:
    """The articles of one story in one workspace, and the sum of their vectors."""

    __slots__ = ("_total", "articles", "squared_length")

    def __init__(self) -> None:
        self.articles: list[IndexedArticle] = []
        self._total: dict[int, float] | None = None
        """None for a few articles, whose vectors are added when it is asked for: most stories have only one article."""
        self.squared_length = 0.0

    @property
    def total(self) -> dict[int, float]:
        """The sum of the vectors. Do not change it."""
        if self._total is not None:
            return self._total
        return self.articles[0].vector if len(self.articles) == 1 else self._sum()

    def _sum(self) -> dict[int, float]:
        total: dict[int, float] = {}
        for article in self.articles:
            for term, weight in article.vector.items():
                before = total.get(term)
                total[term] = weight if before is None else before + weight
        return total

    def copy(self) -> "Centroid":
        copy = Centroid()
        copy.articles, copy.squared_length = [*self.articles], self.squared_length
        copy._total = None if self._total is None else {**self._total}
        return copy

    def add(self, article: IndexedArticle) -> list[int]:
        """Add an article. Return the terms that no earlier article of the centroid has."""
        total = self._sum() if self._total is None else self._total
        self.articles.append(article)
        new_terms = []
        inner = norm = 0.0
        for term, weight in article.vector.items():
            before = total.get(term)
            if before is None:
                new_terms.append(term)
                total[term] = weight
            else:
                inner += before * weight
                total[term] = before + weight
            norm += weight * weight
        self.squared_length += 2 * inner + norm
        if len(self.articles) > _FEW:
            self._total = total
        return new_terms

    def cosine_similarity(self, vector: dict[int, float]) -> float:
        """Return the cosine of the angle between the centroid and a vector of length 1; 0 for an empty centroid."""
        if self.squared_length <= 0:
            return 0.0
        total = self.total
        small, large = (vector, total) if len(vector) < len(total) else (total, vector)
        return sum(weight * large.get(term, 0.0) for term, weight in small.items()) / sqrt(self.squared_length)

    def cosine_similarity_to(self, other: "Centroid") -> float:
        """Return the cosine of the angle between two centroids; 0 if one is empty."""
        if other.squared_length <= 0:
            return 0.0
        return self.cosine_similarity(other.total) / sqrt(other.squared_length)
