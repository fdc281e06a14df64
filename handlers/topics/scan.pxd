import cython

from cpython.object cimport PyObject_GenericSetAttr as _set_slot

from handlers.topics.forms cimport Forms
from handlers.topics.words cimport Words

cdef int _PLACE_BITS
cdef long long _PLACE_MASK

@cython.final
cdef class Scan:
    cdef readonly object readable
    cdef readonly int body_at
    cdef readonly str prepared
    cdef object read
    cdef public int number
    cdef readonly dict records, told_of, noted
    cdef dict _pieces
    cdef list _every
    cdef double _score
    cdef int _in_body, _in_title
    cdef readonly Forms forms
    cdef readonly Words words

    @cython.locals(form=int, pool="int[::1]", at=int, past=int)
    cdef bint is_at(self, int word, int leaf)

    cdef void begin_sum(self)

    @cython.locals(begin="long long", end=int)
    cdef add(self, int first, int last)

    @cython.locals(place="long long")
    cdef add_all(self, list places)

    cdef end_part(self)

    @cython.locals(every=list, place="long long", whole="long long")
    cdef tuple summed_up(self)

    @cython.locals(start=int, end=int, in_body=bint, by=int, text=str)
    cdef object _piece(self, long long place)

@cython.final
cdef class Found:
    cdef readonly object topic_id
    cdef readonly Scan scan
    cdef object _tell, _tree_of
    cdef tuple _told

@cython.locals(merged=list, place="long long", start="long long", past="long long", begin="long long", end="long long")
cdef list _merged(list places)
