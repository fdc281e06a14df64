r"""Give the classes of a regular expression their Unicode meaning. In RE2, \w and \b know ASCII letters only."""

import re
from typing import Final

_WORD: Final = r"\p{L}\p{M}\p{N}_"
_ATOM: Final = re.compile(r"\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\.|\[\^?\]?|\]|.", re.DOTALL)
_OUTSIDE_CLASS: Final = {r"\w": f"[{_WORD}]", r"\W": f"[^{_WORD}]", r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
_INSIDE_CLASS: Final = {r"\w": _WORD, r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}
EDGE: Final = "edge"
"""The name of the group that stands for the match if the expression starts or ends with \\b."""


class InvalidLeaf(ValueError):
    """A leaf cannot be read. The message says why; the parser adds the place."""


def with_unicode_classes(pattern: str) -> str:
    r"""Return the pattern with Unicode classes for \w, \W, \d and \D, and with \b at its start and end replaced.

    A \b at the start or end becomes a character that is no part of a word, outside the group EDGE. Raises: InvalidLeaf
    for a \b or \B elsewhere beside anything but ASCII letters, and for \W inside brackets.
    """
    atoms = [found[0] for found in _ATOM.finditer(pattern)]
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
    before = f"(?:^|[^{_WORD}])" if starts else ""
    after = f"(?:$|[^{_WORD}])" if ends else ""
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
        if in_class and atom == r"\W":
            raise InvalidLeaf(r"\W can't stand in square brackets. Write [^\w...] instead.")
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
