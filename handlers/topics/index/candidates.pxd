import cython

from handlers.topics.index.holding cimport HoldingLeaves
from handlers.topics.index.scan cimport Scan
from handlers.topics.index.signs cimport Signs
from handlers.topics.text.words cimport Words

cdef int ALWAYS, ANCHOR_AT, BODY, FIELD, FIRST_ENTRY, FIRST_NODE, FIRST_PHRASE, HEADER, LAST_TEXT, LEAF_SIZE, LENGTH
cdef int NEAR, PAIR, PHRASE_RECORD, RECORD_SIZE, SIGNS, TITLE, TREE, _INITIAL_ROOM

cdef class Candidates(HoldingLeaves):
    cdef int[::1] candidates
    cdef object _matches_tree
    cdef list _signs, _free_signs

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

    @cython.final
    @cython.locals(anchor=int, offset=int, word=int)
    cdef list phrase_starts(self, int record, Scan scan)

    @cython.final
    @cython.locals(words=Words, anchor=int, offset=int, is_pair=bint, entry=int, word=int)
    cdef bint _occurs(self, int record, Scan scan) except -1

    @cython.final
    @cython.locals(begin=int, length=int, field=int, signs=int, at=int, leaf=int)
    cdef bint _occurs_at(self, int record, int first, Scan scan) except -1

    @cython.final
    @cython.locals(signs=Signs)
    cdef bint _fits(self, int index, int first, Scan scan) except -1
