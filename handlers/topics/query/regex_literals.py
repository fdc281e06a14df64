"""Literals that a regular expression cannot do without: a text that lacks them need not be searched."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from handlers.topics.query.regex_classes import ATOM
from handlers.topics.text.letters import fold_word, is_unspaced

Literals = tuple[str, ...]

MIN_LITERAL: Final = 2
"""Letters or digits of the shortest literal that is worth looking up."""
_LAST_SIMPLE: Final = 0x06FF
"""Up to this code point, the folded form of a run of letters is the sum of those of its letters."""
_MAY_COMBINE: Final = "иуі"
"""Letters that become others if a mark follows them, so that a literal must not end with them."""
_CLASSES: Final = frozenset(rf"\{sign}" for sign in "dDwWsSbBAzntrfvapP")
"""Escapes, by their first two characters, that stand for one character or none."""
_OPTIONAL: Final = ("*", "?")
_REPEATED: Final = ("+",)


class _Unreadable(Exception):
    """The expression contains something whose meaning is not known here."""


@lru_cache(maxsize=4096)
def required_literals(pattern: str) -> tuple[Literals, ...]:
    """Return groups of folded literals. Every text that the expression matches contains one of each group in a word.

    A literal in a script without spaces is two characters, which are adjacent in the text. The longest are first, and
    the result is empty if nothing is known to be required.
    """
    try:
        return tuple(sorted(_Reader(pattern).groups(), key=_rank))
    except _Unreadable:
        return ()


def _rank(group: Literals) -> tuple[int, int]:
    return -min(map(len, group)), len(group)


class _Reader:
    """Reads an expression by recursive descent."""

    def __init__(self, pattern: str) -> None:
        self._atoms = [found[0] for found in ATOM.finditer(pattern)]
        self._at = 0

    def groups(self) -> list[Literals]:
        groups = self._alternatives()
        if self._at < len(self._atoms):
            raise _Unreadable
        return groups

    def _next(self) -> str:
        return self._atoms[self._at] if self._at < len(self._atoms) else ""

    def _take(self) -> str:
        if self._at == len(self._atoms):
            raise _Unreadable
        self._at += 1
        return self._atoms[self._at - 1]

    def _alternatives(self) -> list[Literals]:
        parts = [self._sequence()]
        while self._next() == "|":
            self._take()
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        if not all(parts):
            return []
        return [tuple(dict.fromkeys(literal for groups in parts for literal in min(groups, key=_rank)))]

    def _sequence(self) -> list[Literals]:
        groups: list[Literals] = []
        run = ""
        while self._next() not in ("", "|", ")"):
            atom = self._take()
            inner: list[Literals] = []
            if atom == "(":
                inner = self._group()
            elif atom.startswith("["):
                self._skip_class()
            elif len(atom) > 1 and (atom[:2] not in _CLASSES and atom[1].isalnum()):
                raise _Unreadable
            is_literal = len(atom) == 1 and atom.isalnum()
            least, is_repeated = self._repetition()
            if is_literal and least:
                run += atom
            if not is_literal or not least or is_repeated:
                groups += ((literal,) for literal in _literals_in(run))
                run = ""
            if least:
                groups += inner
        return [*groups, *((literal,) for literal in _literals_in(run))]

    def _group(self) -> list[Literals]:
        """Return the groups inside brackets, of which the opening one was read."""
        if self._next() == "?":
            self._take()
            while self._next() not in (":", ")", ">"):
                self._take()
            if self._take() == ")":
                return []  # flags for what follows
        groups = self._alternatives()
        if self._take() != ")":
            raise _Unreadable
        return groups

    def _skip_class(self) -> None:
        """Skip a class of characters, of which the opening bracket was read."""
        while (atom := self._take()) != "]":
            if atom.startswith("[") and self._next() == ":":  # [[:alpha:]]
                raise _Unreadable

    def _repetition(self) -> tuple[int, bool]:
        """Return how often the last atom must occur at least (0 or more), and whether it may occur repeatedly."""
        least, is_repeated = 1, False
        while (sign := self._next()) in (*_OPTIONAL, *_REPEATED, "{"):
            self._take()
            is_repeated = True
            if sign in _OPTIONAL:
                least = 0
            elif sign == "{":
                digits = ""
                while (char := self._take()) != "}":
                    digits += char
                first = digits.partition(",")[0]
                if not first.isdecimal():
                    raise _Unreadable
                least = min(least, int(first))
        return least, is_repeated


def _literals_in(run: str) -> Iterator[str]:
    """Yield the folded literals in a run of letters and digits."""
    start = 0
    for end in range(1, len(run) + 1):
        if end < len(run) and is_unspaced(run[end]) == is_unspaced(run[start]):
            continue
        part, start = run[start:end], end
        if is_unspaced(part):
            middle = (len(part) - MIN_LITERAL) // 2
            if len(part) >= MIN_LITERAL and all(len(fold_word(char)) == 1 for char in part):
                yield fold_word(part[middle]) + fold_word(part[middle + 1])
        elif all(ord(char) <= _LAST_SIMPLE and unicodedata.category(char) != "Lm" for char in part):
            literal = "".join(map(fold_word, part)).rstrip(_MAY_COMBINE)
            if len(literal) >= MIN_LITERAL and literal.isalnum():
                yield literal
