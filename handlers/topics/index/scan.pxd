import cython

from cpython.object cimport PyObject_GenericSetAttr as _set_slot

cdef extern from "Python.h":
    object _new "PyType_GenericAlloc" (type of, Py_ssize_t items)

from handlers.topics.index.budget cimport Budget
from handlers.topics.index.forms cimport Forms
from handlers.topics.index.word_spans cimport MergedSpans
from handlers.topics.text.sentences cimport sentence_ends_between
from handlers.topics.text.words cimport Words

cdef int MAX_EVIDENCE, _ONE_SPACE, _INITIAL_ROOM, _OFFSET_BITS
cdef double TITLE_WEIGHT
cdef long long _OFFSET_MASK

@cython.final
cdef class Scan:
    cdef readonly object readable
    cdef readonly int body_at
    cdef readonly str prepared
    cdef object _fields
    cdef public int number
    cdef readonly int owner
    cdef Budget _current_budget
    cdef readonly dict results, phrase_matches
    cdef public tuple stopped
    cdef public list pairs
    cdef dict _budgets, _readings
    cdef str _title, _body
    cdef readonly Forms forms
    cdef readonly Words words

    @cython.locals(budget=Budget)
    cpdef Budget budget(self, int workspace)

    cpdef Budget charge(self, int workspace, long long topic)

    @cython.locals(form=int, pool="int[::1]", at=int, end=int)
    cdef bint has_leaf_at(self, int word, int leaf)

    @cython.locals(words=Words, word=int, start=int, end=int)
    cdef bint is_in_one_sentence(self, int first, int last) except -1

    @cython.locals(in_body=bint, by=int, text=str)
    cdef object evidence(self, int start, int end)

@cython.final
cdef class EvidenceBuilder:
    cdef MergedSpans _merged_spans
    cdef int[::1] _starts, _ends
    cdef int _count
    cdef public int in_title, in_body
    cdef public object others
    cdef double _score
    cdef Scan _scan
    cdef Words _words

    cdef int reset(self, Scan scan) except -1

    cdef void add(self, int first, int last)

    @cython.locals(count=int)
    cdef _add_chars(self, int start, int end)

    cdef void end_part(self)

    cdef void add_score(self, int in_title, int in_body)

    @cython.locals(thousandths="long long", merged_spans=MergedSpans, words=Words, prepared=str, first=int, last=int,
                   pieces=list, at=int, start=int, end=int)
    cdef tuple result(self)

    @cython.locals(own=list, pieces=list, at=int, start="long long", end="long long", packed="long long")
    cdef tuple _merge_with(self, others)

    @cython.locals(at=int, spans=list, start="long long", packed="long long")
    cdef _sort(self)
