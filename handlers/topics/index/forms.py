"""What the words of texts of one language stand for: worked out when first met, then remembered by their hashes.

Most stand for nothing. Of two words whose hashes are alike in their first 44 bits one would be taken for the other: one
in 10**13 for each word that is new.

Plain Python; compiled where it was installed with a compiler, by the types in forms.pxd.
"""

from array import array
from collections.abc import Callable, Sequence

from handlers.topics.index.tables import Names, Table, add, names_at
from handlers.topics.text.inflection import keys_of
from handlers.topics.text.letters import fold_word
from handlers.topics.text.words import Splitter, Words, grown, hash_of, numbers_for

FORMS_MOST = 1 << 16
"""Words of one language that are remembered; then all are forgotten, to be worked out again."""
FORM_LONGEST = 64
"""Longer words are worked out each time: nothing that people write."""

_FORM_BITS = 20
_UNKNOWN = 0xFFFFF
_FIRST_BITS = 12
_MOST_BITS = 18
_ROOM = 2
"""Places of the table for each word."""
_TEXTS_MOST = 0x7FFFFFFF


class Forms:
    """What the words of texts of one language stand for.

    A form is a set of wanted words: the place in the pool of their number, before which stand the text in which it was
    last met and its last word there. 0: none.
    """

    def __init__(self, stands_for: Callable[[str, Names, str], tuple[int, ...]], language: str) -> None:
        """`stands_for`: the wanted words that a word of a text is, by its fold and its keys in a language."""
        self._stands_for = stands_for
        self._language = language
        self._known: dict[str, int] = {}
        self._by_key: Table = {}
        """Key to words that have it, other than the word that is the key itself."""
        self._outdated: list[str] = []
        self._forms: dict[tuple[int, ...], int] = {(): 0}
        self._forms_of: dict[int, list[int]] = {}
        """Wanted word to the forms that hold it."""
        self._bits = _FIRST_BITS
        self._table = array("Q", bytes(8 << _FIRST_BITS))
        """Hash and form in one, by the first bits of the hash; where that place is taken, in the next that is free."""
        self.pool = numbers_for(1024)
        """Of each form how many wanted words it is, and those."""
        self._past = 1
        self._splitter = Splitter()
        self._written = 0
        """Places of the table that are taken."""
        self._text = 0

    @property
    def is_full(self) -> bool:
        """Whether others are to be made in its place."""
        is_full = self._written >= FORMS_MOST or len(self._known) >= FORMS_MOST or self._past >= _UNKNOWN
        return is_full or self._text == _TEXTS_MOST

    def find(self, text: str) -> Words | None:
        """The words of a prepared text and their forms. None where it cannot be split."""
        splitter = self._splitter
        if not splitter.split(text):
            return None
        plain = text.isascii()
        words = splitter.words()
        table = self._table
        shift = 64 - self._bits
        slots = (1 << self._bits) - 1
        for word in range(words.count):
            mixed = splitter.hashes[word]
            slot = mixed >> shift
            while table[slot] and (table[slot] ^ mixed) >> _FORM_BITS:
                slot = (slot + 1) & slots
            form = table[slot] & _UNKNOWN if table[slot] else _UNKNOWN
            if form == _UNKNOWN:
                written = text[words.begins[word] : words.ends[word]]
                form = self._meet(written.lower() if plain else written, mixed)
                table = self._table
                shift = 64 - self._bits
                slots = (1 << self._bits) - 1
            words.forms[word] = form
        self._chain(words)
        return words

    def find_each(self, places: Sequence[tuple[str, int, int]], *, has_unspaced: bool) -> Words:
        """The same, of words that are known, each with its place in the prepared text."""
        words = Words(len(places), has_unspaced)
        for at, (word, begin, end) in enumerate(places):
            words.begins[at] = begin
            words.ends[at] = end
            form = self._known.get(word)
            words.forms[at] = self._learn(word) if form is None else form
        self._chain(words)
        return words

    def _chain(self, words: Words) -> None:
        """Note which forms are there, and the words of each one after the other."""
        self._text += 1
        pool = self.pool
        for word in range(words.count):
            form = words.forms[word]
            if not form:
                continue
            if pool[form - 2] != self._text:
                pool[form - 2] = self._text
                words.present[words.present_count] = form
                words.firsts[words.present_count] = word
                words.present_count += 1
            else:
                words.nexts[pool[form - 1]] = word
            words.nexts[word] = -1
            pool[form - 1] = word

    def _meet(self, word: str, mixed: int) -> int:
        """The form of a word that the table lacks."""
        form = self._known.get(word)
        if form is None:
            form = self._learn(word)
        if len(word) <= FORM_LONGEST and self._written < FORMS_MOST and form < _UNKNOWN:
            if self._written * _ROOM > 1 << self._bits and self._bits < _MOST_BITS:
                self._make_room()
            slot = self._slot(mixed)
            if not self._table[slot]:
                self._written += 1
            self._table[slot] = (mixed >> _FORM_BITS << _FORM_BITS) | form
        return form

    def _learn(self, word: str) -> int:
        folded = fold_word(word)
        keys = keys_of(word, folded, self._language)
        wanted = self._stands_for(folded, keys, self._language) if folded else ()
        form = self._forms.get(wanted)
        if form is None:
            form = self._forms[wanted] = self._enter(wanted)
        if len(word) <= FORM_LONGEST:
            self._known[word] = form
            for key in (folded, *keys):
                if key != word and word not in names_at(self._by_key, key):
                    add(self._by_key, key, word)
        return form

    def _enter(self, wanted: tuple[int, ...]) -> int:
        form = self._past + 2
        self._past = form + 1 + len(wanted)
        if self._past > len(self.pool):
            self.pool = grown(self.pool, 2 * self._past)
        self.pool[form - 2] = 0
        self._write(form, wanted)
        for leaf in wanted:
            self._forms_of.setdefault(leaf, []).append(form)
        return form

    def _write(self, form: int, wanted: Sequence[int]) -> None:
        self.pool[form] = len(wanted)
        for at, leaf in enumerate(wanted, form + 1):
            self.pool[at] = leaf

    def _slot(self, mixed: int) -> int:
        """Where a hash is in the table, or could be."""
        slot = mixed >> (64 - self._bits)
        while self._table[slot] and (self._table[slot] ^ mixed) >> _FORM_BITS:
            slot = (slot + 1) & ((1 << self._bits) - 1)
        return slot

    def _make_room(self) -> None:
        before = self._table
        self._bits += 2
        self._table = array("Q", bytes(8 << self._bits))
        for at in range(len(before)):
            if before[at]:
                self._table[self._slot(before[at])] = before[at]

    def drop(self, leaf: int) -> None:
        """No word stands for a wanted word any more."""
        for form in self._forms_of.pop(leaf, ()):
            wanted = tuple([self.pool[at] for at in range(form + 1, form + 1 + self.pool[form])])
            if self._forms.get(wanted) == form:
                del self._forms[wanted]
            self._write(form, [other for other in wanted if other != leaf])

    def forget(self, key: str) -> None:
        """Work out anew, when they are met again, the words that a key belongs to."""
        for word in (key, *names_at(self._by_key, key)):
            self._forget(word)
        self._by_key.pop(key, None)

    def _forget(self, word: str) -> None:
        if self._known.pop(word, None) is None:
            return
        slot = self._slot(hash_of(word))
        if self._table[slot]:
            self._table[slot] |= _UNKNOWN

    def outdate(self, literal: str) -> None:
        """Forget, before the next text, the words that hold some letters when put between two spaces."""
        self._outdated.append(literal)

    def catch_up(self) -> None:
        for literal in self._outdated:
            for word in [word for word in self._known if literal in f" {fold_word(word)} "]:
                self._forget(word)
        self._outdated.clear()
