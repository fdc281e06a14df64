"""Find where words, phrase variants and regular expressions occur in one text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from handlers.topics.index.budget import Budget
from handlers.topics.index.word_spans import NO_SPANS, WordSpans, sequences, spans_of_length
from handlers.topics.index.writing import has_capitals, has_signs
from handlers.topics.query.leaves import compile_regex, compile_wildcard
from handlers.topics.query.regex_classes import EDGE
from handlers.topics.query.tree import ANY_SEPARATOR, Atom, Variant, Word
from handlers.topics.text.hashtags import Positions, positions_of
from handlers.topics.text.query_words import wanted_keys
from handlers.topics.text.sentences import sentence_ends_between
from handlers.topics.text.tokens import Tokens

MAX_REGEX_MATCHES: Final = 100
_WILDCARD_SIGN: Final = re.compile(r"[*?]")
_MAX_LOCATED_SINGLY: Final = 50
"""The number of tokens whose spans are looked up one by one. For more, all tokens are located at once."""
_TOKENS_PER_STEP: Final = 64
"""Tokens of a text that are searched in a step."""
_SPANS_PER_STEP: Final = 4
"""Occurrences of a word that are compared with those of its neighbours in a step."""
_INSTRUCTIONS_PER_STEP: Final = 16
"""Instructions of a regular expression that are tried on one character in a step."""
_CHARACTERS_PER_STEP: Final = 8
"""Characters that a regular expression passes in a step while only one of its instructions fits."""
_INSPECTION_STEPS: Final = 100
"""Steps for inspecting how a word is written, or for comparing it with a wildcard."""


def regex_matches(text: str, pattern: str, budget: Budget) -> list[tuple[int, int]]:
    """Return the spans of the first 100 matches that are not empty. Raises: OverBudget.

    The search is paid for in advance, because the library cannot be interrupted. It may try all instructions of the
    expression on each character, and after a match it may read the rest of the text to find where the next one ends.
    """
    regex, size, group = _compiled(pattern, for_ascii=text.isascii())
    budget.spend(len(text) * size // _INSTRUCTIONS_PER_STEP + 1)
    found: list[tuple[int, int]] = []
    encoded = text.encode()
    done = characters = 0
    for start, end in _matches_between_edges(encoded, regex, group) if group else _matches(encoded, regex):
        if end > start:
            first = characters + len(encoded[done:start].decode())
            characters = first + len(encoded[start:end].decode())
            done = end
            found.append((first, characters))
            if len(found) == MAX_REGEX_MATCHES:
                break
        budget.spend((len(encoded) - end) // _CHARACTERS_PER_STEP + size)
    return found


@lru_cache(maxsize=4096)
def _compiled(pattern: str, *, for_ascii: bool) -> tuple[Any, int, int]:
    """Return an expression, the number of its instructions, and the index of its group EDGE, or 0 if it has none."""
    regex = compile_regex(pattern, for_ascii=for_ascii)
    return regex, regex.programsize, regex.groupindex.get(EDGE, 0)


def _matches(encoded: bytes, regex: Any) -> Iterator[tuple[int, int]]:
    return (match.span() for match in regex.finditer(encoded))


def _matches_between_edges(encoded: bytes, regex: Any, group: int) -> Iterator[tuple[int, int]]:
    """Yield the matches of the group EDGE. What follows a match may also precede the next one."""
    match = regex.search(encoded)
    while match is not None:
        start, end = match.span(group)
        yield start, end
        match = regex.search(encoded, end) if end > start else None


class Text(Tokens):
    """The tokens of a text, with a cache of where words of queries occur in it."""

    __slots__ = ("_first_parts", "_positions", "_separators", "_vocabulary", "spans_of")

    def __init__(self, text: str, language: str, prepared: str | None = None) -> None:
        super().__init__(text, language, prepared)
        self._vocabulary: str | None = None
        """The different tokens, one a line."""
        self._separators: dict[int, str] = {}
        self.spans_of: dict[Atom, tuple[WordSpans, int]] = {}
        """By query word: its occurrences, and the number of steps that finding them took."""
        self._positions: Positions | None = None
        self._first_parts: list[int] | None = None
        """The tokens that are the first part of each hashtag."""

    @property
    def positions(self) -> Positions | None:
        """The positions of the tokens, or None if each token has its number as its position."""
        if self._positions is None and self.hashtags:
            own = len(self.folded) - sum(map(len, self.hashtags))
            self._positions = positions_of([start for start, _ in self.spans[:own]], self.hashtags)
        return self._positions

    @property
    def size(self) -> int:
        """The number of positions."""
        return len(self.positions.words) if self.positions else len(self.folded)

    def char_span_at(self, first: int, end: int) -> tuple[int, int]:
        """Return the start and end (exclusive), in the original text, of the positions `first` to `end` (exclusive)."""
        if self.positions is None:
            return self.char_span(first, end)
        words = self.positions.words
        return self.span(words[first])[0], self.char_span(words[end - 1], words[end - 1] + 1)[1]

    def is_one_run(self, start: int, end: int) -> bool:
        """Return whether the tokens `start` to `end` (exclusive) are parts of one hashtag, or no parts at all."""
        if self._first_parts is None:
            own = len(self.folded) - sum(map(len, self.hashtags))
            self._first_parts = list(accumulate(map(len, self.hashtags[:-1]), initial=own))
        after = bisect_right(self._first_parts, start)
        return after == len(self._first_parts) or self._first_parts[after] >= end

    def containing(self, letters: str) -> list[str]:
        """Return the folded tokens that contain the letters, each once. A line break stands for the edge of a token."""
        if self._vocabulary is None:
            self._vocabulary = "\n".join(("", *dict.fromkeys(self.folded), ""))
        found = []
        at = self._vocabulary.find(letters)
        while at >= 0:
            inside = at + letters.startswith("\n")
            end = self._vocabulary.index("\n", inside)
            found.append(self._vocabulary[self._vocabulary.rindex("\n", 0, inside) + 1 : end])
            at = self._vocabulary.find(letters, end)
        return found

    def separator(self, index: int) -> str:
        """Return the text between a token and the next, without spaces around it."""
        separator = self._separators.get(index)
        if separator is None:
            separator = self.prepared[self.span(index)[1] : self.span(index + 1)[0]].strip()
            self._separators[index] = separator
        return separator


@dataclass(frozen=True, slots=True)
class VariantWords:
    """Where the words of a phrase variant occur in one text, each by itself."""

    variant: Variant
    text: Text
    spans: list[WordSpans]
    """For each atom other than a lone *, its occurrences. Empty if the text lacks any of them."""
    offsets: list[int]
    """For each of these atoms, its position in the variant."""


def find_words(variant: Variant, text: Text, budget: Budget) -> VariantWords:
    """Find the words of a variant in a text. Raises: OverBudget."""
    words = VariantWords(variant, text, [], [])
    if not may_contain(variant, text):
        return words
    for offset, atom in enumerate(variant.atoms):
        if isinstance(atom, Word) or not atom.is_any_word:
            spans = _spans_of(atom, text, budget)
            if not spans.count:
                return VariantWords(variant, text, [], [])
            words.spans.append(spans)
            words.offsets.append(offset)
    return words


def find_variant(words: VariantWords, budget: Budget) -> WordSpans:
    """Return where the variant occurs in its text, whose words are numbered from 0. Raises: OverBudget."""
    variant, text, length = words.variant, words.text, len(words.variant.atoms)
    if not words.spans or length == 1:
        return words.spans[0] if words.spans else NO_SPANS
    budget.spend(sum(spans.count for spans in words.spans) // _SPANS_PER_STEP)
    found = sequences(words.spans, words.offsets, length, len(text.folded))
    if found.count:
        budget.spend((_INSPECTION_STEPS if variant.has_separators else 1) * found.count)
        if found.count > _MAX_LOCATED_SINGLY:
            text.locate_all()
        starts = [start for start, end in found.listed() if _is_adjacent(variant, text, start, end)]
        return spans_of_length(starts, length)
    return found


def may_contain(variant: Variant, text: Text) -> bool:
    """Return whether the text contains every word of the variant, wildcards aside."""
    return not any(
        isinstance(atom, Word)
        and text.keys.isdisjoint(wanted_keys(atom.folded, atom.lower, atom.inflection, text.language))
        for atom in variant.atoms
    )


def _is_adjacent(variant: Variant, text: Text, start: int, end: int) -> bool:
    """Return whether the tokens `start` to `end` (exclusive) are in one sentence, separated as the variant requires."""
    if text.hashtags and not text.is_one_run(start, end):
        return False
    for index in range(start, end - 1):
        if sentence_ends_between(text.prepared, text.span(index)[1], text.span(index + 1)[0]):
            return False
    required = [(index, sign) for index, sign in enumerate(variant.separators, start) if sign != ANY_SEPARATOR]
    return all(text.separator(index) == sign for index, sign in required)


def _spans_of(atom: Atom, text: Text, budget: Budget) -> WordSpans:
    """Return where a query word occurs. Every budget pays the full price, once. Raises: OverBudget."""
    cached = text.spans_of.get(atom)
    if cached is None:
        before = budget.total
        indexes = _indexes_of(atom, text, budget)
        budget.spend(len(indexes) + len(text.folded) // _TOKENS_PER_STEP + 1)
        cached = text.spans_of[atom] = (spans_of_length(indexes, 1), before - budget.total)
    elif not budget.has_paid(cached[0]):
        budget.spend(cached[1])
    budget.mark_paid(cached[0])
    return cached[0]


def _indexes_of(atom: Atom, text: Text, budget: Budget) -> Sequence[int]:
    """Return the indexes of the tokens that match a query word, ascending."""
    if not isinstance(atom, Word):
        words = text.containing(_longest_literal(atom.folded))
        if not atom.is_prefix:
            budget.spend(_INSPECTION_STEPS * len(words))
            wildcard = compile_wildcard(atom.folded)
            words = [word for word in words if wildcard.fullmatch(word)]
        return sorted(index for word in words for index in text.indexes(word))
    wanted = wanted_keys(atom.folded, atom.lower, atom.inflection, text.language)
    found: Sequence[int] = text.indexes(wanted[0])
    if len(wanted) > 1:
        found = sorted({index for key in wanted for index in text.indexes(key)})
    return found if atom.is_plain else _written_as(atom, text, found, budget)


def _written_as(word: Word, text: Text, indexes: Sequence[int], budget: Budget) -> list[int]:
    """Return those of the tokens that have the capitals, and the signs around them, that the query word requires."""
    budget.spend(_INSPECTION_STEPS * len(indexes))
    if len(indexes) > _MAX_LOCATED_SINGLY:
        text.locate_all()
    is_written: dict[str, bool] = {}
    found = []
    for index in indexes:
        start, end = text.span(index)
        written = text.text[start:end]
        if written not in is_written:
            is_written[written] = has_capitals(word, written)
        if is_written[written] and has_signs(word, text.prepared, start, end):
            found.append(index)
    return found


def _longest_literal(folded: str) -> str:
    """Return the longest part of a wildcard without * and ?, with a line break where the word must start or end."""
    return max(_WILDCARD_SIGN.split(f"\n{folded}\n"), key=lambda part: (len(part), part != "\n"))
