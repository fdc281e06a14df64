"""A topic's query made small and quick: leaves as short names, and the tree over them as nested tuples.

Plain tuples, because those that hold nothing but texts, numbers and such tuples cost the garbage collector nothing.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final, Union

from handlers.topics.index.lexicon import name_of
from handlers.topics.index.tables import Names
from handlers.topics.query.tree import (
    ANYTHING,
    TEXT_FIELDS,
    And,
    AtLeast,
    Not,
    Or,
    Phrase,
    Reference,
    Tree,
    Wildcard,
    Word,
)
from handlers.topics.text.letters import is_unspaced

RUN: Final = "\3"
"""Begins the leaf of a plain phrase and parts the names of its words."""
ODD: Final = "\4"
"""Begins the leaf of a phrase that wants more than its words in a row."""

Program = Union[str, "Joined", Tree]
"""A leaf, parts of which a number must hold, or a tree that is evaluated as it is."""
Joined = tuple[int, tuple["Program", ...]]
"""How many of the parts must hold: all for AND, 1 for OR. 0: none may, for NOT."""


def plain_leaf(phrase: Phrase) -> str | None:
    """The leaf of a word or phrase that its words in a row decide alone, in title or body; None for any other."""
    if phrase.field or len(phrase.forms) != 1:
        return None
    form = phrase.forms[0]
    if len(form.atoms) == 1:
        atom = form.atoms[0]
        is_plain = atom.is_plain if isinstance(atom, Word) else not atom.is_anything
        return sys.intern(name_of(atom)) if is_plain else None
    for atom in form.atoms:
        if isinstance(atom, Word):
            if not atom.is_plain or is_unspaced(atom.folded):
                return None
        elif atom.is_anything:
            return None
    if any(glue != ANYTHING for glue in form.glue):
        return None
    return sys.intern(RUN + RUN.join(map(name_of, form.atoms)))


def patterns_in(phrase: Phrase) -> int:
    """How many wildcards there are in a phrase other than word*, which is found by its first letters, and a lone *."""
    return sum(
        isinstance(atom, Wildcard) and not atom.is_anything and not atom.is_prefix
        for form in phrase.forms
        for atom in form.atoms
    )


def program_of(tree: Tree, leaf_of: Callable[[Phrase], str | None]) -> Program:
    """The program of a tree. `leaf_of` names a phrase in title or body; None: it is evaluated as it is."""
    match tree:
        case Phrase() if tree.field in ("", *TEXT_FIELDS):
            leaf = leaf_of(tree)
            return tree if leaf is None else leaf
        case And():
            return len(tree.parts), tuple(program_of(part, leaf_of) for part in tree.parts)
        case Or():
            return 1, tuple(program_of(part, leaf_of) for part in tree.parts)
        case Not():
            return 0, (program_of(tree.part, leaf_of),)
        case AtLeast():
            return tree.count, tuple(program_of(part, leaf_of) for part in tree.parts)
        case Reference():
            return program_of(tree.part, leaf_of)
        case _:
            return tree


def leaves_of(program: Program) -> Iterator[str]:
    """The leaves that have names."""
    if isinstance(program, str):
        yield program
    elif isinstance(program, tuple):
        for part in program[1]:
            yield from leaves_of(part)


def enough(program: Program) -> Names:
    """The leaves of which any one makes a program true, if there is nothing else to it. None is there twice."""
    if isinstance(program, str):
        return (program,)
    if isinstance(program, tuple) and program[0] == 1:
        leaves = tuple(part for part in program[1] if isinstance(part, str))
        if len(set(leaves)) == len(program[1]):
            return leaves
    return ()
