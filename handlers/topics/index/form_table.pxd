import cython

cdef int _FORM_BITS, _INITIAL_BITS, _MAX_BITS, _SLOTS_PER_WORD, _UNKNOWN

@cython.final
cdef class FormTable:
    cdef int bits
    cdef readonly int used
    cdef unsigned long long[::1] slots

    @cython.locals(slot="unsigned long long")
    cpdef int put(self, unsigned long long hash_value, int form) except -1

    @cython.locals(slot="unsigned long long")
    cpdef int invalidate(self, unsigned long long hash_value) except -1

    @cython.locals(slot="unsigned long long")
    cdef unsigned long long _slot_of(self, unsigned long long hash_value)

    @cython.locals(before="unsigned long long[::1]", at=int)
    cdef void _enlarge(self)
