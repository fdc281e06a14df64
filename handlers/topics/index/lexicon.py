"""The words that any topic wants, and which of them a word of a text stands for."""

from typing import Final

from handlers.topics.index.forms import Forms
from handlers.topics.index.tables import Names, Table, add, names_at, take
from handlers.topics.query.groups import Run, Term, rank, rank_of_word
from handlers.topics.query.leaves import wildcard
from handlers.topics.query.tree import Wildcard, Word
from handlers.topics.text.inflection import wanted_keys
from handlers.topics.text.letters import is_unspaced

EXACT: Final = "\0"
"""Begins the name of a word that is not inflected; inside a name it parts the word with its accents from its fold."""
PAIR: Final = "\1"
PATTERN: Final = "\2"


def name_of(atom: Word | Wildcard) -> str:
    """What a word of a query is known by: the same for the same meaning. A wildcard's name is its pattern."""
    if isinstance(atom, Wildcard):
        return PATTERN + atom.folded
    if not atom.inflects:
        return EXACT + atom.folded
    return atom.folded if atom.lower == atom.folded else f"{atom.lower}{EXACT}{atom.folded}"


def name_of_term(term: Term) -> str:
    match term:
        case Run():
            return (
                PAIR + _pair_of(term)
                if len(term.tokens) > 1 and is_unspaced(term.tokens[0])
                else EXACT + term.tokens[-1]
            )
        case _:
            return name_of(term)


def _pair_of(run: Run) -> str:
    """Two neighbours that stand for the whole run: those in the middle, which are the least alike among names."""
    middle = (len(run.tokens) - 1) // 2
    return run.tokens[middle] + run.tokens[middle + 1]


def rank_of_name(name: str) -> float:
    return rank(Wildcard(name[1:])) if name[0] == PATTERN else rank_of_word(name.rpartition(EXACT)[2])


class Lexicon:
    """What is wanted, each with its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.pairs: dict[str, int] = {}
        """Of the names, two neighbours in a script without spaces, closed up."""
        self._accented: Table = {}
        self._prefixes: set[str] = set()
        self._longest_prefix = 0
        self._literals: Table = {}
        self._lengths: dict[int, int] = {}
        self._stems: dict[str, Table] = {}
        self._forms: dict[str, Forms] = {}

    def forms(self, language: str) -> Forms:
        """What the words of texts of a language stand for."""
        found = self._forms.get(language)
        if found is None or found.is_full:
            found = self._forms[language] = Forms(self.stands_for, language)
        found.catch_up()
        return found

    def learn(self, name: str, number: int) -> None:
        """A name is wanted from now on."""
        self.numbers[name] = number
        if name[0] == PAIR:
            self.pairs[name[1:]] = number
            return
        if name[0] == PATTERN:
            self._learn_pattern(name[1:])
            for forms in self._forms.values():
                forms.outdate(_literal(name[1:]))
            return
        folded = name.rpartition(EXACT)[2]
        if EXACT in name[1:]:
            add(self._accented, folded, name)
        if name[0] != EXACT:
            for language, stems in self._stems.items():
                _enter(stems, name, language)
        for language, forms in self._forms.items():
            for key in (folded, *_stem_keys_of(name, language)):
                forms.forget(key)

    def forget(self, name: str) -> None:
        """A name is wanted no more; its number may be another's."""
        number = self.numbers.pop(name)
        for forms in self._forms.values():
            forms.drop(number)
        if name[0] == PAIR:
            del self.pairs[name[1:]]
        elif name[0] == PATTERN:
            self._forget_pattern(name[1:])
        elif name[0] != EXACT:
            if EXACT in name:
                take(self._accented, name.partition(EXACT)[2], name)
            for language, stems in self._stems.items():
                for key in _stem_keys_of(name, language):
                    take(stems, key, name)

    def _learn_pattern(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.add(pattern[:-1])
            self._longest_prefix = max(self._longest_prefix, len(pattern) - 1)
        else:
            literal = _literal(pattern)
            add(self._literals, literal, pattern)
            self._lengths[len(literal)] = self._lengths.get(len(literal), 0) + 1

    def _forget_pattern(self, pattern: str) -> None:
        if Wildcard(pattern).is_prefix:
            self._prefixes.discard(pattern[:-1])
        else:
            literal = _literal(pattern)
            take(self._literals, literal, pattern)
            self._lengths[len(literal)] -= 1
            if not self._lengths[len(literal)]:
                del self._lengths[len(literal)]

    def stands_for(self, folded: str, keys: Names, language: str) -> tuple[int, ...]:
        """What a word of a text is, in numbers: itself, what it is an inflection of, and the wildcards that it fits."""
        found = [name for name in (folded, EXACT + folded) if name in self.numbers]
        found.extend(names_at(self._accented, folded))
        if keys:
            wanted = self._stems_of(language)
            found.extend(name for key in keys for name in names_at(wanted, key))
        for end in range(1, min(len(folded), self._longest_prefix) + 1):
            if folded[:end] in self._prefixes:
                found.append(f"{PATTERN}{folded[:end]}*")
        if self._literals:
            found.extend(PATTERN + pattern for pattern in self._patterns_of(folded))
        return tuple(map(self.numbers.__getitem__, dict.fromkeys(found)))

    def _patterns_of(self, folded: str) -> list[str]:
        """The wildcards other than prefixes that a word fits; first those of which it holds the longest literal."""
        edged = f" {folded} "
        parts = {edged[at : at + length] for length in self._lengths for at in range(len(edged) - length + 1)}
        likely = (pattern for part in parts & self._literals.keys() for pattern in names_at(self._literals, part))
        return [pattern for pattern in likely if wildcard(pattern).fullmatch(folded)]

    def _stems_of(self, language: str) -> Table:
        """Stem key to the names that are found by it, in texts of a language; made when the language is first met."""
        stems = self._stems.get(language)
        if stems is None:
            stems = {}
            for name in self.numbers:
                if name[0] not in (EXACT, PAIR, PATTERN):
                    _enter(stems, name, language)
            self._stems[language] = stems
        return stems


def _literal(pattern: str) -> str:
    """The longest part of a wildcard that is letters, with a space where the word's edge must be."""
    edged = (" " if pattern[0] not in "*?" else "") + pattern + (" " if pattern[-1] not in "*?" else "")
    return max(edged.replace("?", "*").split("*"), key=len)


def _stem_keys_of(name: str, language: str) -> Names:
    """The keys by which a word of a query is found, beside its folded self."""
    lower, _, folded = name.partition(EXACT)
    if not lower:
        return ()
    return wanted_keys(folded or lower, lower, True, language)[1:]


def _enter(stems: Table, name: str, language: str) -> None:
    for key in _stem_keys_of(name, language):
        add(stems, key, name)
