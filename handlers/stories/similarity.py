"""Which stored articles report the same event as a new one: an in-memory index over a sliding time window."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.stories.centroid import IndexedArticle
from handlers.stories.clusters import Clusters
from handlers.stories.features import Features, decode_features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.postings import PostingLists
from handlers.stories.series import are_issues_of_one_series
from handlers.stories.term_statistics import TermStatistics
from handlers.stories.thresholds import merge_threshold, same_event_threshold, shared_terms_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArticle:
    """A stored article that reports the same event."""

    article_id: int
    story_id: int | None
    workspace_id: int
    score: float
    """0 to 1."""
    is_near_duplicate: bool


class _Query(NamedTuple):
    features: Features
    vector: dict[int, float]
    at: datetime
    workspace_ids: frozenset[int] | None


class _Candidate(NamedTuple):
    article: IndexedArticle
    similarity: float


class StoryIndex:
    """The articles of the last `window` by their features. Not thread-safe: its owner serializes the calls.

    Times are publication times and never later than the article's arrival. The same calls in the same order give the
    same results.
    """

    def __init__(self, window: timedelta = timedelta(hours=72)) -> None:
        self._window = window
        self._articles: dict[int, IndexedArticle] = {}
        self._workspaces: Counter[int] = Counter()
        self._postings = PostingLists()
        self._statistics = TermStatistics()
        self._clusters = Clusters(self._statistics)
        self._removed = 0
        """Articles removed since the posting lists were built."""
        self.last_id = 0
        """The highest article id ever added: later articles of the database are not in the index yet."""

    def __len__(self) -> int:
        return len(self._articles)

    def __contains__(self, article_id: int) -> bool:
        return article_id in self._articles

    def has_only(self, workspace_id: int) -> bool:
        """Return whether every article in the window belongs to this workspace."""
        return self._workspaces[workspace_id] == len(self._articles)

    def add(self, *, article_id: int, story_id: int | None, workspace_id: int, at: datetime, features: bytes) -> None:
        """Add an article. Adding the same id again replaces its features, time, workspace and story."""
        if article_id in self._articles:
            self._remove(article_id)
        decoded = decode_features(features)
        vector = self._statistics.vector(decoded)
        article = IndexedArticle(article_id, story_id, workspace_id, at, decoded, vector)
        self._articles[article_id] = article
        self._workspaces[workspace_id] += 1
        self.last_id = max(self.last_id, article_id)
        self._postings.add(article_id, vector)
        self._clusters.add(article)

    def similar(
        self, features: bytes, *, at: datetime, workspace_ids: frozenset[int] | None
    ) -> tuple[SimilarArticle, ...]:
        """Return the articles that report the same event, best match first.

        `at` is the publication time of the new article. `workspace_ids` limits the search; None searches all
        workspaces.
        """
        decoded = decode_features(features)
        query = _Query(decoded, self._statistics.vector(decoded), at, workspace_ids)
        by_story: defaultdict[int, list[_Candidate]] = defaultdict(list)
        for article_id in self._postings.candidates(query.vector, lambda id: self._is_in_reach(id, query)):
            article = self._articles[article_id]
            shared_terms = query.vector.keys() & article.vector.keys()
            similarity = sum([query.vector[term] * article.vector[term] for term in shared_terms])
            story_id = -article_id if article.story_id is None else article.story_id
            by_story[story_id].append(_Candidate(article, similarity))
        similar = []
        for story_id, candidates in by_story.items():
            similar += self._judge(query, story_id, candidates)
        similar.sort(key=lambda found: (-found.score, found.article_id))
        return tuple(similar)

    def stories_to_merge(
        self, similar: Sequence[SimilarArticle], features: bytes, *, workspace_id: int
    ) -> tuple[int, ...]:
        """Return the stories that an article shows to be one, oldest first; empty unless there are at least two.

        `similar` is the result of `similar` for the article. Only articles of `workspace_id` are compared, so that
        private reports never merge stories that others see.
        """
        stories = [found.story_id for found in similar if found.workspace_id == workspace_id and found.story_id]
        return self._clusters.same_as_first(stories, workspace_id, merge_threshold(decode_features(features)))

    def move(self, from_story: int, to_story: int) -> None:
        """Assign every article of one story to another."""
        self._clusters.move(from_story, to_story)

    def prune(self, now: datetime) -> None:
        """Remove the articles that are older than the window."""
        horizon = now - self._window
        old = [article_id for article_id, article in self._articles.items() if article.at < horizon]
        for article_id in old:
            self._remove(article_id)
        if self._removed * 4 > len(self._articles):
            self._rebuild_postings()

    def _is_in_reach(self, article_id: int, query: _Query) -> bool:
        article = self._articles.get(article_id)
        return (
            article is not None
            and (query.workspace_ids is None or article.workspace_id in query.workspace_ids)
            and abs(article.at - query.at) <= self._window
        )

    def _judge(self, query: _Query, story_id: int, candidates: list[_Candidate]) -> list[SimilarArticle]:
        """Return the candidates of one story that report the same event.

        These are all of them if the story as a whole is similar enough, else only near-duplicates. A negative
        `story_id` is that of an article without a story.
        """
        best = max(candidates, key=lambda candidate: candidate.similarity)
        closest = best.article.features
        duplicates = {
            candidate.article.article_id
            for candidate in candidates
            if is_near_duplicate(query.features, candidate.article.features)
        }
        has_story = story_id > 0
        similarity = (
            self._clusters.similarity(story_id, query.vector, query.workspace_ids) if has_story else best.similarity
        )
        # The threshold is lowest for articles of the same time. Most candidates fail even that, at little cost.
        is_same_event = similarity >= same_event_threshold(query.features, closest, timedelta())
        if is_same_event:
            distance = abs(best.article.at - query.at)
            apart = self._clusters.mean_distance(story_id, query.at, query.workspace_ids) if has_story else distance
            is_single = not has_story or self._clusters.is_single(story_id)
            similarity *= shared_terms_factor(query.features, closest, self._statistics.rarity, is_single=is_single)
            is_same_event = similarity >= same_event_threshold(
                query.features, closest, apart
            ) and not are_issues_of_one_series(query.features, closest, apart=distance)
        return [
            SimilarArticle(
                article_id=candidate.article.article_id,
                story_id=candidate.article.story_id,
                workspace_id=candidate.article.workspace_id,
                score=round(1.0 if is_duplicate else min(0.99, (similarity + candidate.similarity) / 2), 4),
                is_near_duplicate=is_duplicate,
            )
            for candidate in candidates
            if (is_duplicate := candidate.article.article_id in duplicates) or is_same_event
        ]

    def _remove(self, article_id: int) -> None:
        article = self._articles.pop(article_id)
        self._clusters.remove(article)
        self._workspaces[article.workspace_id] -= 1
        self._removed += 1

    def _rebuild_postings(self) -> None:
        self._removed = 0
        self._postings = PostingLists()
        for article in self._articles.values():
            self._postings.add(article.article_id, article.vector)
