import cython

from handlers.topics.index.phrases cimport Phrases
from handlers.topics.index.scan cimport Scan

cdef int ALWAYS, FIRST_PHRASE, HEADER, LAST_TEXT, LEAF_SIZE, LENGTH, NEAR, NEXT_VARIANT, PAIR, PHRASE_RECORD
cdef int RECORD_SIZE, TREE, _INITIAL_ROOM

cdef class Candidates(Phrases):
    cdef int[::1] candidates
    cdef object _matches_tree

    @cython.locals(index=int, record=int, leaf=int)
    cpdef int start(self, Scan scan) except -1

    @cython.final
    @cython.locals(count=int, index=int, node=int, record=int)
    cdef int find_candidates(self, int which) noexcept

    @cython.final
    @cython.locals(number=int, count=int, may_fail=int, end=int, is_match=bint)
    cdef bint matches(self, int at, Scan scan) except -1

    @cython.final
    @cython.locals(number=int, may_fail=int, middle=int, end=int)
    cdef bint rules_out(self, int at) noexcept

    @cython.final
    cdef bint _holds_any(self, int at, int end) noexcept

    @cython.final
    cdef bint _is_near(self, int at, Scan scan) except -1

    @cython.locals(record=int)
    cpdef spans_of(self, int leaf, Scan scan)

@cython.locals(at=int, word=int)
cdef _located(list starts, int length, Scan scan)
