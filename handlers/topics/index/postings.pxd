import cython

from handlers.topics.index.candidates cimport Candidates
from handlers.topics.index.scan cimport Scan

cdef int ANCHORS, FIRST_TOPIC, GROUP, HAS_TREES, HIGH_BITS, ID_BITS, LEAF_SIZE, MISSES, OWNER, RECORD_SIZE, TREE
cdef int _MAX_MISSES

cdef class Postings(Candidates):
    cpdef list find(self, Scan scan)

    @cython.final
    @cython.locals(found=dict, to_move=list, later=list, stopped=list, all_decided=bint, index=int, record=int,
                   topic="long long")
    cdef dict find_records(self, Scan scan)

    @cython.final
    @cython.locals(topic="long long")
    cdef long long _topic_of(self, int record)

    @cython.final
    cdef _count_miss(self, int record, list to_move)

    @cython.final
    @cython.locals(end=int, number=int, length=int, at=int, leaf=int)
    cdef void _move(self, int record)

    @cython.final
    @cython.locals(part=int)
    cdef bint _is_absent(self, int at, int length)
