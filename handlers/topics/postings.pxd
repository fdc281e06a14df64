import cython

from handlers.topics.holding cimport Holding
from handlers.topics.scan cimport Scan
from handlers.topics.words cimport Words

cdef int ANCHORS, ENTRY, ID_BITS, JOINED, LEAF, LENGTH, MORE, PHRASE, RECORD, TOPICS, TREE, VAIN, VAIN_MOST

@cython.final
cdef class Postings(Holding):
    cdef int[::1] _reasons
    cdef int _reason_count

    @cython.locals(found=list, failed=list, place=int, record=int, topic="long long")
    cpdef list find(self, Scan scan, holds_tree)

    @cython.locals(past=int, number=int, length=int, at=int, leaf=int)
    cdef void _move(self, int record)

    @cython.locals(place=int)
    cdef bint _lacked(self, int at, int length)

    @cython.locals(count=int, place=int, reason=int, told=tuple, places=list)
    cpdef tuple tell(self, int record, Scan scan, holds_tree, places_of_tree)

    @cython.locals(number=int, past=int)
    cdef _explain(self, int at, Scan scan, holds_tree)

    cdef void _note(self, int reason)

    @cython.locals(record=int, words=Words, entry=int, word=int, length=int, first=int)
    cdef _add_leaf(self, int leaf, Scan scan)
