import cython

cdef int CODE_LIMIT, CONTINUATION, LETTER, UNSPACED_LETTER, _KIND_MASK, _UNDERLINE, _DOT
cdef int _CHOSEONG_FIRST, _CHOSEONG_LAST, _OLD_CHOSEONG_FIRST, _OLD_CHOSEONG_LAST
cdef unsigned long long BASE, _MASK
cdef unsigned long long[::1] VALUES, LOWER_VALUES
cdef const unsigned char[::1] KINDS
cdef const unsigned int[::1] _NO_CODES

cpdef str prepare(str text)

@cython.locals(parts=list, done=int, last=int, at=int, replacement=str)
cdef str _replace_inside_words(str text, str sign)

@cython.locals(after=int)
cdef str _apostrophe_replacement(str text, int at)

@cython.locals(before=Py_UCS4, after=Py_UCS4)
cdef str _separator_replacement(str text, int at)

cdef int _kind(int code)

@cython.final
cdef class Words:
    cdef readonly int count
    cdef public int present_count
    cdef readonly int[::1] starts, ends, forms, next_words, present_forms, first_words

@cython.final
cdef class Splitter:
    cdef int count
    cdef int[::1] starts, ends
    cdef unsigned long long[::1] hashes

    @cython.locals(plain=bint, values="unsigned long long[::1]", data="const unsigned char[::1]",
                   wide="const unsigned int[::1]", size=int, room=int, count=int, at=int, start=int, code=int, kind=int,
                   value="unsigned long long", hash_value="unsigned long long")
    cdef bint split(self, str text) except -1

    @cython.locals(room=int)
    cdef int _enlarge(self) except -1

    @cython.locals(words=Words, word=int)
    cdef Words words(self)

@cython.locals(at=int)
cdef bint _are_below_limit(const unsigned int[::1] codes)

cpdef int[::1] int_array(int size)

@cython.locals(copy="int[::1]", at=int)
cpdef int[::1] enlarged(int[::1] numbers, int size)
