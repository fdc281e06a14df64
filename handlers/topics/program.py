"""A topic's query made small and quick: leaves as short names, and the tree over them as nested tuples."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from handlers.topics.evaluate import holds
from handlers.topics.letters import is_unspaced
from handlers.topics.lexicon import name_of
from handlers.topics.reading import Reading
from handlers.topics.tree import ANYTHING, TEXT_FIELDS, And, AtLeast, Not, Or, Phrase, Reference, Tree, Word

AND: Final = 1
OR: Final = 2
NOT: Final = 3
AT_LEAST: Final = 4
TREE: Final = 5

RUN: Final = "\3"
"""Begins the leaf of a plain phrase and parts the names of its words."""
ODD: Final = "\4"
"""Begins the leaf of a phrase that wants more than its words in a row."""

Program = Any
"""A leaf (str); leaves of which one must hold, in a tuple; or a tuple of AND, OR, NOT, AT_LEAST with its count, and the
parts; or of TREE and a tree that is evaluated as it is."""


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


def program_of(tree: Tree, leaf_of: Callable[[Phrase], str | None]) -> Program:
    """The program of a tree. `leaf_of` names a phrase in title or body; None: it is evaluated as it is."""
    match tree:
        case Phrase() if tree.field in ("", *TEXT_FIELDS):
            leaf = leaf_of(tree)
            return (TREE, tree) if leaf is None else leaf
        case And():
            return (AND, *(program_of(part, leaf_of) for part in tree.parts))
        case Or():
            parts = tuple(program_of(part, leaf_of) for part in tree.parts)
            return parts if all(isinstance(part, str) for part in parts) else (OR, *parts)
        case Not():
            return (NOT, program_of(tree.part, leaf_of))
        case AtLeast():
            return (AT_LEAST, tree.count, *(program_of(part, leaf_of) for part in tree.parts))
        case Reference():
            return program_of(tree.part, leaf_of)
        case _:
            return (TREE, tree)


def leaves_of(program: Program) -> Iterator[str]:
    """The leaves that have names."""
    if isinstance(program, str):
        yield program
    elif program[0] != TREE:
        for part in program:
            if not isinstance(part, int):
                yield from leaves_of(part)


def satisfied(program: Program, true: Mapping[str, object], reading: Callable[[], Reading]) -> bool:
    """Whether an article satisfies a program, by its true leaves; the reading is made for what has none."""
    if isinstance(program, str):
        return program in true
    operator = program[0]
    if isinstance(operator, str):
        return not true.keys().isdisjoint(program)
    if operator == AND:
        # Written out for the shapes that most topics have: this is asked of every candidate of every article.
        for part in program[1:]:
            if isinstance(part, str):
                if part not in true:
                    return False
            elif part[0] == NOT and isinstance(part[1], str):
                if part[1] in true:
                    return False
            elif not satisfied(part, true, reading):
                return False
        return True
    if operator == OR:
        return any(satisfied(part, true, reading) for part in program[1:])
    if operator == NOT:
        return not satisfied(program[1], true, reading)
    if operator == AT_LEAST:
        count: int = program[1]
        return sum(satisfied(part, true, reading) for part in program[2:]) >= count
    return holds(program[1], reading())


def reasons(program: Program, true: Mapping[str, object], reading: Callable[[], Reading]) -> Iterator[str | Tree]:
    """The parts that make a satisfied program true, as often as the query has them: leaves, and trees without one."""
    if isinstance(program, str):
        if program in true:
            yield program
        return
    operator = program[0]
    if isinstance(operator, str):
        yield from (leaf for leaf in program if leaf in true)
    elif operator == TREE:
        yield program[1]
    elif operator != NOT:
        for part in program[2 if operator == AT_LEAST else 1 :]:
            if isinstance(part, str) or satisfied(part, true, reading):
                yield from reasons(part, true, reading)
