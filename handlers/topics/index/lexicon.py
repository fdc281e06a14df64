"""All query words of all topics, and which of them a word of a text matches.

Each query word is a leaf with a name, which is the same for the same meaning, and a number, by which the postings know
it.
"""

from typing import Final

from handlers.topics.index.forms import Forms
from handlers.topics.index.tables import Names, Table, add, names_at, remove
from handlers.topics.query.groups import rank, rank_of_word
from handlers.topics.query.leaves import compile_wildcard
from handlers.topics.query.tree import Wildcard, Word
from handlers.topics.text.query_words import Inflection, wanted_keys

EXACT: Final = "\0"
"""Starts the name of a word that is not inflected. Inside a name, it separates the word with accents from its fold."""
WILDCARD: Final = "\2"
"""Starts the name of a wildcard."""
_INFLECTION_OF: Final = {"\5": Inflection.NAME, "\6": Inflection.SUFFIX}
"""By the first character of a name: how the word is inflected. The names of other words start with a letter."""
_SIGN_OF: Final = {inflection: sign for sign, inflection in _INFLECTION_OF.items()}


def name_of(atom: Word | Wildcard) -> str:
    """Return the name of a word or wildcard of a query."""
    if isinstance(atom, Wildcard):
        return WILDCARD + atom.folded
    if atom.inflection is Inflection.NONE:
        return EXACT + atom.folded
    if atom.inflection is Inflection.WORD:
        return atom.folded if atom.lower == atom.folded else f"{atom.lower}{EXACT}{atom.folded}"
    return f"{_SIGN_OF[atom.inflection]}{atom.lower}{EXACT}{atom.folded}"


def rank_of_name(name: str) -> float:
    """Return what `groups.rank` returns for the word or wildcard with this name."""
    return rank(Wildcard(name[1:])) if name[0] == WILDCARD else rank_of_word(name.rpartition(EXACT)[2])


class Lexicon:
    """The query words of all topics."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        """By name."""
        self._accented: Table = {}
        """By folded word: the names that contain more than the folded word."""
        self._prefixes: set[str] = set()
        self._longest_prefix = 0
        self._literals: Table = {}
        """By longest literal part: the wildcards other than prefixes."""
        self._literal_lengths: dict[int, int] = {}
        """How many wildcards have a literal of that length."""
        self._stems: dict[str, Table] = {}
        """By language and stem key: the names of words that are found by it."""
        self._forms: dict[str, Forms] = {}
        """By language."""

    def forms(self, language: str) -> Forms:
        """Return the forms for texts in a language, up to date."""
        forms = self._forms.get(language)
        if forms is None or forms.is_full:
            forms = self._forms[language] = Forms(self.matching_leaves, language)
        forms.apply_outdated()
        return forms

    def add(self, name: str, number: int) -> None:
        """Add a query word that is not in the lexicon."""
        self.numbers[name] = number
        if name[0] == WILDCARD:
            self._add_wildcard(name[1:])
            for forms in self._forms.values():
                forms.outdate(_longest_literal(name[1:]))
            return
        folded = name.rpartition(EXACT)[2]
        if EXACT in name[1:]:
            add(self._accented, folded, name)
        if name[0] != EXACT:
            for language, stems in self._stems.items():
                _add_stem_keys(stems, name, language)
        for language, forms in self._forms.items():
            for key in (folded, *_stem_keys_of(name, language)):
                forms.forget(key)

    def remove(self, name: str) -> None:
        """Remove a query word. Its number may be used for another leaf afterwards."""
        number = self.numbers.pop(name)
        for forms in self._forms.values():
            forms.remove_leaf(number)
        if name[0] == WILDCARD:
            self._remove_wildcard(name[1:])
        elif name[0] != EXACT:
            if EXACT in name:
                remove(self._accented, name.partition(EXACT)[2], name)
            for language, stems in self._stems.items():
                for key in _stem_keys_of(name, language):
                    remove(stems, key, name)

    def _add_wildcard(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.add(pattern[:-1])
            self._longest_prefix = max(self._longest_prefix, len(pattern) - 1)
        else:
            literal = _longest_literal(pattern)
            add(self._literals, literal, pattern)
            self._literal_lengths[len(literal)] = self._literal_lengths.get(len(literal), 0) + 1

    def _remove_wildcard(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.discard(pattern[:-1])
        else:
            literal = _longest_literal(pattern)
            remove(self._literals, literal, pattern)
            self._literal_lengths[len(literal)] -= 1
            if not self._literal_lengths[len(literal)]:
                del self._literal_lengths[len(literal)]

    def matching_leaves(self, folded: str, keys: Names, language: str) -> tuple[int, ...]:
        """Return the numbers of the query words that a word of a text matches, given its inflection keys.

        These are the word itself, words of which it is an inflected form, and wildcards.
        """
        found = [name for name in (folded, EXACT + folded) if name in self.numbers]
        found.extend(names_at(self._accented, folded))
        stems = self._stems_of(language)
        found.extend(name for key in (folded, *keys) for name in names_at(stems, key))
        for end in range(1, min(len(folded), self._longest_prefix) + 1):
            if folded[:end] in self._prefixes:
                found.append(f"{WILDCARD}{folded[:end]}*")
        if self._literals:
            found.extend(WILDCARD + pattern for pattern in self._matching_wildcards(folded))
        return tuple(map(self.numbers.__getitem__, dict.fromkeys(found)))

    def _matching_wildcards(self, folded: str) -> list[str]:
        """Return the wildcards other than prefixes that match a word. Tries only those whose literal it contains."""
        padded = f" {folded} "
        parts = {padded[at : at + length] for length in self._literal_lengths for at in range(len(padded) - length + 1)}
        likely = (pattern for part in parts & self._literals.keys() for pattern in names_at(self._literals, part))
        return [pattern for pattern in likely if _is_substring(pattern) or compile_wildcard(pattern).fullmatch(folded)]

    def _stems_of(self, language: str) -> Table:
        """Return the names by stem key, for texts in a language. Computed when the first such text arrives."""
        stems = self._stems.get(language)
        if stems is None:
            stems = {}
            for name in self.numbers:
                if name[0] not in (EXACT, WILDCARD):
                    _add_stem_keys(stems, name, language)
            self._stems[language] = stems
        return stems


def _is_substring(pattern: str) -> bool:
    """Return whether a wildcard matches every word that contains its literal part."""
    inner = pattern[1:-1]
    return pattern[0] == pattern[-1] == "*" and "*" not in inner and "?" not in inner


def _longest_literal(pattern: str) -> str:
    """Return the longest part of a wildcard without * and ?, with a space where the word must start or end."""
    padded = (" " if pattern[0] not in "*?" else "") + pattern + (" " if pattern[-1] not in "*?" else "")
    return max(padded.replace("?", "*").split("*"), key=len)


def _stem_keys_of(name: str, language: str) -> Names:
    """Return the keys by which a query word is found in a language, apart from its folded form."""
    inflection = _INFLECTION_OF.get(name[0], Inflection.WORD)
    lower, _, folded = name.removeprefix(_SIGN_OF.get(inflection, "")).partition(EXACT)
    if not lower:
        return ()
    return wanted_keys(folded or lower, lower, inflection, language)[1:]


def _add_stem_keys(stems: Table, name: str, language: str) -> None:
    for key in _stem_keys_of(name, language):
        add(stems, key, name)
