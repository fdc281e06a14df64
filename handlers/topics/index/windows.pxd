import cython

from handlers.topics.index.bitmaps cimport Bits
from handlers.topics.index.places cimport Places

@cython.final
cdef class Window:
    cdef Places _places
    cdef int _width, _stride, _low, _high
    cdef Bits _to_end, _from_begin

    @cython.locals(size=int, row=int, to=int, begin=int, ahead=int)
    cdef int look_at(self, Places places, int words, int stride) except -1

    @cython.locals(places=Places, past=int, first=int, last=int)
    cdef void see(self, int at, int since, Bits seen)
