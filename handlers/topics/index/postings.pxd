import cython

from handlers.topics.index.budget cimport Budget
from handlers.topics.index.holding cimport Holding
from handlers.topics.index.scan cimport Scan, Sum
from handlers.topics.text.words cimport Words

cdef int ANCHORS, ENTRY, HAS_TREES, ID_BITS, JOINED, LEAF, LENGTH, MORE, OWNER, PHRASE, RECORD, TOPICS, TREE, VAIN
cdef int FEW, FREE, VAIN_MOST

@cython.final
cdef class Postings(Holding):
    cdef int[::1] _reasons
    cdef int _reason_count
    cdef object _tell_of
    cdef Sum _sum

    @cython.locals(matches=list, records=dict)
    cpdef tuple match(self, Scan scan)

    cpdef list find(self, Scan scan)

    @cython.locals(found=dict, failed=list, later=list, stopped=list, are_all_known=bint, place=int, record=int,
                   topic="long long")
    cdef dict _find(self, Scan scan)

    @cython.locals(topic="long long")
    cdef long long _topic_of(self, int record)

    cdef _note_vain(self, int record, list failed)

    @cython.locals(past=int, number=int, length=int, at=int, leaf=int)
    cdef void _move(self, int record)

    @cython.locals(place=int)
    cdef bint _lacked(self, int at, int length)

    @cython.locals(are_few=bint, place=int, leaf=int, is_one=bint, told=tuple, steps=int)
    cdef tuple tell(self, int record, Scan scan)

    @cython.locals(steps=int, count=int, others=list, seen=dict, place=int, reason=int)
    cdef tuple _tell_all(self, int record, Scan scan)

    @cython.locals(budget=Budget)
    cdef int _pay(self, int record, Scan scan, int steps) except -1

    @cython.locals(counts=list, spans=list, other=int, place=int, part=tuple)
    cdef _score_parts(self, int count, dict seen, list others, Scan scan)

    @cython.locals(record=int)
    cdef bint _is_odd(self, int reason)

    @cython.locals(number=int, wanted=int, before=int, past=int)
    cdef bint _explain(self, int at, Scan scan) except -1

    cdef void _note(self, int reason)

    @cython.locals(record=int, words=Words, entry=int, word=int, length=int, first=int)
    cdef int _add_leaf(self, int leaf, Scan scan) except -1

# Nothing that it holds leads back to it, so the collector need not look.
@cython.final
@cython.no_gc
cdef class Found:
    cdef readonly object topic_id
    cdef readonly Scan scan
    cdef int _record
    cdef Postings _postings
    cdef tuple _told
