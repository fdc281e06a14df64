"""Evaluate query trees on an article for the topics of one workspace, within a budget."""

from collections.abc import Callable
from typing import Final, TypeVar, cast

from handlers.topics.index.budget import Budget, budget_for
from handlers.topics.index.fields import Fields, Readable, has_metadata
from handlers.topics.index.word_spans import NO_SPANS, WordSpans, outside, union
from handlers.topics.query.tree import Metadata, Near, Or, Outside, Phrase, Reference, Regex, Tree

T = TypeVar("T")

MAX_CACHED_BLOCKS: Final = 1 << 20
"""64-bit blocks of all cached spans. If there are more, the cache is cleared."""
NODE_STEPS: Final = 100
"""Steps for visiting a part of a query."""


class Reading:
    """An article, with a cache of how parts of queries were evaluated on it.

    The cache is keyed by the identity of trees, and keeps them alive.
    """

    __slots__ = ("_cached_blocks", "_matches", "_results", "_spans", "budget", "fields")

    def __init__(self, article: Readable | Fields, budget: Budget | None = None) -> None:
        """`budget` pays for all evaluations. Without one there is no limit."""
        self.fields = article if isinstance(article, Fields) else Fields(article)
        self.budget = budget or Budget()
        self._spans: dict[int, tuple[Tree, WordSpans]] = {}
        self._matches: dict[int, tuple[Tree, bool]] = {}
        self._results: dict[tuple[object, ...], tuple[tuple[WordSpans, ...], object]] = {}
        self._cached_blocks = 0

    @property
    def readable(self) -> Readable:
        return self.fields.readable

    def matches_leaf(self, leaf: Phrase | Regex | Metadata) -> bool:
        """Return whether the leaf occurs in the article. Raises: OverBudget."""
        match leaf:
            case Phrase():
                return self.fields.contains(leaf, self.budget)
            case Regex():
                return bool(self.fields.regex_spans(leaf, self.budget))
            case Metadata():
                return has_metadata(self.fields.readable, leaf)

    def matches_near(self, tree: Near) -> bool:
        """Return whether the two sides occur near each other anywhere. Raises: OverBudget."""
        left, right = self.spans_of(tree.left), self.spans_of(tree.right)
        if not left.count or not right.count:
            return False
        join, key = self.fields.near_join(self.budget), ("near", tree.words, tree.ordered, id(left), id(right))
        return self.cached(key, (left, right), lambda: join.is_near(left, right, tree.words, tree.ordered))

    def cached_match(self, tree: Tree, evaluate: Callable[[Tree, "Reading"], bool]) -> bool:
        """Return whether the article matches the tree, as `evaluate` says, which is called once. Raises: OverBudget."""
        cached = self._matches.get(id(tree))
        if cached is None:
            self.budget.spend(NODE_STEPS)
            cached = self._matches[id(tree)] = (tree, evaluate(tree, self))
        return cached[1]

    def spans_of(self, tree: Tree) -> WordSpans:
        """Return where a tree occurs in title and body: a phrase, or OR, NEAR and OUTSIDE of phrases.

        For a NEAR, these are the combined spans of all pairs. Raises: OverBudget.
        """
        cached = self._spans.get(id(tree))
        if cached is None:
            self.budget.spend(NODE_STEPS)
            cached = (tree, self._find_spans(tree))
            self._spans[id(tree)] = cached
        return cached[1]

    def _find_spans(self, tree: Tree) -> WordSpans:
        match tree:
            case Phrase():
                return self.fields.spans_of(tree, self.budget)
            case Reference():
                return self.spans_of(tree.part)
            case Or():
                return self._union_of({id(found): found for found in map(self.spans_of, tree.parts) if found.count})
            case Near():
                return self.combined_spans(tree)
            case Outside():
                spans, excluded = self.spans_of(tree.part), self.spans_of(tree.excluded)
                if not spans.count or not excluded.count:
                    return spans
                self.budget.spend(spans.count * spans.stride + excluded.count * excluded.stride)
                key = ("outside", id(spans), id(excluded))
                return self.cached(key, (spans, excluded), lambda: outside(spans, excluded))
            case _:
                return NO_SPANS

    def combined_spans(self, tree: Near, max_rows: int | None = None) -> WordSpans:
        """Return the combined spans of the pairs of a NEAR, or for each order those of the first rows.

        Raises: OverBudget.
        """
        left, right = self.spans_of(tree.left), self.spans_of(tree.right)
        if not left.count or not right.count:
            return NO_SPANS
        join, limits = self.fields.near_join(self.budget), () if max_rows is None else (max_rows,)
        key = ("combined", tree.words, tree.ordered, *limits, id(left), id(right))
        return self.cached(key, (left, right), lambda: join.combined(left, right, tree.words, tree.ordered, *limits))

    def _union_of(self, found: dict[int, WordSpans]) -> WordSpans:
        """Return the union of sets of spans, given by their identity."""
        if len(found) < 2:
            return next(iter(found.values()), NO_SPANS)
        several = tuple(found.values())
        return self.cached(("or", *found), several, lambda: self.union(list(several)))

    def union(self, found: list[WordSpans]) -> WordSpans:
        """Return the union of sets of spans, by joining them in pairs until one is left. Raises: OverBudget."""
        while len(found) > 1:
            self.budget.spend(sum(spans.count * spans.stride for spans in found))
            pairs = zip(found[::2], [*found[1::2], NO_SPANS], strict=False)
            found = [union(left, right) for left, right in pairs]
        return found[0] if found else NO_SPANS

    def cached(self, key: tuple[object, ...], operands: tuple[WordSpans, ...], compute: Callable[[], T]) -> T:
        """Return the result of a computation on spans, which runs once.

        The key contains the identities of the operands, which the cache keeps alive.
        """
        cached = self._results.get(key)
        if cached is None:
            result = compute()
            if isinstance(result, WordSpans):
                self._cached_blocks += result.count * result.stride
                if self._cached_blocks > MAX_CACHED_BLOCKS:
                    self.clear_cache()
                    self._cached_blocks = result.count * result.stride
            cached = self._results[key] = (operands, result)
        return cast(T, cached[1])

    def clear_cache(self) -> None:
        """Free the memory of all cached spans. They are computed again on demand."""
        self._spans.clear()
        self._results.clear()
        self._cached_blocks = 0


def limited_reading(article: Readable) -> Reading:
    """Return a reading whose queries together may spend as much as the topics of one workspace."""
    return Reading(article, budget_for(len(article.title) + len(article.body)))
