"""Reversed joins: which spans of each side given combined spans consist of, for the evidence of nested NEARs.

Plain Python, compiled with the types in reverse_join.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.bitmaps import Bitmap
from handlers.topics.index.combined import CombinedJoin
from handlers.topics.index.word_spans import WordSpans, selected, union

_BLOCK_BITS = 64


class ReversibleJoin(CombinedJoin):
    """A proximity join that also returns the spans that combined spans consist of."""

    def sides_of(
        self, left: WordSpans, right: WordSpans, words: int, ordered: bool, combined: WordSpans
    ) -> tuple[WordSpans, WordSpans]:
        """Return the spans of each side of which any of the combined spans consists. Raises: OverBudget."""
        lefts, rights = self._sides_of(left, right, words, combined)
        if ordered:
            return lefts, rights
        more_rights, more_lefts = self._sides_of(right, left, words, combined)
        return union(lefts, more_lefts), union(rights, more_rights)

    def _sides_of(
        self, left: WordSpans, right: WordSpans, words: int, combined: WordSpans
    ) -> tuple[WordSpans, WordSpans]:
        """Return the spans of both sides of which combined spans that start in `left` consist."""
        lefts = WordSpans(left.count, left.stride)
        lefts.length = left.length
        selection = Bitmap(right.count * right.stride)
        size = self._prepare(left, right, words)
        self._other_starts.clear()
        right_row = combined_row = 0
        for row in range(left.count):
            while combined_row < combined.count and combined.starts[combined_row] < left.starts[row]:
                combined_row += 1
            if combined_row == combined.count:
                break
            if combined.starts[combined_row] > left.starts[row] or not self._find_right_starts(left, row, words):
                continue
            if right.length:
                self._trace_equal_lengths(right.length, combined, combined_row)
            else:
                while right.starts[right_row] <= left.starts[row]:
                    right_row += 1
                self._trace(right, right_row, combined, combined_row, selection)
            self._row.spread_down(words)
            has_spans = False
            for at in range(left.stride):
                bits = left.blocks[row * left.stride + at] & self._row.blocks[at] if at < size else 0
                lefts.blocks[lefts.count * lefts.stride + at] = bits
                has_spans = has_spans or bits != 0
            if has_spans:
                lefts.starts[lefts.count] = left.starts[row]
                lefts.count += 1
        if right.length:
            return lefts, self._starting_in(right, self._other_starts)
        return lefts, selected(right, selection)

    def _trace_equal_lengths(self, length: int, combined: WordSpans, combined_row: int) -> None:
        """Find the right spans, all of one length, that end where a combined span of the row does.

        Sets their starts in `_row`, relative to the row, and in `_other_starts`.
        """
        for at in range(self._row.size):
            ends = combined.bits_of(combined_row, length + _BLOCK_BITS * at)
            self._row.blocks[at] = self._right_starts.blocks[at] & ends
        starts = self._other_starts
        starts.or_shifted(0, starts.size, self._row, 0, self._row.size, combined.starts[combined_row] + 1)

    def _starting_in(self, spans: WordSpans, marks: Bitmap) -> WordSpans:
        """Return the spans that start at a marked word."""
        found = WordSpans(spans.count, spans.stride)
        found.length = spans.length
        for row in range(spans.count):
            if marks.has_bit(spans.starts[row]):
                found.add_row(spans, row)
        return found

    def _trace(
        self, right: WordSpans, right_row: int, combined: WordSpans, combined_row: int, selection: Bitmap
    ) -> None:
        """Find the right spans that end where a combined span of the row does.

        Sets their starts in `_row`, relative to the row, and the spans themselves in `selection`.
        """
        self._row.clear()
        start = combined.starts[combined_row]
        last = start + self._right_starts.bit_length(0, self._right_starts.size)
        while right_row < right.count and right.starts[right_row] <= last:
            by = right.starts[right_row] - start
            if self._right_starts.has_bit(by - 1):
                self.budget.spend(right.stride)
                for at in range(right.stride):
                    bits = right.blocks[right_row * right.stride + at]
                    if bits:
                        bits &= combined.bits_of(combined_row, by + _BLOCK_BITS * at)
                    if bits:
                        selection.blocks[right_row * right.stride + at] |= bits
                        self._row.set_bit(by - 1)
            right_row += 1
