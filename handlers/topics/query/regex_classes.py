r"""Give the classes of a regular expression their Unicode meaning. In RE2, \w and \b know ASCII letters only."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

_SEPARATORS: Final = (
    (0x00, 0x2F),
    (0x3A, 0x40),
    (0x5B, 0x5E),
    (0x60, 0x60),
    (0x7B, 0xA9),
    (0xAB, 0xB4),
    (0xB6, 0xB9),
    (0xBB, 0xBF),
    (0xD7, 0xD7),
    (0xF7, 0xF7),
    (0x5BE, 0x5BE),
    (0x60C, 0x60D),
    (0x61B, 0x61F),
    (0x66A, 0x66D),
    (0x6D4, 0x6D4),
    (0x964, 0x965),
    (0x2000, 0x206F),
    (0x20A0, 0x20CF),
    (0x2190, 0x2BFF),
    (0x3000, 0x3004),
    (0x3008, 0x3020),
    (0xFE10, 0xFE6F),
    (0xFF01, 0xFF0F),
    (0xFF1A, 0xFF20),
    (0xFF3B, 0xFF3E),
    (0xFF5B, 0xFF65),
    (0x1F000, 0x1FAFF),
)
"""Characters that are no part of a word: first and last code points of spaces, punctuation, signs and pictures.

Unicode's own classes of letters would make an expression fifty times as large, and as expensive.
"""


def _inside(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in ranges)


_SEPARATOR: Final = _inside(_SEPARATORS)
_WORD: Final = _inside(
    (before + 1, after - 1) for (_, before), (after, _) in pairwise((*_SEPARATORS, (0x110000, 0x110000)))
)
ATOM: Final = re.compile(r"\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\.|\[\^?\]?|\]|.", re.DOTALL)
"""A character of an expression, or several that mean one: an escape, or the start of a class."""
_OUTSIDE_CLASS: Final = {r"\w": f"[{_WORD}]", r"\W": f"[{_SEPARATOR}]", r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
_INSIDE_CLASS: Final = {r"\w": _WORD, r"\W": _SEPARATOR, r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
EDGE: Final = "edge"
"""The name of the group that stands for the match if the expression starts or ends with \\b."""


class InvalidLeaf(ValueError):
    """A leaf cannot be read. The message says why; the parser adds the place."""


def with_unicode_classes(pattern: str) -> str:
    r"""Return the pattern with Unicode classes for \w, \W, \d and \D, and with \b at its start and end replaced.

    A \b at the start or end becomes a character that is no part of a word, outside the group EDGE. Raises: InvalidLeaf
    for a \b or \B elsewhere beside anything but ASCII letters.
    """
    atoms = [found[0] for found in ATOM.finditer(pattern)]
    if r"\b" not in atoms and r"\B" not in atoms:
        return "".join(_translated(atoms))
    flags = atoms[: atoms.index(")") + 1] if re.match(r"\(\?[a-z]+\)", pattern) else []
    inner = atoms[len(flags) :]
    starts, ends = inner[:1] == [r"\b"], len(inner) > 1 and inner[-1] == r"\b"
    inner = inner[starts : len(inner) - ends]
    has_alternatives = _has_top_level_alternatives(inner)
    for at, atom in enumerate(inner):
        if atom in (r"\b", r"\B") and not _is_ascii_edge(inner[max(at - 1, 0) : at], inner[at + 1 : at + 2]):
            raise InvalidLeaf(
                rf"{atom} works at the start and end of a regular expression, and elsewhere beside a to z."
            )
    if has_alternatives and (starts or ends):
        raise InvalidLeaf(r"Put the alternatives between \b in brackets, as in /\b(?:ban|curb)\b/.")
    before = f"(?:^|[{_SEPARATOR}])" if starts else ""
    after = f"(?:$|[{_SEPARATOR}])" if ends else ""
    return "".join(flags) + f"{before}(?P<{EDGE}>{''.join(_translated(inner))}){after}"


def _is_ascii_edge(before: list[str], after: list[str]) -> bool:
    """Return whether an ASCII letter is beside an edge, and nothing that may be another letter."""
    beside = [*before, *after]
    letters = [atom for atom in beside if atom.isascii() and atom.isalnum()]
    return bool(letters) and all(atom.isascii() and not atom.startswith((r"\w", r"\p", r"\P")) for atom in beside)


def _translated(atoms: list[str]) -> list[str]:
    found = []
    in_class = False
    for atom in atoms:
        found.append((_INSIDE_CLASS if in_class else _OUTSIDE_CLASS).get(atom, atom))
        if atom.startswith("[") and not in_class:
            in_class = True
        elif atom == "]":
            in_class = False
    return found


def _has_top_level_alternatives(atoms: list[str]) -> bool:
    depth = 0
    in_class = False
    for atom in atoms:
        if in_class:
            in_class = atom != "]"
        elif atom.startswith("["):
            in_class = True
        elif atom in "()":
            depth += 1 if atom == "(" else -1
        elif atom == "|" and not depth:
            return True
    return False
