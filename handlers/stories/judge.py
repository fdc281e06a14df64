"""Decides which articles of a story report the same event as a new article, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from handlers.stories.centroid import IndexedArticle
from handlers.stories.clusters import Clusters
from handlers.stories.evidence import Reason, Side, contradict, parts, same_news_of_one_outlet
from handlers.stories.features import Features
from handlers.stories.names import is_copy, names_factor
from handlers.stories.series import are_issues_of_one_series
from handlers.stories.terms import Term
from handlers.stories.thresholds import same_event_threshold, shared_terms_factor

_CLOSEST_SHARE: Final = 0.15
"""How much the closest article of a story counts for its similarity, and the whole story the rest."""
_NAMED: Final = 5
"""How many of the closest articles of a story are compared by names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArticle:
    """A stored article that reports the same event."""

    article_id: int
    story_id: int | None
    workspace_id: int
    score: float
    """0 to 1."""
    reason: Reason

    @property
    def is_near_duplicate(self) -> bool:
        """The articles have the same text, perhaps shortened or with a few words changed."""
        return self.reason is Reason.COPY


class Query(NamedTuple):
    """A new article, and where its story is looked for."""

    features: Features
    vector: dict[int, float]
    at: datetime
    workspace_ids: frozenset[int] | None

    @property
    def side(self) -> Side:
        return Side(self.features, self.vector)


class Candidate(NamedTuple):
    """A stored article, and its cosine similarity to the query."""

    article: IndexedArticle
    similarity: float

    @property
    def side(self) -> Side:
        return Side(self.article.features, self.article.vector)

    def found(self, reason: Reason, score: float) -> SimilarArticle:
        article = self.article
        return SimilarArticle(
            article_id=article.article_id,
            story_id=article.story_id,
            workspace_id=article.workspace_id,
            score=round(score, 4),
            reason=reason,
        )


class StoryJudge:
    """Compares a new article with the articles of one story at a time. `rarity` is that of the terms in the window."""

    def __init__(self, clusters: Clusters, rarity: Callable[[Term], float]) -> None:
        self._clusters = clusters
        self._rarity = rarity

    def judge(self, query: Query, story_id: int, candidates: list[Candidate]) -> list[SimilarArticle]:
        """Return the candidates of one story that report the same event.

        Articles of the same outlet are compared one by one. They decide if there are any; if they neither confirm nor
        deny, and for other outlets, the story counts as a whole. A negative `story_id` is that of an article without a
        story.
        """
        outlet = query.features.outlet
        own = [candidate for candidate in candidates if outlet and candidate.article.features.outlet == outlet]
        if not own:
            return self._judge_as_a_whole(query, story_id, candidates)
        rarity = self._rarity
        confirming = []
        for candidate in own:
            apart = abs(candidate.article.at - query.at)
            reason = same_news_of_one_outlet(query.side, candidate.side, rarity, apart=apart)
            if reason is not None:
                confirming.append(candidate.found(reason, 1.0))
        if confirming or any(parts(query.features, candidate.article.features, rarity) for candidate in own):
            return confirming
        others = [candidate for candidate in candidates if candidate.article.features.outlet != outlet]
        return self._judge_as_a_whole(query, story_id, others) if others else []

    def _judge_as_a_whole(self, query: Query, story_id: int, candidates: list[Candidate]) -> list[SimilarArticle]:
        """Return all the candidates if the story as a whole is similar enough, else only near-duplicates."""
        candidates = sorted(candidates, key=lambda candidate: -candidate.similarity)
        copies = {
            candidate.article.article_id
            for candidate in candidates
            if is_copy(query.side, candidate.side, self._rarity)
        }
        similarity = self._similarity(query, story_id, candidates)
        return [
            candidate.found(Reason.COPY, 1.0)
            if candidate.article.article_id in copies
            else candidate.found(Reason.EVENT, min(0.99, (similarity + candidate.similarity) / 2))
            for candidate in candidates
            if similarity or candidate.article.article_id in copies
        ]

    def _similarity(self, query: Query, story_id: int, candidates: list[Candidate]) -> float:
        """Return the similarity of the query and the story of the candidates; 0 if they report different events."""
        best = candidates[0]
        closest = best.article.features
        has_story = story_id > 0
        similarity = (
            self._clusters.similarity(story_id, query.vector, query.workspace_ids) if has_story else best.similarity
        )
        similarity = similarity ** (1 - _CLOSEST_SHARE) * best.similarity**_CLOSEST_SHARE
        # The threshold is lowest for articles of the same time. Most candidates fail even that, at little cost.
        if similarity < same_event_threshold(query.features, closest, timedelta()):
            return 0.0
        distance = abs(best.article.at - query.at)
        apart = self._clusters.mean_distance(story_id, query.at, query.workspace_ids) if has_story else distance
        is_single = not has_story or self._clusters.is_single(story_id)
        similarity *= shared_terms_factor(query.features, closest, self._rarity, is_single=is_single)
        story = [candidate.side for candidate in candidates[:_NAMED]]
        similarity *= names_factor(query.side, story, self._rarity)
        is_same_event = (
            similarity >= same_event_threshold(query.features, closest, apart)
            and not are_issues_of_one_series(query.features, closest, apart=distance)
            and not contradict(query.features, closest)
        )
        return similarity if is_same_event else 0.0
