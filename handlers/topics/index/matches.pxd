import cython

from handlers.topics.index.evidence cimport EvidenceBuilder
from handlers.topics.index.postings cimport Postings
from handlers.topics.index.scan cimport Scan
from handlers.topics.text.words cimport Words

cdef int FIRST_ENTRY, GROUP, HAS_TREES, HEADER, LEAF_SIZE, LENGTH, NEXT_VARIANT, NO_RECORD, OWNER, PAIR
cdef int PHRASE_RECORD, RECORD_SIZE
cdef int _FEW_REASONS, _FREE_STEPS, _INITIAL_ROOM

@cython.final
cdef class MatchFinder(Postings):
    cdef int[::1] _reasons
    cdef int _reason_count
    cdef object _find_others
    cdef EvidenceBuilder _builder

    @cython.locals(found=list, at=int)
    cpdef tuple match(self, Scan scan)

    @cython.locals(are_few=bint, index=int, leaf=int, is_single=bint, result=tuple, steps=int)
    cdef tuple result(self, int record, Scan scan)

    @cython.locals(steps=int, count=int, others=list, counts=dict, index=int, reason=int)
    cdef tuple _result_of_any(self, int record, Scan scan)

    cdef int _charge(self, int record, Scan scan, long long steps) except -1

    @cython.locals(other_counts=list, other=int, index=int, part=tuple)
    cdef _add_scores(self, int count, dict counts, list others, Scan scan)

    @cython.locals(number=int, required=int, before=int, end=int)
    cdef bint _collect_reasons(self, int at, Scan scan) except -1

    cdef void _add_reason(self, int reason)

    @cython.locals(record=int, words=Words, entry=int, word=int, length=int, first=int)
    cdef int _add_leaf(self, int leaf, int topic, Scan scan) except -1

# It is not part of any reference cycle, so the garbage collector need not track it.
@cython.final
@cython.no_gc
cdef class LazyMatch:
    cdef readonly object topic_id
    cdef readonly Scan scan
    cdef int _record
    cdef MatchFinder _finder
    cdef tuple _result
