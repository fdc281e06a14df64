import cython

from cpython.object cimport PyObject_GenericSetAttr as _set_slot

cdef extern from "Python.h":
    object _new "PyType_GenericAlloc" (type of, Py_ssize_t items)

from handlers.topics.index.forms cimport Forms
from handlers.topics.text.words cimport Words

cdef int _PLACE_BITS, _ROOM, EVIDENCE_MOST
cdef double TITLE_WEIGHT
cdef long long _PLACE_MASK

@cython.final
cdef class Scan:
    cdef readonly object readable
    cdef readonly int body_at
    cdef readonly str prepared
    cdef object read
    cdef public int number
    cdef readonly dict told_of, noted
    cdef public list pairs
    cdef str _title, _body
    cdef readonly Forms forms
    cdef readonly Words words

    @cython.locals(form=int, pool="int[::1]", at=int, past=int)
    cdef bint is_at(self, int word, int leaf)

    @cython.locals(in_body=bint, by=int, text=str)
    cdef object piece(self, int start, int end)

@cython.final
cdef class Sum:
    cdef int[::1] _begins, _ends
    cdef int _count, _in_body, _in_title
    cdef double _score
    cdef Scan _scan
    cdef Words _words

    cdef void begin(self, Scan scan)

    @cython.locals(begin=int, end=int, prepared=str)
    cdef add(self, int first, int last)

    @cython.locals(place="long long")
    cdef add_all(self, list places)

    @cython.locals(count=int)
    cdef void _add(self, int begin, int end)

    cdef void end_part(self)

    @cython.locals(pieces=list, at=int, begin=int, end=int, thousandths="long long")
    cdef tuple told(self)

    @cython.locals(at=int, places=list, begin="long long", place="long long")
    cdef _sort(self)
