"""Which stored articles report the same event as a new one: an in-memory index over a sliding time window."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.stories.centroid import IndexedArticle, encode_weights
from handlers.stories.clusters import Clusters
from handlers.stories.features import decode_features
from handlers.stories.judge import Candidate, Query, SimilarArticle, StoryJudge
from handlers.stories.merging import are_one_story
from handlers.stories.postings import PostingLists
from handlers.stories.term_statistics import TermStatistics
from handlers.stories.thresholds import bridge_threshold


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
        decoded = decode_features.__wrapped__(features)  # a whole window would fill the cache
        vector = self._statistics.vector(decoded)
        article = IndexedArticle(article_id, story_id, workspace_id, at, features, encode_weights(decoded, vector))
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
        query = self._query(features, at, workspace_ids)
        by_story: defaultdict[int, list[Candidate]] = defaultdict(list)
        for article in self._candidates(query):
            vector = article.vector
            shared_terms = query.vector.keys() & vector.keys()
            similarity = sum([query.vector[term] * vector[term] for term in shared_terms])
            story_id = -article.article_id if article.story_id is None else article.story_id
            by_story[story_id].append(Candidate(article, similarity))
        similar = []
        judge = StoryJudge(self._clusters, self._statistics.rarity)
        for story_id, candidates in by_story.items():
            similar += judge.judge(query, story_id, candidates)
        similar.sort(key=lambda found: (-found.score, found.article_id))
        return tuple(similar)

    def one_story(
        self, similar: Sequence[SimilarArticle], features: bytes, *, at: datetime, workspace_id: int
    ) -> tuple[int, ...]:
        """Return the stories that are one now that an article belongs to them, oldest first; empty if nothing changes.

        `similar` is the result of `similar` for the article, not yet in the index. If it is empty, the article belongs
        to the stories returned, even if there is only one. Only articles of `workspace_id` are compared, so that
        private reports never merge stories that others see.
        """
        joined = list(
            dict.fromkeys(found.story_id for found in similar if found.workspace_id == workspace_id and found.story_id)
        )
        query = self._query(features, at, frozenset({workspace_id}))
        weights = encode_weights(query.features, query.vector)
        article = IndexedArticle(0, None, workspace_id, at, features, weights)
        near = dict.fromkeys(other.story_id for other in self._candidates(query) if other.story_id is not None)
        same = set(self._clusters.same_as_first(joined, workspace_id, bridge_threshold(query.features)))
        grown = self._clusters.with_article(joined[0] if joined else None, article)
        for story_id in near:
            other = self._clusters.centroid(story_id, workspace_id)
            if (
                other is not None
                and story_id not in joined[:1]
                and are_one_story(grown, other, self._statistics.rarity)
            ):
                same.add(story_id)
        return tuple(sorted({*joined[:1], *same})) if same else ()

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

    def _query(self, features: bytes, at: datetime, workspace_ids: frozenset[int] | None) -> Query:
        decoded = decode_features(features)
        return Query(decoded, self._statistics.vector(decoded), at, workspace_ids)

    def _candidates(self, query: Query) -> list[IndexedArticle]:
        """Return the articles in reach that share the most weight with the query, best first."""
        ids = self._postings.candidates(query.vector, lambda id: self._is_in_reach(id, query))
        return [self._articles[id] for id in ids]

    def _is_in_reach(self, article_id: int, query: Query) -> bool:
        article = self._articles.get(article_id)
        return (
            article is not None
            and (query.workspace_ids is None or article.workspace_id in query.workspace_ids)
            and abs(article.at - query.at) <= self._window
        )

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
