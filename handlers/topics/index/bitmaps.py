"""A row of bits: set, looked up, moved and spread.

Plain Python; compiled where it was installed with a compiler, by the types in bitmaps.pxd.
"""

from array import array

_ALL = 0xFFFFFFFFFFFFFFFF
_ONE = 1
_NUMBER = 64
_BYTE = 8


def numbers_of_bits(size: int) -> "array[int]":
    """So many numbers of 64 bits, none of them set."""
    return array("Q", bytes(_BYTE * size))


class Bits:
    """Bits in numbers of 64, at first none of them set. What is moved or spread past the last is lost."""

    def __init__(self, size: int) -> None:
        """`size`: how many numbers. Fewer of them may be used later."""
        self.size = size
        self.numbers = numbers_of_bits(size)

    def clear(self) -> None:
        for at in range(self.size):
            self.numbers[at] = 0

    def is_clear(self) -> bool:
        at = 0
        while at < self.size and not self.numbers[at]:
            at += 1
        return at == self.size

    def past(self, start: int, size: int) -> int:
        """The index behind the highest bit that is set in some of the numbers, counted from them; 0: none is."""
        at = size - 1
        while at >= 0 and not self.numbers[start + at]:
            at -= 1
        if at < 0:
            return 0
        bits = self.numbers[start + at]
        index = 0
        half = _NUMBER // 2
        while half:
            if bits >> half:
                bits >>= half
                index += half
            half >>= 1
        return _NUMBER * at + index + 1

    def put(self, index: int) -> None:
        self.numbers[index >> 6] |= _ONE << (index & 63)

    def holds(self, index: int) -> bool:
        return self.numbers[index >> 6] >> (index & 63) & 1 != 0

    def number_at(self, index: int) -> int:
        """The 64 bits from an index on. None is set behind the last."""
        return self.number_in(0, self.size, index)

    def number_in(self, start: int, size: int, index: int) -> int:
        """The same of some of the numbers, from which the index is counted."""
        at = index >> 6
        part = index & 63
        found = self.numbers[start + at] >> part if at < size else 0
        if part and at + 1 < size:
            found |= self.numbers[start + at + 1] << (_NUMBER - part) & _ALL
        return found

    def mix(self, to: int, room: int, other: "Bits", start: int, size: int, by: int) -> None:
        """Set, in `room` numbers, the bits that are set in `size` numbers of another row, each so much higher."""
        past = to + room
        to += by >> 6
        part = by & 63
        for at in range(start, start + size):
            if to >= past:
                break
            bits = other.numbers[at]
            self.numbers[to] |= bits << part & _ALL
            to += 1
            if part and to < past:
                self.numbers[to] |= bits >> (_NUMBER - part)

    def keep(self, other: "Bits", index: int) -> None:
        """Keep the bits that are also set in another row, counted there from an index on."""
        for at in range(self.size):
            if self.numbers[at]:
                self.numbers[at] &= other.number_at(index + _NUMBER * at)

    def take(self, other: "Bits") -> None:
        """Be the same as another row, which is as long."""
        for at in range(self.size):
            self.numbers[at] = other.numbers[at]

    def move_up(self, by: int) -> None:
        """Move each bit to the index that is so much higher."""
        whole = by >> 6
        part = by & 63
        at = self.size - 1
        while at >= 0:
            moved = self.numbers[at - whole] << part & _ALL if at >= whole else 0
            if part and at > whole:
                moved |= self.numbers[at - whole - 1] >> (_NUMBER - part)
            self.numbers[at] = moved
            at -= 1

    def spread_up(self, by: int) -> None:
        """Set, for each bit, those of the `by` next higher indexes too."""
        reached = 0
        while reached < by:
            step = min(reached + 1, by - reached)
            reached += step
            whole = step >> 6
            part = step & 63
            at = self.size - 1
            while at >= whole:
                moved = self.numbers[at - whole] << part & _ALL
                if part and at > whole:
                    moved |= self.numbers[at - whole - 1] >> (_NUMBER - part)
                self.numbers[at] |= moved
                at -= 1

    def spread_down(self, by: int) -> None:
        """Set, for each bit, those of the `by` next lower indexes too."""
        reached = 0
        while reached < by:
            step = min(reached + 1, by - reached)
            reached += step
            whole = step >> 6
            part = step & 63
            for at in range(self.size - whole):
                moved = self.numbers[at + whole] >> part
                if part and at + whole + 1 < self.size:
                    moved |= self.numbers[at + whole + 1] << (_NUMBER - part) & _ALL
                self.numbers[at] |= moved
