import cython

cdef long long _ALLOWANCES, _BASE, _NEGLIGIBLE, _NO_TOPIC, _PER_CHARACTER, _SHARES

cdef class Budget:
    cdef readonly long long total, share, allowance, remaining
    cdef set _paid
    cdef long long _granted, _topic
    cdef dict _spent

    @cython.locals(spent="long long", share="long long", allowance="long long")
    cpdef void start(self, long long topic) except *

    cpdef int spend(self, long long steps) except -1

    cpdef bint has_paid(self, result) except -1

    cpdef void mark_paid(self, result) except *

@cython.locals(total="long long")
cpdef Budget budget_for(long long characters)
