import cython

from handlers.topics.index.candidates cimport Candidates
from handlers.topics.index.scan cimport Scan

cdef int ANCHORS, FIRST_TOPIC, GROUP, HAS_TREES, HEADER, HIGH_BITS, ID_BITS, LEAF_SIZE, MISSES, NEAR, OWNER
cdef int RECORD_SIZE, TREE, _MAX_MISSES, _INITIAL_ROOM
cdef tuple _GAPS

cdef class Postings(Candidates):
    cdef long long[::1] found_topics
    cdef int[::1] found_records
    cdef int found_count

    @cython.locals(at=int)
    cpdef list find(self, Scan scan)

    @cython.final
    @cython.locals(to_move=list, later=list, stopped=list, index=int, record=int,
                   topic="long long")
    cdef int find_records(self, Scan scan) except -1

    @cython.final
    cdef int _add_found(self, int record) except -1

    @cython.final
    @cython.locals(topics="long long[::1]", records="int[::1]", at=int, gap=int, start=int, topic="long long",
                   record=int)
    cdef int _sort_found(self) except -1

    @cython.final
    @cython.locals(topic="long long")
    cdef long long _topic_of(self, int record) noexcept

    @cython.final
    cdef _count_miss(self, int record, list to_move)

    @cython.final
    @cython.locals(end=int, middle=int, number=int, length=int, at=int)
    cdef void _move(self, int record) noexcept

    @cython.final
    @cython.locals(leaf=int)
    cdef void _wait_instead(self, int record, int at, int end)

    @cython.final
    @cython.locals(part=int)
    cdef bint _is_absent(self, int at, int length) noexcept
