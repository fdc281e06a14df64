import cython

from handlers.topics.index.scan cimport Scan
from handlers.topics.index.waiting cimport Waiting
from handlers.topics.text.words cimport Words

cdef int ALWAYS, ENTRY, LEAF, LENGTH, NODES, PHRASES, RECORD, SEEN, TOPICS, TREE, VAIN, _TEXTS_MOST

cdef class Holding(Waiting):
    cdef readonly int text
    cdef int[::1] true, waiting, entries
    cdef int true_count
    cdef object _holds_phrase, _holds_tree
    cdef set skipped

    @cython.locals(words=Words, pool="int[::1]", entries=int, true=int, text=int, local=int, at=int, past=int, leaf=int,
                   of=int)
    cpdef begin(self, Scan scan)

    cdef void _hold(self, int leaf)

    cdef void _look_under(self, int leaf)

    @cython.locals(place=int, record=int, leaf=int, held=int)
    cdef _find_phrases(self, Scan scan)

    @cython.locals(count=int, place=int, node=int, record=int)
    cdef int find_waiting(self, int under)

    @cython.locals(number=int, count=int, may_fail=int, past=int, held=bint)
    cdef bint satisfied(self, int at, Scan scan) except -1

    @cython.locals(entry=int, several=bint, word=int)
    cdef list words_of(self, int leaf, Words words)

    @cython.locals(words=Words, begin=int, past=int, anchor=int, offset=int, word=int, first=int, at=int)
    cdef list in_a_row(self, int record, Scan scan, int most)
