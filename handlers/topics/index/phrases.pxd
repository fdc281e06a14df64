import cython

from handlers.topics.index.holding cimport HoldingLeaves
from handlers.topics.index.scan cimport Scan
from handlers.topics.index.signs cimport Signs
from handlers.topics.text.words cimport Words

cdef int ALWAYS, ANCHOR_AT, BODY, FIELD, FIRST_ENTRY, FIRST_NODE, LEAF_SIZE, LENGTH, PAIR, PHRASE_RECORD
cdef int RECORD_SIZE, SIGNS, SIGNS_AFTER, TITLE, _CHARGED_AT, _SIGN_STEPS

cdef class Phrases(HoldingLeaves):
    cdef list _signs, _free_signs
    cdef bint pays
    cdef long long work, owner, topic

    @cython.final
    @cython.locals(entry=int, has_several_forms=bint, word=int)
    cdef list occurrences(self, int leaf, Words words)

    @cython.final
    @cython.locals(record=int)
    cdef bint has_plain_evidence(self, int reason)

    @cython.final
    @cython.locals(anchor=int, offset=int, word=int)
    cdef list phrase_starts(self, int record, Scan scan)

    @cython.final
    @cython.locals(words=Words, anchor=int, offset=int, is_pair=bint, entry=int, word=int)
    cdef bint occurs(self, int record, Scan scan) except -1

    @cython.final
    @cython.locals(words=Words, begin=int, length=int, field=int, signs=int, at=int, leaf=int)
    cdef bint _occurs_at(self, int record, int first, Scan scan) except -1

    @cython.final
    @cython.locals(signs=Signs)
    cdef bint _fits(self, int index, int first, Scan scan) except -1
