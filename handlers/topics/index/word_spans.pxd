import cython

from handlers.topics.index.bitmaps cimport Bitmap

cdef int _BLOCK_BITS, _INITIAL_ROOM, _NO_LIMIT
cdef unsigned long long _ONE

@cython.final
cdef class WordSpans:
    cdef public int count, length
    cdef readonly int stride
    cdef readonly int[::1] starts
    cdef Bitmap rows
    cdef readonly unsigned long long[::1] blocks

    @cython.locals(row=int, number=int, at=int, bits="unsigned long long")
    cpdef int total(self, int since=*)

    @cython.locals(longest=int, row=int)
    cpdef int max_length(self)

    cdef int max_length_in(self, int row)

    @cython.locals(row=int, at=int, end=int, bits="unsigned long long")
    cpdef list listed(self)

    cdef unsigned long long bits_of(self, int row, int index)

    @cython.locals(start=int, to=int, source=int, at=int)
    cdef void add_row(self, WordSpans other, int row, int shift=*)

@cython.locals(spans=WordSpans)
cpdef WordSpans spans_of_length(starts, int length)

@cython.locals(at=int, bit="unsigned long long", row=int)
cdef void _fill_rows(WordSpans spans)

@cython.locals(rarest=int, at=int, other=WordSpans, offset=int, found=WordSpans, row=int, start=int, kept=int,
               other_row=int)
cpdef WordSpans sequences(list words, list offsets, int length, int size)

@cython.locals(both=WordSpans, row=int, right_row=int)
cpdef WordSpans union(WordSpans left, WordSpans right, int shift=*)

@cython.locals(both=WordSpans, right_row=int, row=int, has_spans=bint, at=int, bits="unsigned long long")
cpdef WordSpans intersection(WordSpans left, WordSpans right)

@cython.locals(kept=WordSpans, other_row=int, others_end=int, row=int, start=int, room=int, has_spans=bint, at=int,
               bits="unsigned long long")
cpdef WordSpans outside(WordSpans spans, WordSpans others)

@cython.locals(kept=WordSpans, row=int, has_spans=bint, at=int)
cpdef WordSpans selected(WordSpans spans, Bitmap bits)

@cython.final
cdef class MergedSpans:
    cdef readonly int count
    cdef int[::1] starts, ends

    @cython.locals(at=int)
    cpdef int reset(self, int size) except -1

    cdef void add_span(self, int start, int end)

    @cython.locals(row=int)
    cpdef void add(self, WordSpans spans, int max_rows=*)

    @cython.locals(starts=list, found=list, first=int, end=int, start=int)
    cpdef list listed(self)
