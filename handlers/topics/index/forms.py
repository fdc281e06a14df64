"""Which query words the words of texts in one language match, evaluated when a word first occurs and then cached.

Plain Python, compiled with the types in forms.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable, Sequence

from handlers.topics.index.form_pool import FormPool
from handlers.topics.index.form_table import FORM_BITS, UNKNOWN, FormTable
from handlers.topics.index.tables import Names, Table, add, names_at
from handlers.topics.text.inflection import keys_of
from handlers.topics.text.letters import fold_word
from handlers.topics.text.words import Splitter, Words, hash_of

MAX_FORMS = 1 << 16
"""Words of one language that are cached. If there are more, all of them are evaluated again."""
MAX_LENGTH = 64
"""Characters of a word that is cached. Longer ones, which people do not write, are evaluated each time."""

_MAX_TEXTS = 0x7FFFFFFF


class Forms(FormPool):
    """The forms of the words of texts in one language."""

    def __init__(self, matching_leaves: Callable[[str, Names, str], tuple[int, ...]], language: str) -> None:
        """`matching_leaves` returns the query words that a word matches, by its fold, inflection keys and language."""
        super().__init__()
        self._matching_leaves = matching_leaves
        self._language = language
        self._form_of: dict[str, int] = {}
        """By word as written."""
        self._by_key: Table = {}
        """By key: the words that have it, other than the word that is the key itself."""
        self._outdated: list[str] = []
        self._table = FormTable()
        self._splitter = Splitter()
        self._text = 0
        """The number of the current text."""

    @property
    def is_full(self) -> bool:
        """Whether this object must be replaced by a new one."""
        is_full = self._table.used >= MAX_FORMS or len(self._form_of) >= MAX_FORMS or self.end >= UNKNOWN
        return is_full or self._text == _MAX_TEXTS

    def find(self, text: str) -> Words | None:
        """Return the words of a prepared text with their forms, or None if `Splitter` cannot split it."""
        splitter = self._splitter
        if not splitter.split(text):
            return None
        plain = text.isascii()
        words = splitter.words()
        slots = self._table.slots
        shift = 64 - self._table.bits
        last_slot = (1 << self._table.bits) - 1
        for word in range(words.count):
            hash_value = splitter.hashes[word]
            slot = hash_value >> shift
            while slots[slot] and (slots[slot] ^ hash_value) >> FORM_BITS:
                slot = (slot + 1) & last_slot
            form = slots[slot] & UNKNOWN if slots[slot] else UNKNOWN
            if form == UNKNOWN:
                written = text[words.starts[word] : words.ends[word]]
                form = self._look_up(written.lower() if plain else written, hash_value)
                slots = self._table.slots
                shift = 64 - self._table.bits
                last_slot = (1 << self._table.bits) - 1
            words.forms[word] = form
        self._link(words)
        return words

    def find_each(self, located: Sequence[tuple[str, int, int]]) -> Words:
        """Return words that were already found, each with its start and end in the prepared text, with their forms."""
        words = Words(len(located))
        for at, (word, start, end) in enumerate(located):
            words.starts[at] = start
            words.ends[at] = end
            form = self._form_of.get(word)
            words.forms[at] = self._evaluate(word) if form is None else form
        self._link(words)
        return words

    def _link(self, words: Words) -> None:
        """List the forms that occur, and link the words of each form."""
        self._text += 1
        pool = self.pool
        for word in range(words.count):
            form = words.forms[word]
            if not form:
                continue
            if pool[form - 2] != self._text:
                pool[form - 2] = self._text
                words.present_forms[words.present_count] = form
                words.first_words[words.present_count] = word
                words.present_count += 1
            else:
                words.next_words[pool[form - 1]] = word
            words.next_words[word] = -1
            pool[form - 1] = word

    def _look_up(self, word: str, hash_value: int) -> int:
        """Return the form of a word that the table lacks, and add it to the table."""
        form = self._form_of.get(word)
        if form is None:
            form = self._evaluate(word)
        if len(word) <= MAX_LENGTH and self._table.used < MAX_FORMS and form < UNKNOWN:
            self._table.put(hash_value, form)
        return form

    def _evaluate(self, word: str) -> int:
        folded = fold_word(word)
        keys = keys_of(word, folded, self._language)
        leaves = self._matching_leaves(folded, keys, self._language) if folded else ()
        form = self.form_of(leaves)
        if len(word) <= MAX_LENGTH:
            self._form_of[word] = form
            for key in (folded, *keys):
                if key != word and word not in names_at(self._by_key, key):
                    add(self._by_key, key, word)
        return form

    def forget(self, key: str) -> None:
        """Evaluate the words that have a key again when they next occur."""
        for word in (key, *names_at(self._by_key, key)):
            self._forget(word)
        self._by_key.pop(key, None)

    def _forget(self, word: str) -> None:
        if self._form_of.pop(word, None) is not None:
            self._table.invalidate(hash_of(word))

    def outdate(self, literal: str) -> None:
        """Evaluate the words that contain a literal again. A space stands for the start or end of a word.

        This takes effect at the next call of `apply_outdated`.
        """
        self._outdated.append(literal)

    def apply_outdated(self) -> None:
        for literal in self._outdated:
            for word in [word for word in self._form_of if literal in f" {fold_word(word)} "]:
                self._forget(word)
        self._outdated.clear()
