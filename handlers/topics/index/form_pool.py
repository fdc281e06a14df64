"""The forms of one language: each set of query words that some word of a text matches, stored once.

Plain Python, compiled with the types in form_pool.pxd if a C compiler is available during installation.
"""

from collections.abc import Sequence

from handlers.topics.text.words import enlarged, int_array

_INITIAL_ROOM = 1024


class FormPool:
    """Forms in one array of integers.

    A form is a set of leaves: the query words that a word of a text matches. Its number is an index into the pool, and
    0 stands for the empty set, which most words have. The pool has the number of leaves at this index, the leaves after
    it, and before it the text in which the form last occurred and the last word with this form in that text.
    """

    def __init__(self) -> None:
        self.pool = int_array(_INITIAL_ROOM)
        self.end = 1
        """Where the used part of the pool ends."""
        self._numbers: dict[tuple[int, ...], int] = {(): 0}
        """By set of leaves: the form."""
        self._forms_with: dict[int, list[int]] = {}
        """By leaf: the forms that contain it."""

    def form_of(self, leaves: tuple[int, ...]) -> int:
        """Return the form that consists of these leaves, which is added if it is new."""
        form = self._numbers.get(leaves)
        if form is None:
            form = self._numbers[leaves] = self._new_form(leaves)
        return form

    def _new_form(self, leaves: tuple[int, ...]) -> int:
        form = self.end + 2
        self.end = form + 1 + len(leaves)
        if self.end > len(self.pool):
            self.pool = enlarged(self.pool, 2 * self.end)
        self.pool[form - 2] = 0
        self._write(form, leaves)
        for leaf in leaves:
            self._forms_with.setdefault(leaf, []).append(form)
        return form

    def _write(self, form: int, leaves: Sequence[int]) -> None:
        self.pool[form] = len(leaves)
        for at, leaf in enumerate(leaves, form + 1):
            self.pool[at] = leaf

    def remove_leaf(self, leaf: int) -> None:
        """Remove a leaf from all forms."""
        for form in self._forms_with.pop(leaf, ()):
            leaves = tuple([self.pool[at] for at in range(form + 1, form + 1 + self.pool[form])])
            if self._numbers.get(leaves) == form:
                del self._numbers[leaves]
            self._write(form, [other for other in leaves if other != leaf])
