"""Word spans: sets of spans of adjacent words in one text, and operations on two sets.

The spans of a set are grouped into rows, one for each word at which a span starts. A row is a bitmap in which bit n is
set if a span of n + 1 words starts at that word. So no span is stored twice, and many spans with the same start take
little room.

Plain Python, compiled with the types in word_spans.pxd if a C compiler is available during installation.
"""

from collections.abc import Sequence

from handlers.topics.index.bitmaps import Bitmap
from handlers.topics.text.words import int_array

_ONE = 1
_BLOCK_BITS = 64
_INITIAL_ROOM = 64
_NO_LIMIT = 0x7FFFFFFF


class WordSpans:
    """Spans in ascending order of their starts. Words are numbered from 0."""

    def __init__(self, room: int, stride: int) -> None:
        """`room` is the maximum number of rows, `stride` the number of 64-bit blocks of each row."""
        self.count = 0
        """The number of rows."""
        self.stride = stride
        self.length = 0
        """The number of words of each span if all spans have the same; else 0."""
        self.starts = int_array(room)
        """By row: the word at which its spans start."""
        self.rows = Bitmap(room * stride)
        self.blocks = self.rows.blocks

    def total(self, since: int = 0) -> int:
        """Return the number of spans that start at the word `since` or later."""
        row = self.count
        while row and self.starts[row - 1] >= since:
            row -= 1
        if self.length:
            return self.count - row
        number = 0
        for at in range(row * self.stride, self.count * self.stride):
            bits = self.blocks[at]
            while bits:
                bits &= bits - 1
                number += 1
        return number

    def max_length(self) -> int:
        """Return the number of words of the longest span, or 0 if there are no spans."""
        longest = self.length
        if not longest:
            for row in range(self.count):
                longest = max(longest, self.max_length_in(row))
        return longest

    def max_length_in(self, row: int) -> int:
        """Return the number of words of the longest span of a row."""
        return self.length or self.rows.bit_length(row * self.stride, self.stride)

    def listed(self) -> list[tuple[int, int]]:
        """Return each span as its first word and the word after its last, ascending."""
        found = []
        for row in range(self.count):
            for at in range(self.stride):
                bits = self.blocks[row * self.stride + at]
                end = self.starts[row] + _BLOCK_BITS * at + 1
                while bits:
                    if bits & 1:
                        found.append((self.starts[row], end))
                    bits >>= 1
                    end += 1
        return found

    def bits_of(self, row: int, index: int) -> int:
        """Return the 64 bits of a row from an index on. Bits after the end are 0."""
        return self.rows.bits_in(row * self.stride, self.stride, index)

    def add_row(self, other: "WordSpans", row: int, shift: int = 0) -> None:
        """Append a row of another set, moved by `shift` words. Merges it with the last row if that starts there too."""
        start = other.starts[row] + shift
        if not self.count or self.starts[self.count - 1] != start:
            self.starts[self.count] = start
            self.count += 1
        to = (self.count - 1) * self.stride
        source = row * other.stride
        for at in range(other.stride):
            self.blocks[to + at] |= other.blocks[source + at]


def spans_of_length(starts: Sequence[int], length: int) -> WordSpans:
    """Return spans of one length. `starts` are their first words, ascending and without repetition."""
    spans = WordSpans(len(starts), (length + _BLOCK_BITS - 1) // _BLOCK_BITS)
    spans.length = length
    for start in starts:
        spans.starts[spans.count] = start
        spans.count += 1
    _fill_rows(spans)
    return spans


def _fill_rows(spans: WordSpans) -> None:
    """Set, in each row, the bit for the length that all spans have."""
    at = (spans.length - 1) >> 6
    bit = _ONE << ((spans.length - 1) & 63)
    for row in range(spans.count):
        spans.blocks[row * spans.stride + at] = bit


NO_SPANS = spans_of_length((), 1)


def sequences(words: list[WordSpans], offsets: list[int], length: int, size: int) -> WordSpans:
    """Return the spans of `length` words in which each of the words occurs at its offset from the start.

    `words` are the occurrences of each word, and `size` is the number of words of the text.
    """
    rarest = 0
    for at in range(1, len(words)):
        if words[at].count < words[rarest].count:
            rarest = at
    other = words[rarest]
    offset: int = offsets[rarest]
    found = WordSpans(other.count, (length + _BLOCK_BITS - 1) // _BLOCK_BITS)
    found.length = length
    for row in range(other.count):
        start = other.starts[row] - offset
        if start >= 0 and start + length <= size:
            found.starts[found.count] = start
            found.count += 1
    for at in range(len(words)):
        if at == rarest:
            continue
        other = words[at]
        offset = offsets[at]
        kept = other_row = 0
        for row in range(found.count):
            start = found.starts[row]
            while other_row < other.count and other.starts[other_row] < start + offset:
                other_row += 1
            if other_row == other.count:
                break
            if other.starts[other_row] == start + offset:
                found.starts[kept] = start
                kept += 1
        found.count = kept
    _fill_rows(found)
    return found


def union(left: WordSpans, right: WordSpans, shift: int = 0) -> WordSpans:
    """Return the spans of both sets; those of `right` are moved by `shift` words."""
    if not right.count:
        return left
    if not left.count and not shift:
        return right
    both = WordSpans(left.count + right.count, max(left.stride, right.stride))
    if left.length == right.length or not left.count:
        both.length = right.length
    row = right_row = 0
    while row < left.count or right_row < right.count:
        if right_row == right.count or (row < left.count and left.starts[row] <= right.starts[right_row] + shift):
            both.add_row(left, row)
            row += 1
        else:
            both.add_row(right, right_row, shift)
            right_row += 1
    return both


def intersection(left: WordSpans, right: WordSpans) -> WordSpans:
    """Return the spans that are in both sets."""
    both = WordSpans(min(left.count, right.count), min(left.stride, right.stride))
    both.length = left.length if left.length == right.length else 0
    right_row = 0
    for row in range(left.count):
        while right_row < right.count and right.starts[right_row] < left.starts[row]:
            right_row += 1
        if right_row == right.count:
            break
        if right.starts[right_row] > left.starts[row]:
            continue
        has_spans = False
        for at in range(both.stride):
            bits = left.blocks[row * left.stride + at] & right.blocks[right_row * right.stride + at]
            both.blocks[both.count * both.stride + at] = bits
            has_spans = has_spans or bits != 0
        if has_spans:
            both.starts[both.count] = left.starts[row]
            both.count += 1
    return both


def outside(spans: WordSpans, others: WordSpans) -> WordSpans:
    """Return the spans that overlap none of the others."""
    kept = WordSpans(spans.count, spans.stride)
    kept.length = spans.length
    other_row = others_end = 0
    for row in range(spans.count):
        start = spans.starts[row]
        while other_row < others.count and others.starts[other_row] <= start:
            others_end = max(others_end, others.starts[other_row] + others.max_length_in(other_row))
            other_row += 1
        if others_end > start:
            continue
        room = others.starts[other_row] - start if other_row < others.count else _BLOCK_BITS * spans.stride
        has_spans = False
        for at in range(spans.stride):
            bits = spans.blocks[row * spans.stride + at]
            if room < _BLOCK_BITS * (at + 1):
                bits &= (_ONE << (room - _BLOCK_BITS * at)) - 1 if room > _BLOCK_BITS * at else 0
            kept.blocks[kept.count * kept.stride + at] = bits
            has_spans = has_spans or bits != 0
        if has_spans:
            kept.starts[kept.count] = start
            kept.count += 1
    return kept


def selected(spans: WordSpans, bits: Bitmap) -> WordSpans:
    """Return the spans whose bits are set in a bitmap of the same layout."""
    kept = WordSpans(spans.count, spans.stride)
    kept.length = spans.length
    for row in range(spans.count):
        has_spans = False
        for at in range(spans.stride):
            kept.blocks[kept.count * kept.stride + at] = bits.blocks[row * spans.stride + at]
            has_spans = has_spans or bits.blocks[row * spans.stride + at] != 0
        if has_spans:
            kept.starts[kept.count] = spans.starts[row]
            kept.count += 1
    return kept


class MergedSpans:
    """Spans of one text, with overlapping ones merged. The object is used for one query after another."""

    def __init__(self) -> None:
        self.count = 0
        """The number of words at which a span starts."""
        self.starts = int_array(_INITIAL_ROOM)
        """These words, in no particular order."""
        self.ends = int_array(_INITIAL_ROOM)
        """By word of the text: the end (exclusive) of the longest span that starts there; 0 if none does."""

    def reset(self, size: int) -> None:
        """Remove all spans. `size` is the number of words of the next text."""
        for at in range(self.count):
            self.ends[self.starts[at]] = 0
        self.count = 0
        if size > len(self.ends):
            self.ends = int_array(2 * size)
            self.starts = int_array(2 * size)

    def add_span(self, start: int, end: int) -> None:
        if not self.ends[start]:
            self.starts[self.count] = start
            self.count += 1
        if end > self.ends[start]:
            self.ends[start] = end

    def add(self, spans: WordSpans, max_rows: int = _NO_LIMIT) -> None:
        """Add the spans of the first `max_rows` rows."""
        for row in range(min(spans.count, max_rows)):
            self.add_span(spans.starts[row], spans.starts[row] + spans.max_length_in(row))

    def listed(self) -> list[tuple[int, int]]:
        """Return each merged span as its first word and the word after its last, ascending."""
        starts = [self.starts[at] for at in range(self.count)]
        starts.sort()
        found: list[tuple[int, int]] = []
        first = end = -1
        for start in starts:
            if start >= end:
                if end >= 0:
                    found.append((first, end))
                first = start
            end = max(end, self.ends[start])
        if end >= 0:
            found.append((first, end))
        return found
