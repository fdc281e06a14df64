import cython

cdef long long _ALLOWANCES, _BASE, _OF_A_CHARACTER, _SHARES, _UNNOTED, _NOBODY

cdef class Budget:
    cdef readonly long long total, share, allowance, left
    cdef set _paid
    cdef long long _begun, _topic
    cdef dict _spent

    @cython.locals(spent="long long", share="long long", allowance="long long")
    cpdef void start(self, long long topic) except *

    cpdef int spend(self, long long steps) except -1

    cpdef bint has_paid(self, what) except -1

    cpdef void note_paid(self, what) except *

@cython.locals(total="long long")
cpdef Budget for_article(long long characters)
