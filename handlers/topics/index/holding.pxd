import cython

from handlers.topics.index.scan cimport Scan
from handlers.topics.index.waiting cimport WaitingLists
from handlers.topics.text.words cimport Words

cdef int FIRST_ENTRY, LAST_TEXT, LEAF_SIZE, _INITIAL_ROOM, _MAX_TEXTS

cdef class HoldingLeaves(WaitingLists):
    cdef readonly int text
    cdef int[::1] holding, entries
    cdef int holding_count

    @cython.locals(words=Words, pool="int[::1]", entries=int, holding=int, text=int, index=int, at=int, end=int,
                   leaf=int, offset=int)
    cpdef int mark_words(self, Scan scan) except -1

    @cython.final
    cdef void mark(self, int leaf)

    @cython.final
    cdef void search_list_of(self, int leaf)

    @cython.final
    @cython.locals(entry=int, has_several_forms=bint, word=int)
    cdef list occurrences(self, int leaf, Words words)
