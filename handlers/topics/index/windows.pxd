import cython

from handlers.topics.index.bitmaps cimport Bitmap
from handlers.topics.index.word_spans cimport WordSpans

@cython.final
cdef class SlidingWindow:
    cdef WordSpans _spans
    cdef int _width, _stride, _low, _high
    cdef Bitmap _to_block_end, _from_block_start

    @cython.locals(size=int, row=int, to=int, block_start=int, by=int)
    cdef int start(self, WordSpans spans, int words, int stride) except -1

    @cython.locals(spans=WordSpans, block_end=int, first=int, low=int, last=int)
    cdef void read(self, int at, int origin, Bitmap into)
