import cython

cdef int _BLOCK_BITS, _BLOCK_BYTES
cdef unsigned long long _ALL_BITS, _ONE

cpdef unsigned long long[::1] block_array(int size)

@cython.final
cdef class Bitmap:
    cdef public int size
    cdef readonly unsigned long long[::1] blocks

    @cython.locals(at=int)
    cpdef void clear(self)

    @cython.locals(at=int)
    cpdef bint is_empty(self)

    @cython.locals(at=int, bits="unsigned long long", index=int, half=int)
    cdef int bit_length(self, int start, int size)

    cpdef void set_bit(self, int index)

    cpdef bint has_bit(self, int index)

    cdef unsigned long long bits_at(self, int index)

    @cython.locals(at=int, part=int, found="unsigned long long")
    cdef unsigned long long bits_in(self, int start, int size, int index)

    @cython.locals(end=int, part=int, at=int, bits="unsigned long long")
    cdef void or_shifted(self, int to, int room, Bitmap other, int start, int size, int by)

    @cython.locals(at=int)
    cdef void and_from(self, Bitmap other, int index)

    @cython.locals(at=int)
    cdef void copy_from(self, Bitmap other)

    @cython.locals(whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void shift_up(self, int by)

    @cython.locals(reached=int, step=int, whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void spread_up(self, int by)

    @cython.locals(reached=int, step=int, whole=int, part=int, at=int, moved="unsigned long long")
    cpdef void spread_down(self, int by)
