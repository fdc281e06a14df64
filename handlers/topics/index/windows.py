"""Rows of places seen through a window that moves along a text: all that begin within so many words of its first.

The text is cut into blocks as wide as the window, so that it always stands on the end of one block and the beginning of
the next. Both are added up beforehand, from each row to the end of its block and from the beginning to each row. So a
window costs two rows, however many begin in it (van Herk 1992, https://doi.org/10.1016/0167-8655(92)90069-C).

Plain Python; compiled where it was installed with a compiler, by the types in windows.pxd.
"""

from handlers.topics.index.bitmaps import Bits
from handlers.topics.index.places import NOWHERE, Places


class Window:
    """Moves from the beginning of a text to its end, over one set of places after the other."""

    def __init__(self) -> None:
        self._places = NOWHERE
        self._width = self._stride = 1
        self._to_end = self._from_begin = Bits(0)
        """Of each row what begins from it to the end of its block, counted from its first word; and what begins from
        the block's first word to it, counted from that word."""
        self._low = self._high = 0
        """The first row in the window, and the first behind it."""

    def look_at(self, places: Places, words: int, stride: int) -> None:
        """Begin, with a window of one word and `words` more. `stride`: the numbers of a row that is seen."""
        self._places = places
        self._width = words + 1
        self._stride = stride
        self._to_end = Bits(places.count * stride)
        self._from_begin = Bits(places.count * stride)
        self._low = self._high = 0
        size = min(places.stride, stride)
        for row in range(places.count):
            to = row * stride
            begin = places.firsts[row] - places.firsts[row] % self._width
            if row and places.firsts[row - 1] >= begin:
                self._from_begin.mix(to, stride, self._from_begin, to - stride, stride, 0)
            self._from_begin.mix(to, stride, places.rows, row * places.stride, size, places.firsts[row] - begin)
        row = places.count - 1
        while row >= 0:
            to = row * stride
            self._to_end.mix(to, stride, places.rows, row * places.stride, size, 0)
            if row + 1 < places.count:
                ahead = places.firsts[row + 1] - places.firsts[row]
                if places.firsts[row] % self._width + ahead < self._width:
                    self._to_end.mix(to, stride, self._to_end, to + stride, stride, ahead)
            row -= 1

    def see(self, at: int, since: int, seen: Bits) -> None:
        """Set the bits of the places that begin in the window from the word `at` on, counted from the word `since`."""
        places = self._places
        while self._low < places.count and places.firsts[self._low] < at:
            self._low += 1
        while self._high < places.count and places.firsts[self._high] < at + self._width:
            self._high += 1
        seen.clear()
        if self._low == self._high:
            return
        past = at - at % self._width + self._width
        first = places.firsts[self._low]
        if first < past:
            seen.mix(0, seen.size, self._to_end, self._low * self._stride, self._stride, first - since)
        if places.firsts[self._high - 1] >= past:
            last = (self._high - 1) * self._stride
            seen.mix(0, seen.size, self._from_begin, last, self._stride, past - since)
