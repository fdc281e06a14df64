"""The centroid of a story: the sum of the term vectors of its articles, compared by cosine similarity."""

from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from handlers.stories.features import Features


@dataclass(slots=True)
class IndexedArticle:
    """An article in the window of a `StoryIndex`."""

    article_id: int
    story_id: int | None
    workspace_id: int
    at: datetime
    features: Features
    vector: dict[int, float]
    """Weight by term hash; the vector has length 1."""


class Centroid:
    """The articles of one story in one workspace, and the sum of their vectors."""

    __slots__ = ("articles", "squared_length", "total")

    def __init__(self) -> None:
        self.articles: list[IndexedArticle] = []
        self.total: dict[int, float] = {}
        self.squared_length = 0.0

    def add(self, article: IndexedArticle) -> list[int]:
        """Add an article. Return the terms that no earlier article of the centroid has."""
        self.articles.append(article)
        total = self.total
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
