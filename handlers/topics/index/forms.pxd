import cython

from handlers.topics.index.form_pool cimport FormPool
from handlers.topics.index.form_table cimport FormTable
from handlers.topics.text.words cimport Splitter, Words

cdef int FORM_BITS, MAX_FORMS, MAX_LENGTH, UNKNOWN, _MAX_TEXTS

@cython.final
cdef class Forms(FormPool):
    cdef object _matching_leaves
    cdef str _language
    cdef dict _form_of, _by_key
    cdef list _outdated
    cdef int _text
    cdef FormTable _table
    cdef Splitter _splitter

    @cython.locals(splitter=Splitter, plain=bint, words=Words, word=int,
                   slots="unsigned long long[::1]", shift=int, last_slot="unsigned long long",
                   slot="unsigned long long", hash_value="unsigned long long", form=int)
    cpdef Words find(self, str text)

    @cython.locals(pool="int[::1]", word=int, form=int)
    cdef void _link(self, Words words)

    @cython.locals(form=object)
    cdef int _look_up(self, str word, unsigned long long hash_value) except -1
