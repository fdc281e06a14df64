import cython

cdef int ALWAYS, ANCHORS, ENTRY, HAS_TREES, JOINED, LEAF, LENGTH, NODE, NODES, OWNER, PHRASE, PHRASES, RECORD, TOPICS
cdef int TREE, USES, VAIN
cdef int[::1] _NONE

cdef class Waiting:
    cdef object _leaf_row, _node_row, _code_row
    cdef int[::1] leaves, nodes, code
    cdef int leaf_count, _node_count, _code_length
    cdef list _free_leaves, _free_nodes
    cdef dict _free_records

    @cython.locals(at=int, leaf=int)
    cpdef int new_leaf(self)

    cpdef void use(self, int leaf)

    cpdef bint release(self, int leaf)

    @cython.locals(record=int, past=int, at=int)
    cdef int _record(self, of, program, anchors) except -1

    @cython.locals(node=int, head=int, after=int)
    cdef void _wait(self, int record, int leaf, int under)

    @cython.locals(node=int, before=int, after=int)
    cdef void _leave(self, int record, int under)
