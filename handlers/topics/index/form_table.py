"""A hash table from the hashes of words to their forms, with open addressing.

Hash and form share one 64-bit slot: the first 44 bits are those of the hash, the last 20 the form. A word whose hash
agrees with that of another word in these 44 bits would be mistaken for it, with a probability of one in 10**13 for each
new word.

Plain Python, compiled with the types in form_table.pxd if a C compiler is available during installation.
"""

from array import array

FORM_BITS = 20
UNKNOWN = 0xFFFFF
"""The form of a slot whose word must be evaluated again."""

# Compiled, a typed constant is not visible to other modules, so this module has its own copies.
_FORM_BITS = FORM_BITS
_UNKNOWN = UNKNOWN
_INITIAL_BITS = 12
_MAX_BITS = 18
_SLOTS_PER_WORD = 2


class FormTable:
    """Forms by the hash of a word."""

    def __init__(self) -> None:
        self.bits = _INITIAL_BITS
        """The table has 2**bits slots."""
        self.slots = array("Q", bytes(8 << _INITIAL_BITS))
        """0 for a free slot. A word is at the index that the first bits of its hash give, or at the next free one."""
        self.used = 0
        """The number of slots in use."""

    def put(self, hash_value: int, form: int) -> None:
        """Store the form of a word. Enlarges the table if it is half full."""
        if self.used * _SLOTS_PER_WORD > 1 << self.bits and self.bits < _MAX_BITS:
            self._enlarge()
        slot = self._slot_of(hash_value)
        if not self.slots[slot]:
            self.used += 1
        self.slots[slot] = (hash_value >> _FORM_BITS << _FORM_BITS) | form

    def invalidate(self, hash_value: int) -> None:
        """Mark a word, if it is in the table, to be evaluated again."""
        slot = self._slot_of(hash_value)
        if self.slots[slot]:
            self.slots[slot] |= _UNKNOWN

    def _slot_of(self, hash_value: int) -> int:
        """Return the slot that has the hash, or a free one for it."""
        slot = hash_value >> (64 - self.bits)
        while self.slots[slot] and (self.slots[slot] ^ hash_value) >> _FORM_BITS:
            slot = (slot + 1) & ((1 << self.bits) - 1)
        return slot

    def _enlarge(self) -> None:
        before = self.slots
        self.bits += 2
        self.slots = array("Q", bytes(8 << self.bits))
        for at in range(len(before)):
            if before[at]:
                self.slots[self._slot_of(before[at])] = before[at]
