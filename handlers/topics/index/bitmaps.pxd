import cython

cdef int _BYTE, _NUMBER
cdef unsigned long long _ALL, _ONE

cpdef unsigned long long[::1] numbers_of_bits(int size)

@cython.final
cdef class Bits:
    cdef public int size
    cdef readonly unsigned long long[::1] numbers

    @cython.locals(at=int)
    cpdef void clear(self)

    @cython.locals(at=int)
    cpdef bint is_clear(self)

    @cython.locals(at=int, bits="unsigned long long", index=int, half=int)
    cdef int past(self, int start, int size)

    cpdef void put(self, int index)

    cpdef bint holds(self, int index)

    cdef unsigned long long number_at(self, int index)

    @cython.locals(at=int, part=int, found="unsigned long long")
    cdef unsigned long long number_in(self, int start, int size, int index)

    @cython.locals(past=int, part=int, at=int, bits="unsigned long long")
    cdef void mix(self, int to, int room, Bits other, int start, int size, int by)

    @cython.locals(at=int)
    cdef void keep(self, Bits other, int index)

    @cython.locals(at=int)
    cdef void take(self, Bits other)

    @cython.locals(whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void move_up(self, int by)

    @cython.locals(reached=int, step=int, whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void spread_up(self, int by)

    @cython.locals(reached=int, step=int, whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void spread_down(self, int by)
