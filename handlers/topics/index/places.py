"""Places of words and phrases in an article, as rows of numbers, and what two of them have in common or not.

A place is a run of words. Places are grouped by their first word; each first word has a row of bits, in which bit n is
set if a place of n + 1 words begins there. So no place is kept twice, and many of one first word take little room.

Plain Python; compiled where it was installed with a compiler, by the types in places.pxd.
"""

from collections.abc import Sequence

from handlers.topics.index.bitmaps import Bits
from handlers.topics.text.words import numbers_for

_ONE = 1
_NUMBER = 64
_ROOM = 64
_EVERY = 0x7FFFFFFF


class Places:
    """Places in ascending order of their first words. Words are counted from 0."""

    def __init__(self, room: int, stride: int) -> None:
        """`room`: how many first words there may be; `stride`: the numbers of 64 bits that each row takes."""
        self.count = 0
        """First words."""
        self.stride = stride
        self.length = 0
        """The number of words of every place, if it is the same for all; else 0."""
        self.firsts = numbers_for(room)
        self.rows = Bits(room * stride)
        self.bits = self.rows.numbers

    def numbered(self, since: int = 0) -> int:
        """The number of places that begin at a word or behind it."""
        row = self.count
        while row and self.firsts[row - 1] >= since:
            row -= 1
        if self.length:
            return self.count - row
        number = 0
        for at in range(row * self.stride, self.count * self.stride):
            bits = self.bits[at]
            while bits:
                bits &= bits - 1
                number += 1
        return number

    def longest(self) -> int:
        """The number of words of the longest place; 0 where there is none."""
        longest = self.length
        if not longest:
            for row in range(self.count):
                longest = max(longest, self.longest_at(row))
        return longest

    def longest_at(self, row: int) -> int:
        """The number of words of the longest place of a row."""
        return self.length or self.rows.past(row * self.stride, self.stride)

    def listed(self) -> list[tuple[int, int]]:
        """Each place as its first word and the word past its last, ascending."""
        found = []
        for row in range(self.count):
            for at in range(self.stride):
                bits = self.bits[row * self.stride + at]
                past = self.firsts[row] + _NUMBER * at + 1
                while bits:
                    if bits & 1:
                        found.append((self.firsts[row], past))
                    bits >>= 1
                    past += 1
        return found

    def number_at(self, row: int, index: int) -> int:
        """The 64 bits of a row from an index on. None is set behind its last."""
        return self.rows.number_in(row * self.stride, self.stride, index)

    def add_row(self, other: "Places", row: int, shift: int = 0) -> None:
        """Append a row of other places, moved by some words; or join it to the last one, if that begins there too."""
        first = other.firsts[row] + shift
        if not self.count or self.firsts[self.count - 1] != first:
            self.firsts[self.count] = first
            self.count += 1
        to = (self.count - 1) * self.stride
        start = row * other.stride
        for at in range(other.stride):
            self.bits[to + at] |= other.bits[start + at]


def of_length(firsts: Sequence[int], length: int) -> Places:
    """Places of one length that begin at these words, which ascend and do not repeat."""
    places = Places(len(firsts), (length + _NUMBER - 1) // _NUMBER)
    places.length = length
    for first in firsts:
        places.firsts[places.count] = first
        places.count += 1
    _set_length(places)
    return places


def _set_length(places: Places) -> None:
    """Let the rows say what the length of all places is."""
    at = (places.length - 1) >> 6
    bit = _ONE << ((places.length - 1) & 63)
    for row in range(places.count):
        places.bits[row * places.stride + at] = bit


NOWHERE = of_length((), 1)


def in_a_row(words: list[Places], offsets: list[int], length: int, size: int) -> Places:
    """Where words stand in a row of `length` words within a text of `size` words: each at its offset from the first."""
    shortest = 0
    for at in range(1, len(words)):
        if words[at].count < words[shortest].count:
            shortest = at
    other = words[shortest]
    offset: int = offsets[shortest]
    found = Places(other.count, (length + _NUMBER - 1) // _NUMBER)
    found.length = length
    for row in range(other.count):
        first = other.firsts[row] - offset
        if first >= 0 and first + length <= size:
            found.firsts[found.count] = first
            found.count += 1
    for at in range(len(words)):
        if at == shortest:
            continue
        other = words[at]
        offset = offsets[at]
        kept = place = 0
        for row in range(found.count):
            first = found.firsts[row]
            while place < other.count and other.firsts[place] < first + offset:
                place += 1
            if place == other.count:
                break
            if other.firsts[place] == first + offset:
                found.firsts[kept] = first
                kept += 1
        found.count = kept
    _set_length(found)
    return found


def union(one: Places, other: Places, shift: int = 0) -> Places:
    """The places of both; those of the second are moved by so many words."""
    if not other.count:
        return one
    if not one.count and not shift:
        return other
    both = Places(one.count + other.count, max(one.stride, other.stride))
    if one.length == other.length or not one.count:
        both.length = other.length
    at = place = 0
    while at < one.count or place < other.count:
        if place == other.count or (at < one.count and one.firsts[at] <= other.firsts[place] + shift):
            both.add_row(one, at)
            at += 1
        else:
            both.add_row(other, place, shift)
            place += 1
    return both


def common(one: Places, other: Places) -> Places:
    """The places that are in both."""
    both = Places(min(one.count, other.count), min(one.stride, other.stride))
    both.length = one.length if one.length == other.length else 0
    place = 0
    for row in range(one.count):
        while place < other.count and other.firsts[place] < one.firsts[row]:
            place += 1
        if place == other.count:
            break
        if other.firsts[place] > one.firsts[row]:
            continue
        is_any = False
        for at in range(both.stride):
            bits = one.bits[row * one.stride + at] & other.bits[place * other.stride + at]
            both.bits[both.count * both.stride + at] = bits
            is_any = is_any or bits != 0
        if is_any:
            both.firsts[both.count] = one.firsts[row]
            both.count += 1
    return both


def outside(places: Places, others: Places) -> Places:
    """The places that share no word with any of the others."""
    kept = Places(places.count, places.stride)
    kept.length = places.length
    place = past = 0
    for row in range(places.count):
        first = places.firsts[row]
        while place < others.count and others.firsts[place] <= first:
            past = max(past, others.firsts[place] + others.longest_at(place))
            place += 1
        if past > first:
            continue
        room = others.firsts[place] - first if place < others.count else _NUMBER * places.stride
        is_any = False
        for at in range(places.stride):
            bits = places.bits[row * places.stride + at]
            if room < _NUMBER * (at + 1):
                bits &= (_ONE << (room - _NUMBER * at)) - 1 if room > _NUMBER * at else 0
            kept.bits[kept.count * kept.stride + at] = bits
            is_any = is_any or bits != 0
        if is_any:
            kept.firsts[kept.count] = first
            kept.count += 1
    return kept


def some_of(places: Places, bits: Bits) -> Places:
    """Those of the places that are set in as many bits."""
    some = Places(places.count, places.stride)
    some.length = places.length
    for row in range(places.count):
        is_any = False
        for at in range(places.stride):
            some.bits[some.count * some.stride + at] = bits.numbers[row * places.stride + at]
            is_any = is_any or bits.numbers[row * places.stride + at] != 0
        if is_any:
            some.firsts[some.count] = places.firsts[row]
            some.count += 1
    return some


class Cover:
    """Runs of words of one text, those that share a word made one."""

    def __init__(self) -> None:
        self.count = 0
        """Words at which a run begins."""
        self.firsts = numbers_for(_ROOM)
        """Those words, in no order."""
        self.pasts = numbers_for(_ROOM)
        """Of each word of the text the word past the longest run that begins there; 0: none does."""

    def begin(self, size: int) -> None:
        """Forget everything, for a text of so many words."""
        for at in range(self.count):
            self.pasts[self.firsts[at]] = 0
        self.count = 0
        if size > len(self.pasts):
            self.pasts = numbers_for(2 * size)
            self.firsts = numbers_for(2 * size)

    def put(self, first: int, past: int) -> None:
        if not self.pasts[first]:
            self.firsts[self.count] = first
            self.count += 1
        if past > self.pasts[first]:
            self.pasts[first] = past

    def add(self, places: Places, most: int = _EVERY) -> None:
        """Add places, those of the first `most` first words."""
        for row in range(min(places.count, most)):
            self.put(places.firsts[row], places.firsts[row] + places.longest_at(row))

    def runs(self) -> list[tuple[int, int]]:
        """Each run as its first word and the word past its last, ascending."""
        firsts = [self.firsts[at] for at in range(self.count)]
        firsts.sort()
        found: list[tuple[int, int]] = []
        first = past = -1
        for word in firsts:
            if word >= past:
                if past >= 0:
                    found.append((first, past))
                first = word
            past = max(past, self.pasts[word])
        if past >= 0:
            found.append((first, past))
        return found
