import cython

from handlers.topics.index.bitmaps cimport Bitmap
from handlers.topics.index.budget cimport Budget
from handlers.topics.index.word_spans cimport WordSpans

cdef int _BLOCK_BITS

cdef class NearJoin:
    cdef public Budget budget
    cdef Bitmap _ends, _starts, _other_ends, _other_starts

    cpdef bint is_near(self, WordSpans left, WordSpans right, int words, bint ordered) except -1

    @cython.locals(lefts=WordSpans)
    cpdef tuple partners(self, WordSpans left, WordSpans right, int words, bint ordered)

    @cython.locals(row=int, end=int, at=int, bits="unsigned long long")
    cdef int _mark_ends(self, WordSpans spans, Bitmap marks, int words) except -1

    @cython.locals(row=int)
    cdef int _mark_starts(self, WordSpans spans, Bitmap marks, int words) except -1

    @cython.locals(row=int)
    cdef bint _has_start_in(self, WordSpans spans, Bitmap marks) except -1

    @cython.locals(found=WordSpans, row=int, start=int, has_spans=bint, at=int, bits="unsigned long long")
    cdef WordSpans _marked(self, WordSpans spans, Bitmap start_marks, Bitmap end_marks)
