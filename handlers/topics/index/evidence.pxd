import cython

from handlers.topics.index.scan cimport Scan
from handlers.topics.index.word_spans cimport MergedSpans
from handlers.topics.text.words cimport Words

cdef int MAX_EVIDENCE, _INITIAL_ROOM, _OFFSET_BITS
cdef double TITLE_WEIGHT
cdef long long _OFFSET_MASK

@cython.final
cdef class EvidenceBuilder:
    cdef MergedSpans _merged_spans
    cdef int[::1] _starts, _ends
    cdef int _count
    cdef public int in_title, in_body
    cdef public object others
    cdef double _score
    cdef Scan _scan
    cdef Words _words

    cdef int reset(self, Scan scan) except -1

    cdef void add(self, int first, int last) noexcept

    @cython.locals(count=int)
    cdef _add_chars(self, int start, int end)

    cdef void end_part(self) noexcept

    cdef void add_score(self, int in_title, int in_body) noexcept

    @cython.locals(thousandths="long long", merged_spans=MergedSpans, words=Words, prepared=str, first=int, last=int,
                   pieces=list, at=int, start=int, end=int)
    cdef tuple result(self)

    @cython.locals(own=list, pieces=list, at=int, start="long long", end="long long", packed="long long")
    cdef tuple _merge_with(self, others)

    @cython.locals(at=int, spans=list, start="long long", packed="long long")
    cdef _sort(self)
