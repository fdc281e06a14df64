"""Where the forms of a phrase, and expressions, stand in one text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.topics.index.budget import Budget
from handlers.topics.index.places import NOWHERE, Places, in_a_row, of_length
from handlers.topics.query.leaves import compiled, wildcard
from handlers.topics.query.tree import ANYTHING, Atom, Form, Word
from handlers.topics.text.inflection import wanted_keys
from handlers.topics.text.letters import fold_word
from handlers.topics.text.tokens import Tokens

REGEX_FOUND_MOST: Final = 100
_WILD: Final = re.compile(r"[*?]")
_PLACED_ONE_BY_ONE: Final = 50
"""Tokens of a text whose characters are looked up one by one; where there are more, all tokens are placed at once."""
_TOKENS_A_STEP: Final = 64
"""Tokens of a text that are passed in a step."""
_PLACES_A_STEP: Final = 4
"""Places of a word that are passed in a step while other words are looked for beside them."""
_INSTRUCTIONS_A_STEP: Final = 16
"""Instructions of an expression that are tried on one character in a step."""
_CHARACTERS_A_STEP: Final = 8
"""Characters that an expression passes in a step while only one of its instructions fits."""
_STEPS_A_LOOK: Final = 100
"""Steps for looking at how a word is written, or for comparing it with a wildcard."""


def finds_in(text: str, pattern: str, budget: Budget) -> list[tuple[int, int]]:
    """Where an expression finds something that is not empty in a text, at most 100 times. Raises: OverBudget.

    The search is paid for before it begins, because nothing can stop the library then. It may try all instructions of
    the expression on each character, and after a find it may read the rest of the text to see where the next one ends.
    """
    expression = compiled(pattern)
    size: int = expression.programsize
    budget.spend(len(text) * size // _INSTRUCTIONS_A_STEP + 1)
    found: list[tuple[int, int]] = []
    for one in expression.finditer(text):
        if one.end() > one.start():
            found.append((one.start(), one.end()))
            if len(found) == REGEX_FOUND_MOST:
                break
        budget.spend((len(text) - one.end()) // _CHARACTERS_A_STEP + size)
    return found


class Text(Tokens):
    """A text, and where words of queries occur in it, as far as that was asked."""

    __slots__ = ("places",)

    def __init__(self, text: str, language: str, prepared: str | None = None) -> None:
        super().__init__(text, language, prepared)
        self.places: dict[Atom, tuple[Places, int]] = {}
        """By query word: its places, and the steps that it took to find them."""


@dataclass(frozen=True, slots=True)
class Row:
    """Where the words of a form stand in one text, each by itself."""

    form: Form
    tokens: Text
    places: list[Places]
    """Of its words other than a lone *; empty where the text lacks one of them."""
    offsets: list[int]
    """How many words behind the first of the form each of those stands."""


def words_in(form: Form, tokens: Text, budget: Budget) -> Row:
    """The words of a form in one text. Raises: OverBudget."""
    row = Row(form, tokens, [], [])
    if not may_hold(form, tokens):
        return row
    for offset, atom in enumerate(form.atoms):
        if isinstance(atom, Word) or not atom.is_anything:
            places = _places_of(atom, tokens, budget)
            if not places.count:
                return Row(form, tokens, [], [])
            row.places.append(places)
            row.offsets.append(offset)
    return row


def places_in(row: Row, budget: Budget) -> Places:
    """Where the form stands in the text, whose words are counted from 0. Raises: OverBudget."""
    form, tokens, length = row.form, row.tokens, len(row.form.atoms)
    if not row.places or length == 1:
        return row.places[0] if row.places else NOWHERE
    budget.spend(sum(places.count for places in row.places) // _PLACES_A_STEP)
    found = in_a_row(row.places, row.offsets, length, len(tokens.folded))
    if found.count and form.is_glued:
        budget.spend(_STEPS_A_LOOK * found.count)
        if found.count > _PLACED_ONE_BY_ONE:
            tokens.place_all()
        return of_length([first for first, _ in found.listed() if _is_glued(form, tokens, first)], length)
    return found


def may_hold(form: Form, tokens: Tokens) -> bool:
    """Whether a text has every word of a form, wildcards aside."""
    return not any(
        isinstance(atom, Word)
        and tokens.keys.isdisjoint(wanted_keys(atom.folded, atom.lower, atom.inflects, tokens.language))
        for atom in form.atoms
    )


def _is_glued(form: Form, tokens: Tokens, start: int) -> bool:
    wanted = [(index, glue) for index, glue in enumerate(form.glue, start) if glue != ANYTHING]
    return all(tokens.between(index) == glue for index, glue in wanted)


def _places_of(atom: Atom, tokens: Text, budget: Budget) -> Places:
    """Where one word of a query stands. Raises: OverBudget."""
    known = tokens.places.get(atom)
    if known is None:
        before = budget.total
        indexes = _indexes_of(atom, tokens, budget)
        budget.spend(len(indexes) + len(tokens.folded) // _TOKENS_A_STEP + 1)
        known = tokens.places[atom] = (of_length(indexes, 1), before - budget.total)
    elif not budget.has_paid(known[0]):
        budget.spend(known[1])
    budget.note_paid(known[0])
    return known[0]


def _indexes_of(atom: Atom, tokens: Tokens, budget: Budget) -> Sequence[int]:
    """The indexes of the tokens that are the word, ascending."""
    if not isinstance(atom, Word):
        words = tokens.words_with(_longest_letters(atom.folded))
        if not atom.is_prefix:
            budget.spend(_STEPS_A_LOOK * len(words))
            expression = wildcard(atom.folded)
            words = [word for word in words if expression.fullmatch(word)]
        return sorted(index for word in words for index in tokens.indexes(word))
    wanted = wanted_keys(atom.folded, atom.lower, atom.inflects, tokens.language)
    found: Sequence[int] = tokens.indexes(wanted[0])
    if len(wanted) > 1:
        found = sorted({index for key in wanted for index in tokens.indexes(key)})
    return found if atom.is_plain else _as_written(atom, tokens, found, budget)


def _as_written(word: Word, tokens: Tokens, indexes: Sequence[int], budget: Budget) -> list[int]:
    """Those of the tokens that are written as the query wrote the word: its capitals, and the signs around it."""
    budget.spend(_STEPS_A_LOOK * len(indexes))
    if len(indexes) > _PLACED_ONE_BY_ONE:
        tokens.place_all()
    fits: dict[str, bool] = {}
    found = []
    for index in indexes:
        start, end = tokens.span(index)
        written = tokens.text[start:end]
        if written not in fits:
            fits[written] = _has_form(word, written)
        if fits[written] and _has_signs(word, tokens.prepared, start, end):
            found.append(index)
    return found


def _longest_letters(folded: str) -> str:
    """The longest part of a wildcard that is letters, with a line break where the word must end."""
    return max(_WILD.split(f"\n{folded}\n"), key=lambda part: (len(part), part != "\n"))


def _has_form(word: Word, written: str) -> bool:
    """Whether a token's capitals are the word's."""
    if word.upper and not ("." in written or _is_capital(written)):
        return False
    if not word.written:
        return True
    return fold_word(written) == word.folded and (_is_capital(written) or not word.written.isalpha())


def _has_signs(word: Word, prepared: str, start: int, end: int) -> bool:
    """Whether the signs of a word stand around a token."""
    if word.head and not (prepared[start - 1 : start] == word.head and not prepared[start - 2 : start - 1].isalnum()):
        return False
    past = end + len(word.tail)
    return not word.tail or (prepared[end:past] == word.tail and prepared[past : past + 1] not in ("+", "#"))


def _is_capital(written: str) -> bool:
    return written.upper() == written and written.lower() != written
