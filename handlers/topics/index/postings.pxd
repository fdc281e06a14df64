import cython

from handlers.topics.index.holding cimport Holding
from handlers.topics.index.scan cimport Scan, Sum
from handlers.topics.text.words cimport Words

cdef int ANCHORS, ENTRY, ID_BITS, JOINED, LEAF, LENGTH, MORE, PHRASE, RECORD, TOPICS, TREE, VAIN, VAIN_MOST

@cython.final
cdef class Postings(Holding):
    cdef int[::1] _reasons
    cdef int _reason_count
    cdef object _places_of_tree
    cdef Sum _sum

    @cython.locals(matches=list, records=dict)
    cpdef tuple match(self, Scan scan)

    cpdef list find(self, Scan scan)

    @cython.locals(found=dict, failed=list, place=int, record=int, topic="long long")
    cdef dict _find(self, Scan scan)

    @cython.locals(past=int, number=int, length=int, at=int, leaf=int)
    cdef void _move(self, int record)

    @cython.locals(place=int)
    cdef bint _lacked(self, int at, int length)

    @cython.locals(count=int, place=int, reason=int, told=tuple, places=list)
    cdef tuple tell(self, int record, Scan scan)

    @cython.locals(number=int, past=int)
    cdef _explain(self, int at, Scan scan)

    cdef void _note(self, int reason)

    @cython.locals(record=int, words=Words, entry=int, word=int, length=int, first=int)
    cdef _add_leaf(self, int leaf, Scan scan)

# Nothing that it holds leads back to it, so the collector need not look.
@cython.final
@cython.no_gc
cdef class Found:
    cdef readonly object topic_id
    cdef readonly Scan scan
    cdef int _record
    cdef Postings _postings
    cdef tuple _told
