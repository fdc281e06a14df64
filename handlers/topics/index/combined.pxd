import cython

from handlers.topics.index.bitmaps cimport Bitmap
from handlers.topics.index.joins cimport NearJoin
from handlers.topics.index.windows cimport SlidingWindow
from handlers.topics.index.word_spans cimport WordSpans

cdef int MAX_SPAN, _BLOCK_BITS, _MAX_BLOCKS, _NO_LIMIT, _ROW_STEPS

cdef class CombinedJoin(NearJoin):
    cdef Bitmap _within_reach, _right_starts, _row
    cdef SlidingWindow _window

    @cython.locals(spans=WordSpans)
    cpdef WordSpans combined(self, WordSpans left, WordSpans right, int words, bint ordered, int max_rows=*)

    @cython.locals(spans=WordSpans, right_row=int, row=int, start=int, at=int, ends=Bitmap)
    cdef WordSpans _combined(self, WordSpans left, WordSpans right, int words, int max_rows)

    @cython.locals(longest=int, size=int)
    cdef int _prepare(self, WordSpans left, WordSpans right, int words) except -1

    cdef bint _find_right_starts(self, WordSpans left, int row, int words) except -1

    @cython.locals(at=int)
    cdef void _set_reach(self, WordSpans left, int row, int words)

    @cython.locals(last=int, by=int)
    cdef int _find_ends(self, WordSpans right, int right_row, int start) except -1
