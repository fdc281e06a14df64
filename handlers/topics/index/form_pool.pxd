cdef int _INITIAL_ROOM

cdef class FormPool:
    cdef readonly int[::1] pool
    cdef int end
    cdef dict _numbers, _forms_with
