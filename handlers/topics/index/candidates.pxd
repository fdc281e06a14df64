import cython

from handlers.topics.index.holding cimport HoldingLeaves
from handlers.topics.index.scan cimport Scan
from handlers.topics.text.words cimport Words

cdef int ALWAYS, FIRST_NODE, FIRST_PHRASE, IS_PLAIN, LAST_TEXT, LEAF_SIZE, LENGTH, RECORD_SIZE, TREE, _INITIAL_ROOM

cdef class Candidates(HoldingLeaves):
    cdef int[::1] candidates
    cdef object _matches_phrase, _matches_tree
    cdef set undecided

    @cython.locals(leaf=int)
    cpdef int start(self, Scan scan) except -1

    @cython.final
    @cython.locals(index=int, record=int, leaf=int, occurs=int)
    cdef int _find_phrases(self, Scan scan) except -1

    @cython.final
    @cython.locals(count=int, index=int, node=int, record=int)
    cdef int find_candidates(self, int which)

    @cython.final
    @cython.locals(number=int, count=int, may_fail=int, end=int, is_match=bint)
    cdef bint matches(self, int at, Scan scan) except -1

    @cython.final
    @cython.locals(words=Words, begin=int, end=int, anchor=int, offset=int, word=int, first=int, at=int)
    cdef list phrase_starts(self, int record, Scan scan, int limit)
