"""Whether two stories are one: a second look, when a story has grown and shows more of its event than one headline."""

from collections.abc import Callable, Iterable
from typing import Final

from handlers.stories.centroid import Centroid, IndexedArticle
from handlers.stories.evidence import Side, contradict
from handlers.stories.names import subjects_factor
from handlers.stories.series import are_issues_of_one_series
from handlers.stories.terms import Term
from handlers.stories.thresholds import merge_threshold, shared_terms_factor

_NEWEST: Final = 8
"""Articles of each story that are compared one by one."""
_NAMED: Final = 5
_MAX_COMMON_OUTLETS: Final = 0.34
"""Share of the smaller story's articles above which outlets that report both show that they are two stories."""


def are_one_story(grown: Centroid, other: Centroid, rarity: Callable[[Term], float]) -> bool:
    """Return whether a story, of which the last article is new, reports the same event as another story.

    An outlet rarely reports one event twice without saying so, so stories with the same outlets are two.
    """
    similarity = grown.cosine_similarity_to(other)
    has_text = any(article.features.has_text for article in (*grown.articles, *other.articles))
    threshold = merge_threshold(has_text=has_text)
    if similarity < threshold or _have_same_outlets(grown, other):
        return False
    pairs = [(one.features, two.features) for one in grown.articles[-_NEWEST:] for two in other.articles[-_NEWEST:]]
    is_single = min(len(grown.articles), len(other.articles)) == 1
    similarity *= max(shared_terms_factor(one, two, rarity, is_single=is_single) for one, two in pairs)
    if similarity < threshold or any(contradict(one, two) for one, two in pairs):
        return False
    if any(_are_issues(one, two) for one in grown.articles[-_NEWEST:] for two in other.articles[-_NEWEST:]):
        return False
    newest = _side(grown.articles[-1])
    closest = sorted(map(_side, other.articles[-_NAMED:]), key=lambda side: -_cosine(newest.vector, side.vector))
    return similarity * subjects_factor(newest, closest, rarity) >= threshold


def _are_issues(one: IndexedArticle, other: IndexedArticle) -> bool:
    return are_issues_of_one_series(one.features, other.features, apart=abs(one.at - other.at))


def _side(article: IndexedArticle) -> Side:
    return Side(article.features, article.vector)


def _cosine(one: dict[int, float], other: dict[int, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def _have_same_outlets(one: Centroid, other: Centroid) -> bool:
    common = _outlets(one.articles) & _outlets(other.articles)
    return len(common) > _MAX_COMMON_OUTLETS * min(len(one.articles), len(other.articles))


def _outlets(articles: Iterable[IndexedArticle]) -> set[int]:
    return {article.features.outlet for article in articles if article.features.outlet}
