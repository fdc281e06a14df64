import cython

from handlers.topics.index.bitmaps cimport Bitmap
from handlers.topics.index.combined cimport CombinedJoin
from handlers.topics.index.word_spans cimport WordSpans

cdef int _BLOCK_BITS

@cython.final
cdef class ReversibleJoin(CombinedJoin):
    cpdef tuple sides_of(self, WordSpans left, WordSpans right, int words, bint ordered, WordSpans combined)

    @cython.locals(lefts=WordSpans, selection=Bitmap, size=int, right_row=int, combined_row=int, row=int,
                   has_spans=bint, at=int, bits="unsigned long long")
    cdef tuple _sides_of(self, WordSpans left, WordSpans right, int words, WordSpans combined)

    @cython.locals(at=int, ends="unsigned long long", starts=Bitmap)
    cdef void _trace_equal_lengths(self, int length, WordSpans combined, int combined_row)

    @cython.locals(found=WordSpans, row=int)
    cdef WordSpans _starting_in(self, WordSpans spans, Bitmap marks)

    @cython.locals(start=int, last=int, by=int, at=int, bits="unsigned long long")
    cdef int _trace(self, WordSpans right, int right_row, WordSpans combined, int combined_row,
                    Bitmap selection) except -1
