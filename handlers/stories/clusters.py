"""The stories in the window of a `StoryIndex`: a centroid for each story and workspace."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from handlers.stories.centroid import Centroid, IndexedArticle
from handlers.stories.term_statistics import TermStatistics

_DATED_ARTICLES: Final = 160
"""How many of the newest articles of a story count for its distance in time."""


class Clusters:
    """Centroids by story, then by workspace: articles that a workspace may not see never influence what it sees.

    Keeps the counts of articles and stories in `statistics` up to date. An article without a story counts as a story of
    its own there, but has no centroid.
    """

    def __init__(self, statistics: TermStatistics) -> None:
        self._statistics = statistics
        self._centroids: dict[int, dict[int, Centroid]] = {}

    def add(self, article: IndexedArticle) -> None:
        """Assign the article to its story."""
        self._statistics.add_article(article.vector)
        if article.story_id is None:
            new_terms: Iterable[int] = article.vector
        else:
            centroids = self._centroids.setdefault(article.story_id, {})
            new_terms = centroids.setdefault(article.workspace_id, Centroid()).add(article)
        self._statistics.add_to_story(new_terms)

    def remove(self, article: IndexedArticle) -> None:
        """Remove the article. The centroid is computed again from the others, so that rounding errors do not add up."""
        self._statistics.remove_article(article.vector)
        if article.story_id is None:
            self._statistics.remove_from_story(article.vector)
            return
        centroids = self._centroids[article.story_id]
        centroid = centroids.pop(article.workspace_id)
        self._statistics.remove_from_story(centroid.total)
        for other in centroid.articles:
            if other is not article:
                self._statistics.remove_article(other.vector)
                self.add(other)
        if not centroids:
            del self._centroids[article.story_id]

    def move(self, from_story: int, to_story: int) -> None:
        """Assign every article of one story to another. An unknown story has no articles."""
        if from_story == to_story:
            return
        for centroid in self._centroids.pop(from_story, {}).values():
            self._statistics.remove_from_story(centroid.total)
            for article in centroid.articles:
                self._statistics.remove_article(article.vector)
                article.story_id = to_story
                self.add(article)

    def same_as_first(self, story_ids: Iterable[int], workspace_id: int, threshold: float) -> tuple[int, ...]:
        """Return the first story with those whose cosine similarity to it reaches the threshold, oldest first.

        Returns an empty tuple if there are none. Only the articles of this workspace are compared, so stories without
        any are left out.
        """
        found = {story_id: self.centroid(story_id, workspace_id) for story_id in story_ids}
        centroids = {story_id: centroid for story_id, centroid in found.items() if centroid is not None}
        if len(centroids) < 2:
            return ()
        first, *others = centroids
        same = [
            story_id for story_id in others if centroids[first].cosine_similarity_to(centroids[story_id]) >= threshold
        ]
        return tuple(sorted([first, *same])) if same else ()

    def centroid(self, story_id: int, workspace_id: int) -> Centroid | None:
        """Return the centroid of the story's articles in this workspace; None if there are none."""
        return self._centroids.get(story_id, {}).get(workspace_id)

    def with_article(self, story_id: int | None, article: IndexedArticle) -> Centroid:
        """Return a copy of the story's centroid in the article's workspace to which the article is added."""
        known = None if story_id is None else self.centroid(story_id, article.workspace_id)
        grown = Centroid() if known is None else known.copy()
        grown.add(article)
        return grown

    def is_single(self, story_id: int) -> bool:
        """Return whether the story has only one article, counting all workspaces."""
        return sum(len(centroid.articles) for centroid in self._centroids[story_id].values()) == 1

    def similarity(self, story_id: int, vector: dict[int, float], workspace_ids: frozenset[int] | None) -> float:
        """Return the cosine similarity of a vector and the story: the greatest among the workspaces (None: all)."""
        return max(
            (centroid.cosine_similarity(vector) for centroid in self._visible(story_id, workspace_ids)), default=0.0
        )

    def mean_distance(self, story_id: int, at: datetime, workspace_ids: frozenset[int] | None) -> timedelta:
        """Return how far in time the story's newest articles are from `at` on average."""
        distances = [
            abs(article.at - at)
            for centroid in self._visible(story_id, workspace_ids)
            for article in centroid.articles[-_DATED_ARTICLES:]
        ]
        return sum(distances, timedelta()) / len(distances)

    def _visible(self, story_id: int, workspace_ids: frozenset[int] | None) -> Iterator[Centroid]:
        for workspace_id, centroid in self._centroids.get(story_id, {}).items():
            if workspace_ids is None or workspace_id in workspace_ids:
                yield centroid
