"""The articles of one story as one direction in the space of words, and the counting of words."""

from collections.abc import Iterable
from math import sqrt


class Group:
    """The articles of one story in one workspace: their summed direction."""

    __slots__ = ("members", "square", "total")

    def __init__(self) -> None:
        self.members: list[int] = []
        self.total: dict[int, float] = {}
        self.square = 0.0

    def put(self, article_id: int, direction: dict[int, float]) -> list[int]:
        """Add an article; the words that no other article of the group had."""
        self.members.append(article_id)
        total = self.total
        fresh = []
        inner = norm = 0.0
        for word, weight in direction.items():
            before = total.get(word)
            if before is None:
                fresh.append(word)
                total[word] = weight
            else:
                inner += before * weight
                total[word] = before + weight
            norm += weight * weight
        self.square += 2 * inner + norm
        return fresh

    def likeness(self, query: dict[int, float]) -> float:
        """Cosine of the query, which has length 1, with the story's direction."""
        if self.square <= 0:
            return 0.0
        total = self.total
        small, large = (query, total) if len(query) < len(total) else (total, query)
        return sum(weight * large.get(word, 0.0) for word, weight in small.items()) / sqrt(self.square)

    def likeness_of(self, other: "Group") -> float:
        """Cosine of the directions of two stories."""
        return self.likeness(other.total) / sqrt(other.square) if other.square > 0 else 0.0


def subtract(counts: dict[int, int], words: Iterable[int]) -> None:
    """Count each word once less; one that is gone is forgotten."""
    for word in words:
        left = counts[word] - 1
        if left:
            counts[word] = left
        else:
            del counts[word]
