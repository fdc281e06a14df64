import cython

from handlers.topics.text.words cimport Splitter, Words

cdef int FORM_LONGEST, FORMS_MOST, _UNKNOWN, _FORM_BITS, _MOST_BITS, _ROOM, _TEXTS_MOST

@cython.final
cdef class Forms:
    cdef object _stands_for
    cdef str _language
    cdef dict _known, _by_key, _forms, _forms_of
    cdef list _outdated
    cdef int _bits, _past, _written, _text
    cdef Splitter _splitter
    cdef unsigned long long[::1] _table
    cdef readonly int[::1] pool

    @cython.locals(splitter=Splitter, plain=bint, words=Words, word=int, table="unsigned long long[::1]", shift=int,
                   slots="unsigned long long", slot="unsigned long long", mixed="unsigned long long", form=int)
    cpdef Words find(self, str text)

    @cython.locals(pool="int[::1]", word=int, form=int)
    cdef void _chain(self, Words words)

    @cython.locals(form=object, slot="unsigned long long")
    cdef int _meet(self, str word, unsigned long long mixed) except -1

    @cython.locals(slot="unsigned long long")
    cdef unsigned long long _slot(self, unsigned long long mixed)

    @cython.locals(before="unsigned long long[::1]", at=int)
    cdef void _make_room(self)
