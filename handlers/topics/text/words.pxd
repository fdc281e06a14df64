import cython

cdef int CODES, FOLLOWER, LETTER, UNSPACED_LETTER, _KINDS, _UNDERLINE, _DOT
cdef int _CHOSEONG_FIRST, _CHOSEONG_LAST, _OLD_CHOSEONG_FIRST, _OLD_CHOSEONG_LAST
cdef unsigned long long BASE, _MASK
cdef unsigned long long[::1] VALUES, LOWER_VALUES
cdef const unsigned char[::1] KINDS
cdef const unsigned int[::1] _NOTHING

cpdef str prepare(str text)

@cython.locals(parts=list, done=int, past=int, at=int, instead=str)
cdef str _rewritten(str text, str sign)

@cython.locals(after=int)
cdef str _for_apostrophe(str text, int at)

@cython.locals(before=Py_UCS4, after=Py_UCS4)
cdef str _for_dot_or_comma(str text, int at)

cdef int _kind(int code)

@cython.final
cdef class Words:
    cdef readonly bint has_unspaced
    cdef readonly int count
    cdef public int present_count
    cdef readonly int[::1] begins, ends, forms, nexts, present, firsts

@cython.final
cdef class Splitter:
    cdef int count
    cdef bint has_unspaced
    cdef int[::1] begins, ends
    cdef unsigned long long[::1] hashes

    @cython.locals(plain=bint, values="unsigned long long[::1]", data="const unsigned char[::1]",
                   wide="const unsigned int[::1]", size=int, room=int, count=int, at=int, begin=int, code=int, kind=int,
                   value="unsigned long long", mixed="unsigned long long")
    cdef bint split(self, str text) except -1

    @cython.locals(words=Words, word=int)
    cdef Words words(self)

cpdef int[::1] numbers_for(int size)

@cython.locals(more="int[::1]", at=int)
cpdef int[::1] grown(int[::1] numbers, int size)
