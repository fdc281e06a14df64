import cython

from handlers.topics.index.bitmaps cimport Bits
from handlers.topics.index.budget cimport Budget
from handlers.topics.index.places cimport Places
from handlers.topics.index.windows cimport Window

cdef int SPAN_MOST, _EVERY, _NUMBER, _ROW, _ROW_STEPS

@cython.final
cdef class Joiner:
    cdef public Budget budget
    cdef Bits _ends, _starts, _other_ends, _other_starts, _reach, _here, _row
    cdef Window _window

    cpdef bint is_near(self, Places left, Places right, int words, bint ordered) except -1

    cpdef tuple partners(self, Places left, Places right, int words, bint ordered)

    @cython.locals(runs=Places)
    cpdef Places runs(self, Places left, Places right, int words, bint ordered, int most=*)

    cpdef tuple sides(self, Places left, Places right, int words, bint ordered, Places runs)

    @cython.locals(row=int, past=int, at=int, bits="unsigned long long")
    cdef int _mark_ends(self, Places places, Bits marked, int words) except -1

    @cython.locals(row=int)
    cdef int _mark_starts(self, Places places, Bits marked, int words) except -1

    @cython.locals(row=int)
    cdef bint _is_any_at(self, Places places, Bits marked) except -1

    @cython.locals(met=Places, row=int, first=int, is_met=bint, at=int, bits="unsigned long long")
    cdef Places _met(self, Places places, Bits starts, Bits ends)

    @cython.locals(runs=Places, at=int, row=int, first=int, place=int, ends=Bits)
    cdef Places _runs(self, Places left, Places right, int words, int most)

    @cython.locals(longest=int, size=int)
    cdef int _prepare(self, Places left, Places right, int words) except -1

    cdef bint _look_behind(self, Places left, int row, int words) except -1

    @cython.locals(at=int)
    cdef void _reach_from(self, Places left, int row, int words)

    @cython.locals(past=int, ahead=int)
    cdef int _follow(self, Places right, int at, int first) except -1

    @cython.locals(lefts=Places, ends=Bits, size=int, at=int, run=int, row=int, is_side=bint, place=int,
                   bits="unsigned long long")
    cdef tuple _sides(self, Places left, Places right, int words, Places runs)

    @cython.locals(place=int, made="unsigned long long", starts=Bits)
    cdef void _trace_back_alike(self, int length, Places runs, int run)

    @cython.locals(begun=Places, row=int)
    cdef Places _begun_at(self, Places places, Bits marked)

    @cython.locals(past=int, ahead=int, place=int, bits="unsigned long long")
    cdef int _trace_back(self, Places right, int at, Places runs, int run, Bits ends) except -1
