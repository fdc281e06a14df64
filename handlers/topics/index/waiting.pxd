import cython

from handlers.topics.index.records cimport Records

cdef int ALWAYS, ANCHOR_AT, FIELD, FIRST_NODE, FIRST_PHRASE, FIRST_TOPIC, HAS_TREES, LEAF_SIZE, NEAR, NEXT_VARIANT
cdef int NO_RECORD, NODE_SIZE, OWNER, PHRASE_RECORD, SIGNS, SIGNS_AFTER, TREE
cdef int[::1] _DETACHED

cdef class WaitingLists(Records):
    cdef object _node_array
    cdef int[::1] nodes
    cdef int _node_count
    cdef list _free_nodes

    @cython.locals(node=int, head=int, following=int)
    cdef void _wait_for(self, int leaf, int record, int which)

    @cython.locals(node=int, previous=int, following=int)
    cdef void _stop_waiting(self, int record, int which)
