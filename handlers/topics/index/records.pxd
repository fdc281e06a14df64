import cython

cdef int ALWAYS, ANCHORS, FIRST_ENTRY, FIRST_PHRASE, FIRST_TOPIC, GROUP, HEADER, LEAF_SIZE, LENGTH, NO_RECORD, OWNER
cdef int PHRASE_RECORD, RECORD_SIZE, TREE, USES
cdef int[::1] _DETACHED

cdef class Records:
    cdef object _leaf_array, _code_array
    cdef int[::1] leaves, code
    cdef int leaf_count, _code_length
    cdef list _free_leaves
    cdef dict _free_records

    @cython.locals(at=int, leaf=int)
    cpdef int new_leaf(self)

    cpdef void use_leaf(self, int leaf)

    cpdef bint release_leaf(self, int leaf)

    @cython.locals(record=int, end=int, at=int)
    cdef int _new_record(self, of, program, anchors) except -1
