import cython

from handlers.topics.scan cimport Scan
from handlers.topics.waiting cimport Waiting
from handlers.topics.words cimport Words

cdef int ALWAYS, ANCHORS, ENTRY, ID_BITS, JOINED, LEAF, LENGTH, MORE, NODES, PHRASE, PHRASES, RECORD, SEEN, TOPICS, TREE
cdef int VAIN, VAIN_MOST, _TEXTS_MOST

@cython.final
cdef class Postings(Waiting):
    cdef readonly int text
    cdef int[::1] _true, _entries, _reasons
    cdef int _true_count, _reason_count

    @cython.locals(words=Words, pool="int[::1]", entries=int, true=int, text=int, local=int, at=int, past=int, leaf=int, of=int)
    cpdef begin(self, Scan scan, list pairs, holds_phrase)

    cdef void _hold(self, int leaf)

    @cython.locals(place=int, node=int, record=int, leaf=int)
    cdef _find_phrases(self, Scan scan, holds_phrase)

    @cython.locals(found=list, failed=list, place=int, node=int, record=int, topic="long long")
    cpdef list find(self, Scan scan, holds_tree)

    @cython.locals(number=int, count=int, may_fail=int, past=int, held=bint)
    cdef bint satisfied(self, int at, Scan scan, holds_tree) except -1

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

    @cython.locals(entry=int, several=bint, word=int)
    cdef list _words_of(self, int leaf, Words words)

    @cython.locals(words=Words, begin=int, past=int, anchor=int, offset=int, word=int, first=int, at=int)
    cdef list _in_a_row(self, int record, Scan scan, int most)
