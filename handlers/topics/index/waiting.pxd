import cython

from handlers.topics.index.records cimport Records

cdef int ALWAYS, FIRST_NODE, FIRST_PHRASE, FIRST_TOPIC, HAS_TREES, IS_PLAIN, LEAF_SIZE, NODE_SIZE, OWNER
cdef int PHRASE_RECORD, TREE
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
