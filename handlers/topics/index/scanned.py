"""The fields of an article whose words were split and looked up for all topics at once."""

from bisect import bisect_left
from collections.abc import Callable

from handlers.topics.index.budget import Budget
from handlers.topics.index.fields import CharSpan, Fields, Readable
from handlers.topics.index.word_spans import WordSpans
from handlers.topics.query.lexer import MAX_NEAR
from handlers.topics.query.tree import Phrase
from handlers.topics.text.hashtags import Positions
from handlers.topics.text.letters import ACRONYM_DOT
from handlers.topics.text.words import Words

FindSpans = Callable[[Phrase], WordSpans | None]
"""Returns where a phrase occurs in title and body, or None if no topic in the index has this phrase."""


class ScannedFields(Fields):
    """Fields that take phrases of the index from there. They split the article themselves only for other phrases."""

    __slots__ = ("_find_spans", "_positions", "_scanned_body_at", "_size", "_text", "_text_body_at", "_words")

    def __init__(
        self,
        readable: Readable,
        text: str,
        body_at: int,
        words: Words,
        find_spans: FindSpans,
        positions: Positions | None,
    ) -> None:
        """`text` is the whole article, prepared as in `Scan`; its body starts at the character `body_at`."""
        super().__init__(readable, (text[1 : body_at - 3], text[body_at : len(text) - 3]))
        self._text = text
        self._text_body_at = body_at
        self._words = words
        self._find_spans = find_spans
        self._positions = positions
        if positions is not None:
            self._scanned_body_at, self._size = positions.body_at, len(positions.words)
        else:
            self._scanned_body_at = bisect_left(words.starts, body_at - 2) + MAX_NEAR + 1
            self._size = words.count + MAX_NEAR + 1

    @property
    def body_at(self) -> int:
        return self._scanned_body_at

    @property
    def size(self) -> int:
        return self._size

    def contains(self, leaf: Phrase, budget: Budget) -> bool:
        spans = self._scanned_spans(leaf, budget)
        return super().contains(leaf, budget) if spans is None else spans.count > 0

    def spans_of(self, leaf: Phrase, budget: Budget) -> WordSpans:
        spans = self._scanned_spans(leaf, budget)
        return super().spans_of(leaf, budget) if spans is None else spans

    def _scanned_spans(self, leaf: Phrase, budget: Budget) -> WordSpans | None:
        spans = self._find_spans(leaf)
        if spans is not None and not budget.has_paid(spans):
            budget.spend(spans.count + len(leaf.variants))
            budget.mark_paid(spans)
        return spans

    def char_span(self, first: int, end: int) -> CharSpan:
        field, by, shift = ("title", 1, 0) if first < self._scanned_body_at else ("body", self._text_body_at, MAX_NEAR)
        if self._positions is not None:
            first, last = self._positions.words[first], self._positions.words[end - 1]
        else:
            first, last = first - shift, end - 1 - shift
        last_start, last_end = self._words.starts[last], self._words.ends[last]
        if self._text[last_end] == "." and ACRONYM_DOT in self._text[last_start:last_end]:
            last_end += 1  # the last dot of U.S.
        return field, self._words.starts[first] - by, last_end - by
