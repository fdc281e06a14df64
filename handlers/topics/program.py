"""A topic's query made small and quick: leaves as short names, and the tree over them as nested tuples.

Plain tuples, because those that hold nothing but texts, numbers and such tuples cost the garbage collector nothing.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final, Union

from handlers.topics.evaluate import holds
from handlers.topics.letters import is_unspaced
from handlers.topics.lexicon import name_of
from handlers.topics.reading import Reading
from handlers.topics.tables import Names
from handlers.topics.tree import ANYTHING, TEXT_FIELDS, And, AtLeast, Not, Or, Phrase, Reference, Tree, Word

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


def groups_in(program: Program) -> tuple[Names, ...]:
    """Where all of its parts must hold: the leaves of each that is no more than leaves of which one must hold."""
    if not isinstance(program, tuple) or program[0] != len(program[1]):
        return ()
    return tuple(leaves for part in program[1] if (leaves := enough(part)))


def rest_of(program: Program, held: Names) -> tuple[Names, str | None, Program | None]:
    """What is still asked where one of these leaves holds: one of others, one that must not hold, and whatever else."""
    if not isinstance(program, tuple) or program[0] != len(program[1]):
        return (), None, program
    parts = [part for part in program[1] if enough(part) != held]
    if len(parts) < len(program[1]) - 1:
        return (), None, program  # the same twice
    wanted: Names = ()
    unwanted = None
    others: list[Program] = []
    for part in parts:
        if not wanted and enough(part):
            wanted = enough(part)
        elif unwanted is None and isinstance(part, tuple) and part[0] == 0 and isinstance(part[1][0], str):
            unwanted = part[1][0]
        else:
            others.append(part)
    return wanted, unwanted, (len(others), tuple(others)) if others else None


def satisfied(program: Program, true: Callable[[str], bool], reading: Callable[[], Reading]) -> bool:
    """Whether an article satisfies a program, by its true leaves; the reading is made for what has none."""
    if isinstance(program, str):
        return true(program)
    if not isinstance(program, tuple):
        return holds(program, reading())
    count, parts = program
    may_fail = len(parts) - count
    for part in parts:
        if satisfied(part, true, reading):
            count -= 1
            if count <= 0:
                return count == 0
        else:
            may_fail -= 1
            if may_fail < 0:
                return False
    return count == 0


def reasons(program: Program, true: Callable[[str], bool], reading: Callable[[], Reading]) -> Iterator[str | Tree]:
    """The parts that make a satisfied program true, as often as the query has them: leaves, and trees without one."""
    if isinstance(program, str):
        if true(program):
            yield program
    elif not isinstance(program, tuple):
        yield program
    elif program[0]:
        for part in program[1]:
            if isinstance(part, str):
                if true(part):
                    yield part
            elif satisfied(part, true, reading):
                yield from reasons(part, true, reading)
