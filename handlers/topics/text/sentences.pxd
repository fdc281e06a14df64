import cython

cdef int _MAX_ORDINAL, _MAX_ABBREVIATION, _MIN_SENTENCE_END

@cython.locals(at=int, char=Py_UCS4)
cpdef bint sentence_ends_between(str text, int start, int end) except -1

@cython.locals(size=int, after=int, start=int, length=int, char=Py_UCS4)
cdef bint _ends_sentence(str text, int at) except -1
