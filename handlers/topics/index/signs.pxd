import cython

from handlers.topics.index.scan cimport Scan
from handlers.topics.text.words cimport Words

@cython.final
cdef class Signs:
    cdef tuple _words, _separators

    @cython.locals(words=Words, prepared=str, word=int, at=int, start=int, end=int, separator=str,
                   is_acronym=bint)
    cdef bint fit(self, Scan scan, int first) except -1

@cython.locals(at=int, char=Py_UCS4)
cdef bint _is_ascii_capital(str prepared, int start, int end) noexcept
