"""The words that any topic wants, and which of them a word of a text stands for: one look-up, no is remembered too."""

from typing import Final

from handlers.topics.inflection import ARABIC_LANGUAGES, arabic_keys, stem_keys, wanted_keys
from handlers.topics.leaves import wildcard
from handlers.topics.letters import fold_word
from handlers.topics.tree import Wildcard, Word

EXACT: Final = "\0"
"""Begins the name of a word that is not inflected; inside a name it parts the word with its accents from its fold."""
PAIR: Final = "\1"
PATTERN: Final = "\2"

FORMS_MOST: Final = 1 << 17
"""Words of texts of one language that are remembered; then all are forgotten, to be worked out again."""
FORM_LONGEST: Final = 64
"""Longer words of a text are worked out each time: nothing that people write."""

Names = tuple[str, ...]
Table = dict[str, str | Names]
"""A key to one name, or to several: most have one, and a tuple costs more than a name."""


def name_of(atom: Word | Wildcard) -> str:
    """What a word of a query is known by: the same for the same meaning. A wildcard's name is its pattern."""
    if isinstance(atom, Wildcard):
        return PATTERN + atom.folded
    if not atom.inflects:
        return EXACT + atom.folded
    return atom.folded if atom.lower == atom.folded else f"{atom.lower}{EXACT}{atom.folded}"


class Stands:
    """A word as it stands in a text, with the names of what it stands for. Compared by identity, which is quick."""

    __slots__ = ("form", "forms", "names")

    def __init__(self, form: str, names: Names) -> None:
        self.form = form
        self.forms = (form,)
        self.names = names


class Forms(dict[str, Stands | None]):
    """The words of texts of one language, each worked out when first met."""

    def __init__(self, lexicon: "Lexicon", language: str) -> None:
        self._lexicon = lexicon
        self._language = language
        self._by_key: Table = {}

    def __missing__(self, form: str) -> Stands | None:
        folded = fold_word(form)
        keys = keys_of(form, folded, self._language)
        names = self._lexicon.names_of(folded, keys, self._language) if folded else ()
        stands = Stands(form, names) if names else None
        if len(form) <= FORM_LONGEST:
            if len(self) >= FORMS_MOST:
                self.forget_all()
            self[form] = stands
            for key in (folded, *keys):
                _add(self._by_key, key, form)
        return stands

    def forget(self, key: str) -> None:
        """Work out anew, when they are met again, the words that a key belongs to."""
        for form in _names(self._by_key, key):
            self.pop(form, None)
        self._by_key.pop(key, None)

    def forget_all(self) -> None:
        self.clear()
        self._by_key.clear()


class Lexicon:
    """What is wanted, and how often: a name is learnt when it is first used and forgotten when it is last released."""

    def __init__(self) -> None:
        self.pairs: dict[str, None] = {}
        """Two neighbours in a script without spaces, closed up."""
        self._uses: dict[str, int] = {}
        self._accented: Table = {}
        self._prefixes: set[str] = set()
        self._longest_prefix = 0
        self._literals: Table = {}
        self._lengths: dict[int, int] = {}
        self._stems: dict[str, Table] = {}
        self._forms: dict[str, Forms] = {}

    def forms(self, language: str) -> Forms:
        found = self._forms.get(language)
        if found is None:
            found = self._forms[language] = Forms(self, language)
        return found

    def use(self, name: str) -> None:
        uses = self._uses.get(name, 0)
        self._uses[name] = uses + 1
        if not uses:
            self._learn(name)

    def release(self, name: str) -> None:
        self._uses[name] -= 1
        if not self._uses[name]:
            del self._uses[name]
            self._forget(name)

    def _learn(self, name: str) -> None:
        if name[0] == PAIR:
            self.pairs[name[1:]] = None
            return
        if name[0] == PATTERN:
            self._learn_pattern(name[1:])
            for forms in self._forms.values():
                forms.forget_all()
            return
        folded = name.rpartition(EXACT)[2]
        if EXACT in name[1:]:
            _add(self._accented, folded, name)
        if name[0] != EXACT:
            for language, stems in self._stems.items():
                _enter(stems, name, language)
        for language, forms in self._forms.items():
            for key in (folded, *_stem_keys_of(name, language)):
                forms.forget(key)

    def _forget(self, name: str) -> None:
        """Words of texts that are remembered go on standing for it, which is harmless: nothing asks."""
        if name[0] == PAIR:
            del self.pairs[name[1:]]
        elif name[0] == PATTERN:
            self._forget_pattern(name[1:])
        elif name[0] != EXACT:
            if EXACT in name:
                _take(self._accented, name.partition(EXACT)[2], name)
            for language, stems in self._stems.items():
                for key in _stem_keys_of(name, language):
                    _take(stems, key, name)

    def _learn_pattern(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.add(pattern[:-1])
            self._longest_prefix = max(self._longest_prefix, len(pattern) - 1)
        else:
            literal = _literal(pattern)
            _add(self._literals, literal, pattern)
            self._lengths[len(literal)] = self._lengths.get(len(literal), 0) + 1

    def _forget_pattern(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.discard(pattern[:-1])
        else:
            literal = _literal(pattern)
            _take(self._literals, literal, pattern)
            self._lengths[len(literal)] -= 1
            if not self._lengths[len(literal)]:
                del self._lengths[len(literal)]

    def names_of(self, folded: str, keys: Names, language: str) -> Names:
        """What a word of a text stands for: itself, what it is an inflection of, and the wildcards that it fits."""
        found = [name for name in (folded, EXACT + folded) if name in self._uses]
        found.extend(_names(self._accented, folded))
        if keys:
            wanted = self._stems_of(language)
            found.extend(name for key in keys for name in _names(wanted, key))
        for end in range(1, min(len(folded), self._longest_prefix) + 1):
            if folded[:end] in self._prefixes:
                found.append(f"{PATTERN}{folded[:end]}*")
        if self._literals:
            found.extend(PATTERN + pattern for pattern in self._patterns_of(folded))
        return tuple(dict.fromkeys(found))

    def _patterns_of(self, folded: str) -> list[str]:
        """The wildcards other than prefixes that a word fits; first those of which it holds the longest literal."""
        edged = f" {folded} "
        parts = {edged[at : at + length] for length in self._lengths for at in range(len(edged) - length + 1)}
        likely = (pattern for part in parts & self._literals.keys() for pattern in _names(self._literals, part))
        return [pattern for pattern in likely if wildcard(pattern).fullmatch(folded)]

    def _stems_of(self, language: str) -> Table:
        """Stem key to the names that are found by it, in texts of a language; made when the language is first met."""
        stems = self._stems.get(language)
        if stems is None:
            stems = {}
            for name in self._uses:
                if name[0] not in (EXACT, PAIR, PATTERN):
                    _enter(stems, name, language)
            self._stems[language] = stems
        return stems


def _literal(pattern: str) -> str:
    """The longest part of a wildcard that is letters, with a space where the word's edge must be."""
    edged = (" " if pattern[0] not in "*?" else "") + pattern + (" " if pattern[-1] not in "*?" else "")
    return max(edged.replace("?", "*").split("*"), key=len)


def keys_of(form: str, folded: str, language: str) -> Names:
    """The keys of inflection of a word of a text."""
    stems = stem_keys(language)
    if stems is not None:
        key = stems[form]
        return () if key == folded else (key,)
    return arabic_keys(form, language) if language in ARABIC_LANGUAGES and not form.isascii() else ()


def _stem_keys_of(name: str, language: str) -> Names:
    """The keys by which a word of a query is found, beside its folded self."""
    lower, _, folded = name.partition(EXACT)
    if not lower:
        return ()
    return wanted_keys(folded or lower, lower, True, language)[1:]


def _enter(stems: Table, name: str, language: str) -> None:
    for key in _stem_keys_of(name, language):
        _add(stems, key, name)


def _names(table: Table, key: str) -> Names:
    found = table.get(key, ())
    return (found,) if isinstance(found, str) else found


def _add(table: Table, key: str, name: str) -> None:
    known = _names(table, key)
    table[key] = (*known, name) if known else name


def _take(table: Table, key: str, name: str) -> None:
    left = tuple(other for other in _names(table, key) if other != name)
    if left:
        table[key] = left
    else:
        del table[key]
