"""What a phrase requires apart from its words: how they are written, and the signs between them.

Plain Python, compiled with the types in signs.pxd if a C compiler is available during installation.
"""

from handlers.topics.index.scan import Scan
from handlers.topics.index.writing import has_capitals, has_signs
from handlers.topics.query.tree import ANY_SEPARATOR, NO_SEPARATOR, Variant, Word


class Signs:
    """The requirements of one way to write a phrase."""

    def __init__(self, variant: Variant) -> None:
        self._words: tuple[tuple[int, Word, bool], ...] = tuple(
            (at, atom, not (atom.written or atom.sign_before or atom.signs_after))
            for at, atom in enumerate(variant.atoms)
            if isinstance(atom, Word) and not atom.is_plain
        )
        """Words that must be written in a certain way: position, word, and whether nothing but capitals matters."""
        separators = enumerate(variant.separators)
        self._separators: tuple[tuple[int, str], ...] = tuple(pair for pair in separators if pair[1] != ANY_SEPARATOR)

    def fit(self, scan: Scan, first: int) -> bool:
        """Return whether the words of a text from `first` on meet the requirements."""
        words = scan.words
        prepared = scan.prepared
        for at, separator in self._separators:
            word = first + at
            if separator == NO_SEPARATOR:
                if not scan.is_tight(word):
                    return False
            elif prepared[words.ends[word] : words.starts[word + 1]].strip() != separator:
                return False
        for at, required, is_acronym in self._words:
            word = first + at
            start = words.starts[word]
            end = words.ends[word]
            if is_acronym and _is_ascii_capital(prepared, start, end):
                continue
            if not has_capitals(required, scan.written(start, end)) or not has_signs(required, prepared, start, end):
                return False
        return True


def _is_ascii_capital(prepared: str, start: int, end: int) -> bool:
    """Return whether a word consists of the capitals A to Z, which is how most acronyms are written."""
    for at in range(start, end):
        char = prepared[at]
        if char < "A" or char > "Z":
            return False
    return True


def needs_signs(variant: Variant) -> bool:
    """Return whether one way to write a phrase requires more than its words."""
    return variant.has_separators or any(isinstance(atom, Word) and not atom.is_plain for atom in variant.atoms)
