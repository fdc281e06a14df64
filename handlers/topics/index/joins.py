"""Proximity joins: which spans of one set are near spans of another.

The spans of one side are marked in a bitmap of the text's words, every mark is spread by the number of words that may
come between, and the spans of the other side are looked up in the bitmap. This takes time linear in the number of
spans and in the length of the text.

Plain Python, compiled with the types in joins.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.bitmaps import Bitmap
from handlers.topics.index.budget import Budget
from handlers.topics.index.word_spans import WordSpans

_BLOCK_BITS = 64


class NearJoin:
    """Joins spans of one text. An object does one join at a time."""

    def __init__(self, size: int) -> None:
        """`size` is the number of words of the text."""
        self.budget = Budget()
        """Pays for each join."""
        blocks = size // _BLOCK_BITS + 1
        self._ends = Bitmap(blocks)
        self._starts = Bitmap(blocks)
        self._other_ends = Bitmap(blocks)
        self._other_starts = Bitmap(blocks)

    def is_near(self, left: WordSpans, right: WordSpans, words: int, ordered: bool) -> bool:
        """Return whether a span of `left` is followed by one of `right` with at most `words` words between.

        Unless `ordered`, `right` may also come first. Raises: OverBudget.
        """
        self._mark_ends(left, self._ends, words)
        if self._has_start_in(right, self._ends):
            return True
        if ordered:
            return False
        self._mark_ends(right, self._ends, words)
        return self._has_start_in(left, self._ends)

    def partners(self, left: WordSpans, right: WordSpans, words: int, ordered: bool) -> tuple[WordSpans, WordSpans]:
        """Return the spans of each side that are near one of the other. Raises: OverBudget."""
        self._mark_ends(left, self._ends, words)
        self._mark_starts(right, self._starts, words)
        if ordered:
            self._other_ends.clear()
            self._other_starts.clear()
        else:
            self._mark_ends(right, self._other_ends, words)
            self._mark_starts(left, self._other_starts, words)
        lefts = self._marked(left, self._other_ends, self._starts)
        return lefts, self._marked(right, self._ends, self._other_starts)

    def _mark_ends(self, spans: WordSpans, marks: Bitmap, words: int) -> None:
        """Mark the word after each span, and `words` more after it."""
        self.budget.spend(spans.count * spans.stride + marks.size)
        marks.clear()
        for row in range(spans.count):
            if spans.length:
                marks.set_bit(spans.starts[row] + spans.length)
                continue
            for at in range(spans.stride):
                bits = spans.blocks[row * spans.stride + at]
                end = spans.starts[row] + _BLOCK_BITS * at + 1
                while bits:
                    if bits & 1:
                        marks.set_bit(end)
                    bits >>= 1
                    end += 1
        marks.spread_up(words)

    def _mark_starts(self, spans: WordSpans, marks: Bitmap, words: int) -> None:
        """Mark the first word of each span, and `words` more before it."""
        self.budget.spend(spans.count + marks.size)
        marks.clear()
        for row in range(spans.count):
            marks.set_bit(spans.starts[row])
        marks.spread_down(words)

    def _has_start_in(self, spans: WordSpans, marks: Bitmap) -> bool:
        """Return whether any span starts at a marked word."""
        self.budget.spend(spans.count)
        row = 0
        while row < spans.count and not marks.has_bit(spans.starts[row]):
            row += 1
        return row < spans.count

    def _marked(self, spans: WordSpans, start_marks: Bitmap, end_marks: Bitmap) -> WordSpans:
        """Return the spans that start at a word in `start_marks`, or whose end is a word in `end_marks`."""
        self.budget.spend(spans.count * spans.stride)
        found = WordSpans(spans.count, spans.stride)
        found.length = spans.length
        for row in range(spans.count):
            start = spans.starts[row]
            if start_marks.has_bit(start):
                found.add_row(spans, row)
                continue
            has_spans = False
            for at in range(spans.stride):
                bits = spans.blocks[row * spans.stride + at]
                if bits:
                    bits &= end_marks.bits_at(start + _BLOCK_BITS * at + 1)
                found.blocks[found.count * found.stride + at] = bits
                has_spans = has_spans or bits != 0
            if has_spans:
                found.starts[found.count] = start
                found.count += 1
        return found
