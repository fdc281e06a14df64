"""A hash table from two adjacent query words to the leaves that stand for both, with open addressing.

Phrases wait for two adjacent words of theirs, because an article contains few pairs that any topic asks for, while it
contains most of the words.

Plain Python, compiled with the types in pair_table.pxd if a C compiler is available during installation.
"""

from array import array

FILTER_BITS = 2
"""The filter has 2**FILTER_BITS bits for each slot."""
MULTIPLIER = 0x9E3779B97F4A7C15
"""The hash of a pair is the leaf of its first word, shifted by 32 bits, and that of its second, times this number."""

# Compiled, a typed constant is not visible to other modules, so this module has its own copies.
_FILTER_BITS = FILTER_BITS
_MULTIPLIER = MULTIPLIER
_INITIAL_BITS = 10
_SLOTS_PER_PAIR = 2
_MASK = 0xFFFFFFFFFFFFFFFF
_LOWER_HALF = 0xFFFFFFFF
_ONE = 1


class PairTable:
    """Leaves of pairs, by the leaves of both words.

    A pair has a leaf for any occurrence, a leaf for occurrences with nothing but spaces between (tight), or both.
    """

    def __init__(self) -> None:
        self.bits = _INITIAL_BITS
        """The table has 2**bits slots."""
        self._slots = array("Q", bytes(16 << _INITIAL_BITS))
        """Two numbers for each slot: the key, 0 in a free slot, and both leaves, 0 for none, the tight one in front.

        A pair is at the index that the first bits of its hash give, or at the next free one.
        """
        self._used = 0
        self.filter = _empty_filter(_INITIAL_BITS)
        """A bit for each value of the first bits of a hash. It is set if any pair has, or had, a hash that starts so.

        It is so small that it stays in the processor's cache, and most pairs of an article need nothing else.
        """

    def put(self, first: int, second: int, tight: bool, leaf: int) -> None:
        """Store a leaf of a pair. Enlarges the table if it is half full."""
        if self._used * _SLOTS_PER_PAIR >= 1 << self.bits:
            self._enlarge()
        key = first << 32 | second
        slot = self._slot_of(key)
        if not self._slots[2 * slot]:
            self._slots[2 * slot] = key
            self._slots[2 * slot + 1] = 0
            self._used += 1
            self._add_to_filter(key)
        both: int = leaf
        self._slots[2 * slot + 1] |= both << 32 if tight else both

    def remove(self, first: int, second: int, tight: bool) -> None:
        """Remove a leaf of a pair that is in the table, and move the pairs that would no longer be found."""
        last_slot = (1 << self.bits) - 1
        free = self._slot_of(first << 32 | second)
        self._slots[2 * free + 1] &= _LOWER_HALF if tight else _LOWER_HALF << 32
        if self._slots[2 * free + 1]:
            return
        at = (free + 1) & last_slot
        while self._slots[2 * at]:
            home = _hash_of(self._slots[2 * at]) >> (64 - self.bits)
            if (at - home) & last_slot >= (at - free) & last_slot:
                self._slots[2 * free] = self._slots[2 * at]
                self._slots[2 * free + 1] = self._slots[2 * at + 1]
                free = at
            at = (at + 1) & last_slot
        self._slots[2 * free] = 0
        self._used -= 1

    def find(self, key: int) -> int:
        """Return the leaves of a pair: that of any occurrence, and the tight one shifted by 32 bits; 0 for none.

        The key is the leaf of its first word, shifted by 32 bits, and that of its second.
        """
        slot = self._slot_of(key)
        return self._slots[2 * slot + 1] if self._slots[2 * slot] else 0

    def _slot_of(self, key: int) -> int:
        """Return the slot that has the key, or a free one for it."""
        slot = _hash_of(key) >> (64 - self.bits)
        while self._slots[2 * slot] and self._slots[2 * slot] != key:
            slot = (slot + 1) & ((1 << self.bits) - 1)
        return slot

    def _add_to_filter(self, key: int) -> None:
        bit = _hash_of(key) >> (64 - self.bits - _FILTER_BITS)
        self.filter[bit >> 6] |= _ONE << (bit & 63)

    def _enlarge(self) -> None:
        before = self._slots
        self.bits += 1
        self._slots = array("Q", bytes(16 << self.bits))
        self.filter = _empty_filter(self.bits)
        for at in range(0, len(before), 2):
            if before[at]:
                slot = self._slot_of(before[at])
                self._slots[2 * slot] = before[at]
                self._slots[2 * slot + 1] = before[at + 1]
                self._add_to_filter(before[at])


def _hash_of(key: int) -> int:
    return key * _MULTIPLIER & _MASK


def _empty_filter(bits: int) -> "array[int]":
    return array("Q", bytes(1 << (bits + _FILTER_BITS - 3)))
