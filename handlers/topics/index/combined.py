"""Combined spans: for an operator around a NEAR, each pair of the NEAR counts as one span from its start to its end.

All pairs count, so their number may be the product of those of both sides. But the combined spans that start at one
word are one row of bits, whatever the number of pairs, and rows are computed from whole blocks of bits. Combined spans
of more than MAX_SPAN words are left out.

Plain Python, compiled with the types in combined.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.bitmaps import Bitmap
from handlers.topics.index.joins import NearJoin
from handlers.topics.index.windows import SlidingWindow
from handlers.topics.index.word_spans import WordSpans, union
from handlers.topics.query.lexer import MAX_SPAN

_NO_LIMIT = 0x7FFFFFFF
_BLOCK_BITS = 64
_MAX_BLOCKS = MAX_SPAN // _BLOCK_BITS
_ROW_STEPS = 16
"""Steps for computing one row of bits."""


class CombinedJoin(NearJoin):
    """A proximity join that also returns combined spans.

    The bitmaps of one row are relative to its first word: bit n stands for the word n + 1 words further on.
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._within_reach = Bitmap(_MAX_BLOCKS)
        """Where a right span may start, for the current row of the left side."""
        self._right_starts = Bitmap(_MAX_BLOCKS)
        """Where a right span does start."""
        self._row = Bitmap(_MAX_BLOCKS)
        self._window = SlidingWindow()

    def combined(
        self, left: WordSpans, right: WordSpans, words: int, ordered: bool, max_rows: int = _NO_LIMIT
    ) -> WordSpans:
        """Return the combined spans of all pairs; for each order of the sides, at most those of the first rows.

        Raises: OverBudget.
        """
        spans = self._combined(left, right, words, max_rows)
        return spans if ordered else union(spans, self._combined(right, left, words, max_rows))

    def _combined(self, left: WordSpans, right: WordSpans, words: int, max_rows: int) -> WordSpans:
        """Return the spans from one of `left` to one of `right` after it."""
        spans = WordSpans(min(left.count, max_rows), self._prepare(left, right, words))
        if left.length and not right.length:
            self._window.start(right, words, spans.stride)
            self.budget.spend(3 * right.count * right.stride)
        right_row = 0
        for row in range(left.count):
            if spans.count == max_rows:
                break
            if not self._find_right_starts(left, row, words):
                continue
            start = left.starts[row]
            ends = self._row
            if right.length:
                self._right_starts.shift_up(right.length)
                ends = self._right_starts
            elif left.length:
                self._window.read(start + left.length, start, self._row)
            else:
                while right.starts[right_row] <= start:
                    right_row += 1
                self._find_ends(right, right_row, start)
            if not ends.is_empty():
                for at in range(spans.stride):
                    spans.blocks[spans.count * spans.stride + at] = ends.blocks[at]
                spans.starts[spans.count] = start
                spans.count += 1
        return spans

    def _prepare(self, left: WordSpans, right: WordSpans, words: int) -> int:
        """Prepare to look for spans of `right` after those of `left`. Returns the blocks of a row of combined spans."""
        longest = left.max_length() + words + right.max_length()
        size = min((longest + _BLOCK_BITS - 1) // _BLOCK_BITS, _MAX_BLOCKS)
        self._within_reach.size = self._right_starts.size = self._row.size = size
        self._mark_starts(right, self._starts, 0)
        if left.count and left.length:
            self._set_reach(left, 0, words)
        return size

    def _find_right_starts(self, left: WordSpans, row: int, words: int) -> bool:
        """Find where right spans start near enough after the left spans of a row. Returns whether any does."""
        self.budget.spend(_ROW_STEPS)
        if not left.length:
            self._set_reach(left, row, words)
        self._right_starts.copy_from(self._within_reach)
        self._right_starts.and_from(self._starts, left.starts[row] + 1)
        return not self._right_starts.is_empty()

    def _set_reach(self, left: WordSpans, row: int, words: int) -> None:
        """Compute where right spans would be near enough after the left spans of a row."""
        for at in range(self._within_reach.size):
            self._within_reach.blocks[at] = left.blocks[row * left.stride + at] if at < left.stride else 0
        self._within_reach.spread_up(words)

    def _find_ends(self, right: WordSpans, right_row: int, start: int) -> None:
        """Set in `_row` the ends of the right spans, from `right_row` on, that start at one of `_right_starts`."""
        self._row.clear()
        last = start + self._right_starts.bit_length(0, self._right_starts.size)
        while right_row < right.count and right.starts[right_row] <= last:
            by = right.starts[right_row] - start
            if self._right_starts.has_bit(by - 1):
                self.budget.spend(right.stride)
                self._row.or_shifted(0, self._row.size, right.rows, right_row * right.stride, right.stride, by)
            right_row += 1
