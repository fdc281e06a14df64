import cython

from cpython.object cimport PyObject_GenericSetAttr as _set_slot

cdef extern from "Python.h":
    object _new "PyType_GenericAlloc" (type of, Py_ssize_t items)

from handlers.topics.index.budget cimport Budget
from handlers.topics.index.forms cimport Forms
from handlers.topics.index.places cimport Cover
from handlers.topics.text.words cimport Words

cdef int _PLACE_BITS, _ROOM, EVIDENCE_MOST
cdef double TITLE_WEIGHT
cdef long long _PLACE_MASK

@cython.final
cdef class Scan:
    cdef readonly object readable
    cdef readonly int body_at
    cdef readonly str prepared
    cdef object _fields
    cdef public int number
    cdef readonly int owner
    cdef Budget _paying
    cdef readonly dict told_of, held
    cdef public tuple stopped
    cdef public list pairs
    cdef dict _budgets, _readings
    cdef str _title, _body
    cdef readonly Forms forms
    cdef readonly Words words

    @cython.locals(budget=Budget)
    cpdef Budget budget(self, int workspace)

    cpdef Budget pay(self, int workspace, long long topic)

    @cython.locals(form=int, pool="int[::1]", at=int, past=int)
    cdef bint is_at(self, int word, int leaf)

    @cython.locals(in_body=bint, by=int, text=str)
    cdef object piece(self, int start, int end)

@cython.final
cdef class Sum:
    cdef Cover _cover
    cdef int[::1] _begins, _ends
    cdef int _count
    cdef public int in_title, in_body
    cdef public object others
    cdef double _score
    cdef Scan _scan
    cdef Words _words

    cdef int begin(self, Scan scan) except -1

    cdef void add(self, int first, int last)

    @cython.locals(count=int)
    cdef _add(self, int begin, int end)

    cdef void end_part(self)

    cdef void score(self, int in_title, int in_body)

    @cython.locals(thousandths="long long", cover=Cover, words=Words, prepared=str, first=int, last=int, pieces=list,
                   at=int, begin=int, end=int)
    cdef tuple told(self)

    @cython.locals(ours=list, pieces=list, at=int, begin="long long", end="long long", place="long long")
    cdef tuple _told_with(self, others)

    @cython.locals(at=int, places=list, begin="long long", place="long long")
    cdef _sort(self)
