import cython

from handlers.topics.index.pair_table cimport PairTable
from handlers.topics.index.scan cimport Scan
from handlers.topics.index.waiting cimport WaitingLists
from handlers.topics.text.words cimport Words

cdef unsigned long long MULTIPLIER, _MASK
cdef int FILTER_BITS, FIRST_ENTRY, ID_MASK, LAST_TEXT, LEAF_SIZE, PAIR, PHRASE_RECORD, _INITIAL_ROOM, _MAX_TEXTS

cdef class HoldingLeaves(WaitingLists):
    cdef readonly int text
    cdef int[::1] holding, entries
    cdef int holding_count, _entry_count
    cdef PairTable _pairs

    @cython.locals(words=Words, pool="int[::1]", entries=int, holding=int, text=int, index=int, at=int, end=int,
                   leaf=int, offset=int)
    cpdef int mark_words(self, Scan scan) except -1

    @cython.final
    @cython.locals(words=Words, pool="int[::1]", filter_bits="unsigned long long[::1]", shift=int, word=int, form=int,
                   next_form=int, end=int, next_end=int, at=int, next_at=int, first="unsigned long long",
                   key="unsigned long long", bit="unsigned long long")
    cdef int mark_pairs(self, Scan scan) except -1

    @cython.final
    @cython.locals(both="unsigned long long", leaf=int)
    cdef int _mark_if_pair(self, unsigned long long key, int word, Scan scan) except -1

    @cython.final
    @cython.locals(offset=int)
    cdef void _mark_pair(self, int leaf, int word) noexcept

    @cython.final
    cdef void mark(self, int leaf) noexcept

    @cython.final
    cdef void search_list_of(self, int leaf) noexcept
