"""Bitmaps: set and look up bits, and shift, combine and spread whole ranges of them.

Plain Python, compiled with the types in bitmaps.pxd if a C compiler is available during installation.
"""

from array import array

_ALL_BITS = 0xFFFFFFFFFFFFFFFF
_ONE = 1
_BLOCK_BITS = 64
_BLOCK_BYTES = 8


def block_array(size: int) -> "array[int]":
    """Return an array of `size` blocks of 64 bits, none of them set."""
    return array("Q", bytes(_BLOCK_BYTES * size))


class Bitmap:
    """Bits in blocks of 64, at first none of them set. Bits that are shifted or spread past the end are lost."""

    def __init__(self, size: int) -> None:
        """`size` is the number of blocks. It can be reduced later."""
        self.size = size
        self.blocks = block_array(size)

    def clear(self) -> None:
        for at in range(self.size):
            self.blocks[at] = 0

    def is_empty(self) -> bool:
        at = 0
        while at < self.size and not self.blocks[at]:
            at += 1
        return at == self.size

    def bit_length(self, start: int, size: int) -> int:
        """Return the index after the highest set bit among `size` blocks from block `start` on; 0 if none is set.

        The index is counted from the first of these blocks.
        """
        at = size - 1
        while at >= 0 and not self.blocks[start + at]:
            at -= 1
        if at < 0:
            return 0
        bits = self.blocks[start + at]
        index = 0
        half = _BLOCK_BITS // 2
        while half:
            if bits >> half:
                bits >>= half
                index += half
            half >>= 1
        return _BLOCK_BITS * at + index + 1

    def set_bit(self, index: int) -> None:
        self.blocks[index >> 6] |= _ONE << (index & 63)

    def has_bit(self, index: int) -> bool:
        return self.blocks[index >> 6] >> (index & 63) & 1 != 0

    def bits_at(self, index: int) -> int:
        """Return the 64 bits from an index on. Bits after the end are 0."""
        return self.bits_in(0, self.size, index)

    def bits_in(self, start: int, size: int, index: int) -> int:
        """Return the 64 bits from an index on among `size` blocks, counted from block `start`. Others are 0."""
        at = index >> 6
        part = index & 63
        found = self.blocks[start + at] >> part if at < size else 0
        if part and at + 1 < size:
            found |= self.blocks[start + at + 1] << (_BLOCK_BITS - part) & _ALL_BITS
        return found

    def or_shifted(self, to: int, room: int, other: "Bitmap", start: int, size: int, by: int) -> None:
        """Set the bits that are set in `size` blocks of another bitmap from block `start` on, each `by` bits higher.

        They are set in `room` blocks from block `to` on.
        """
        end = to + room
        to += by >> 6
        part = by & 63
        for at in range(start, start + size):
            if to >= end:
                break
            bits = other.blocks[at]
            self.blocks[to] |= bits << part & _ALL_BITS
            to += 1
            if part and to < end:
                self.blocks[to] |= bits >> (_BLOCK_BITS - part)

    def and_from(self, other: "Bitmap", index: int) -> None:
        """Keep only the bits that are also set in another bitmap, whose bits are counted from an index on."""
        for at in range(self.size):
            if self.blocks[at]:
                self.blocks[at] &= other.bits_at(index + _BLOCK_BITS * at)

    def copy_from(self, other: "Bitmap") -> None:
        """Copy the bits of another bitmap of at least the same size."""
        for at in range(self.size):
            self.blocks[at] = other.blocks[at]

    def shift_up(self, by: int) -> None:
        """Move each bit to an index that is higher by `by`."""
        whole = by >> 6
        part = by & 63
        at = self.size - 1
        while at >= 0:
            moved = self.blocks[at - whole] << part & _ALL_BITS if at >= whole else 0
            if part and at > whole:
                moved |= self.blocks[at - whole - 1] >> (_BLOCK_BITS - part)
            self.blocks[at] = moved
            at -= 1

    def spread_up(self, by: int) -> None:
        """For each set bit, set the `by` next higher bits too, in a number of passes logarithmic in `by`."""
        reached = 0
        while reached < by:
            step = min(reached + 1, by - reached)
            reached += step
            whole = step >> 6
            part = step & 63
            at = self.size - 1
            while at >= whole:
                moved = self.blocks[at - whole] << part & _ALL_BITS
                if part and at > whole:
                    moved |= self.blocks[at - whole - 1] >> (_BLOCK_BITS - part)
                self.blocks[at] |= moved
                at -= 1

    def spread_down(self, by: int) -> None:
        """For each set bit, set the `by` next lower bits too."""
        reached = 0
        while reached < by:
            step = min(reached + 1, by - reached)
            reached += step
            whole = step >> 6
            part = step & 63
            for at in range(self.size - whole):
                moved = self.blocks[at + whole] >> part
                if part and at + whole + 1 < self.size:
                    moved |= self.blocks[at + whole + 1] << (_BLOCK_BITS - part) & _ALL_BITS
                self.blocks[at] |= moved
