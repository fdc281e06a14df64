import cython

from cpython.object cimport PyObject_GenericSetAttr as _set_slot

cdef extern from "Python.h":
    object _new "PyType_GenericAlloc" (type of, Py_ssize_t items)

from handlers.topics.index.budget cimport Budget
from handlers.topics.index.forms cimport Forms
from handlers.topics.text.sentences cimport sentence_ends_between
from handlers.topics.text.words cimport Words

cdef int MAX_NEAR, _ONE_SPACE, _OFFSET_BITS

@cython.final
cdef class Scan:
    cdef object __weakref__
    cdef readonly object readable
    cdef readonly int body_at
    cdef readonly str prepared
    cdef object _fields
    cdef public int number
    cdef readonly int owner
    cdef Budget _current_budget
    cdef readonly dict results, spans
    cdef public tuple stopped
    cdef object _find_spans
    cdef dict _budgets, _readings
    cdef str _title, _body
    cdef readonly Forms forms
    cdef readonly Words words
    cdef readonly object positions

    @cython.locals(budget=Budget)
    cpdef Budget budget(self, int workspace)

    cpdef Budget charge(self, int workspace, long long topic)

    @cython.locals(form=int, pool="int[::1]", at=int, end=int)
    cdef bint has_leaf_at(self, int word, int leaf) noexcept

    @cython.locals(words=Words, word=int, start=int, end=int)
    cdef bint is_in_one_sentence(self, int first, int last) except -1

    @cython.locals(end=int, start=int)
    cdef bint is_tight(self, int word)

    cdef bint is_in_body(self, int word) noexcept

    cdef int position(self, int word) noexcept

    cpdef str written(self, int start, int end)

    @cython.locals(in_body=bint, by=int, text=str)
    cdef object evidence(self, int start, int end)
