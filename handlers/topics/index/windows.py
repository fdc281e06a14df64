"""A sliding window over the rows of word spans: the union of all rows that start within a number of words.

The text is cut into blocks as wide as the window, so that a window always consists of the end of one block and the
beginning of the next. The unions from each row to the end of its block, and from the beginning of the block to each
row, are computed in advance. So a window costs two rows, however many start in it (van Herk 1992,
https://doi.org/10.1016/0167-8655(92)90069-C).

Plain Python, compiled with the types in windows.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.bitmaps import Bitmap
from handlers.topics.index.word_spans import NO_SPANS, WordSpans


class SlidingWindow:
    """Moves from the beginning of a text to its end. The object is used for one set of spans after another."""

    def __init__(self) -> None:
        self._spans = NO_SPANS
        self._width = self._stride = 1
        self._to_block_end = self._from_block_start = Bitmap(0)
        """By row: the union of the rows from it to the end of its block, relative to its own start; and the union of
        the rows from the block's first word to it, relative to that word."""
        self._low = self._high = 0
        """The first row in the window, and the first row after it."""

    def start(self, spans: WordSpans, words: int, stride: int) -> None:
        """Start at the beginning, with a window of `words` + 1 words. `stride` is the number of blocks of a result."""
        self._spans = spans
        self._width = words + 1
        self._stride = stride
        self._to_block_end = Bitmap(spans.count * stride)
        self._from_block_start = Bitmap(spans.count * stride)
        self._low = self._high = 0
        size = min(spans.stride, stride)
        for row in range(spans.count):
            to = row * stride
            block_start = spans.starts[row] - spans.starts[row] % self._width
            if row and spans.starts[row - 1] >= block_start:
                self._from_block_start.or_shifted(to, stride, self._from_block_start, to - stride, stride, 0)
            by = spans.starts[row] - block_start
            self._from_block_start.or_shifted(to, stride, spans.rows, row * spans.stride, size, by)
        row = spans.count - 1
        while row >= 0:
            to = row * stride
            self._to_block_end.or_shifted(to, stride, spans.rows, row * spans.stride, size, 0)
            if row + 1 < spans.count:
                by = spans.starts[row + 1] - spans.starts[row]
                if spans.starts[row] % self._width + by < self._width:
                    self._to_block_end.or_shifted(to, stride, self._to_block_end, to + stride, stride, by)
            row -= 1

    def read(self, at: int, origin: int, into: Bitmap) -> None:
        """Move the window to the word `at`, and set `into` to the union of its rows, relative to the word `origin`.

        `at` must not decrease from one call to the next.
        """
        spans = self._spans
        while self._low < spans.count and spans.starts[self._low] < at:
            self._low += 1
        while self._high < spans.count and spans.starts[self._high] < at + self._width:
            self._high += 1
        into.clear()
        if self._low == self._high:
            return
        block_end = at - at % self._width + self._width
        first = spans.starts[self._low]
        if first < block_end:
            low = self._low * self._stride
            into.or_shifted(0, into.size, self._to_block_end, low, self._stride, first - origin)
        if spans.starts[self._high - 1] >= block_end:
            last = (self._high - 1) * self._stride
            into.or_shifted(0, into.size, self._from_block_start, last, self._stride, block_end - origin)
