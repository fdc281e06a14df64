import cython

cdef int _INITIAL_BITS, _SLOTS_PER_PAIR, _FILTER_BITS
cdef unsigned long long _LOWER_HALF, _MULTIPLIER, _MASK, _ONE

@cython.final
cdef class PairTable:
    cdef int bits, _used
    cdef unsigned long long[::1] _slots, filter

    @cython.locals(key="unsigned long long", slot="unsigned long long", both="unsigned long long")
    cpdef int put(self, unsigned long long first, unsigned long long second, bint tight, int leaf) except -1

    @cython.locals(last_slot="unsigned long long", free="unsigned long long", at="unsigned long long",
                   home="unsigned long long")
    cpdef void remove(self, unsigned long long first, unsigned long long second, bint tight)

    @cython.locals(slot="unsigned long long")
    cpdef unsigned long long find(self, unsigned long long key) noexcept

    @cython.locals(slot="unsigned long long")
    cdef unsigned long long _slot_of(self, unsigned long long key) noexcept

    @cython.locals(bit="unsigned long long")
    cdef void _add_to_filter(self, unsigned long long key) noexcept

    @cython.locals(before="unsigned long long[::1]", at=int, slot="unsigned long long")
    cdef int _enlarge(self) except -1

cdef unsigned long long _hash_of(unsigned long long key) noexcept

cdef unsigned long long[::1] _empty_filter(int bits)
