import cython

from handlers.topics.index.bitmaps cimport Bits

cdef int _NUMBER, _ROOM, _EVERY
cdef unsigned long long _ONE

@cython.final
cdef class Places:
    cdef public int count, length
    cdef readonly int stride
    cdef readonly int[::1] firsts
    cdef Bits rows
    cdef readonly unsigned long long[::1] bits

    @cython.locals(row=int, number=int, at=int, bits="unsigned long long")
    cpdef int numbered(self, int since=*)

    @cython.locals(longest=int, row=int)
    cpdef int longest(self)

    cdef int longest_at(self, int row)

    @cython.locals(row=int, at=int, past=int, bits="unsigned long long")
    cpdef list listed(self)

    cdef unsigned long long number_at(self, int row, int index)

    @cython.locals(first=int, to=int, start=int, at=int)
    cdef void add_row(self, Places other, int row, int shift=*)

@cython.locals(places=Places)
cpdef Places of_length(firsts, int length)

@cython.locals(at=int, bit="unsigned long long", row=int)
cdef void _set_length(Places places)

@cython.locals(shortest=int, at=int, other=Places, offset=int, found=Places, row=int, first=int, kept=int, place=int)
cpdef Places in_a_row(list words, list offsets, int length, int size)

@cython.locals(both=Places, at=int, place=int)
cpdef Places union(Places one, Places other, int shift=*)

@cython.locals(both=Places, place=int, row=int, is_any=bint, at=int, bits="unsigned long long")
cpdef Places common(Places one, Places other)

@cython.locals(kept=Places, place=int, past=int, row=int, first=int, room=int, is_any=bint, at=int,
               bits="unsigned long long")
cpdef Places outside(Places places, Places others)

@cython.locals(some=Places, row=int, is_any=bint, at=int)
cpdef Places some_of(Places places, Bits bits)

@cython.final
cdef class Cover:
    cdef readonly int count
    cdef int[::1] firsts, pasts

    @cython.locals(at=int)
    cpdef int begin(self, int size) except -1

    cdef void put(self, int first, int past)

    @cython.locals(row=int)
    cpdef void add(self, Places places, int most=*)

    @cython.locals(firsts=list, found=list, first=int, past=int, word=int)
    cpdef list runs(self)
