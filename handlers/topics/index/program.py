"""Programs: a topic's query in a compact form, with leaves as short names and the tree over them as nested tuples.

Plain tuples are used because the garbage collector stops tracking those that contain only strings, numbers and such
tuples.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Union

from handlers.topics.index.lexicon import EXACT, WILDCARD, name_of
from handlers.topics.index.tables import Names
from handlers.topics.query.regex_literals import required_literals
from handlers.topics.query.tree import (
    NO_SEPARATOR,
    TEXT_FIELDS,
    And,
    AtLeast,
    Near,
    Not,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Wildcard,
    Word,
    leaves,
)
from handlers.topics.text.letters import is_unspaced

PLAIN_PHRASE: Final = "\3"
"""Starts the name of a plain phrase, and separates the names of its words."""
TIGHT_PAIR: Final = "\1"
"""Starts the name of two adjacent words with nothing but spaces between, which PLAIN_PHRASE separates."""
CONDITIONAL_PHRASE: Final = "\4"
"""Starts the name of a phrase that requires more than that its words are adjacent."""
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class TreePart:
    """A part of a query that is evaluated as it is."""

    tree: Tree
    guard: "Program | None"
    """What matches wherever the tree does."""
    leaves: Names
    """The leaves of its phrases."""


@dataclass(frozen=True, slots=True)
class NearPart:
    """A NEAR whose sides are phrases, or phrases joined by OR."""

    tree: Near
    left: Names
    right: Names


LeafOf = Callable[[Phrase], str | None]
"""Returns the leaf name of a phrase in title or body, or None to evaluate the phrase as it is."""
Program = Union[str, "Group", TreePart, NearPart]
"""The name of a leaf, a group of programs, or a part of a query that is not made of these."""
Group = tuple[int, tuple["Program", ...]]
"""How many of the parts must match, and the parts. All for AND, 1 for OR; 0 for NOT means that none may match."""


def plain_name(phrase: Phrase) -> str | None:
    """Return the leaf name of a word or phrase that matches wherever its words are adjacent in title or body.

    None for a phrase that requires more, such as capitals, signs or a field.
    """
    if phrase.field or len(phrase.variants) != 1:
        return None
    variant = phrase.variants[0]
    if len(variant.atoms) == 1:
        atom = variant.atoms[0]
        is_plain = atom.is_plain if isinstance(atom, Word) else not atom.is_any_word
        return sys.intern(name_of(atom)) if is_plain else None
    if any(not atom.is_plain if isinstance(atom, Word) else atom.is_any_word for atom in variant.atoms):
        return None
    words = PLAIN_PHRASE.join(map(name_of, variant.atoms))
    if not variant.has_separators:
        return sys.intern(PLAIN_PHRASE + words)
    if len(variant.atoms) == _PAIR and variant.separators == (NO_SEPARATOR,):
        return sys.intern(TIGHT_PAIR + words)
    return None


def count_wildcards(phrase: Phrase) -> int:
    """Return the number of wildcards in a phrase, apart from prefixes and a lone *."""
    return sum(
        isinstance(atom, Wildcard) and not atom.is_any_word and not atom.is_prefix
        for variant in phrase.variants
        for atom in variant.atoms
    )


def is_pair(name: str) -> bool:
    """Return whether a leaf with this name is two adjacent words."""
    return name[0] == TIGHT_PAIR or (name[0] == PLAIN_PHRASE and name.count(PLAIN_PHRASE) == _PAIR)


def program_of(tree: Tree, leaf_of: LeafOf) -> Program:
    """Return the program of a tree."""
    match tree:
        case Phrase() if tree.field in ("", *TEXT_FIELDS) and (leaf := leaf_of(tree)) is not None:
            return leaf
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
        case Near() if (left := _alternatives(tree.left, leaf_of)) and (right := _alternatives(tree.right, leaf_of)):
            return NearPart(tree, left, right)
        case _:
            phrases = (leaf for leaf in leaves(tree) if isinstance(leaf, Phrase) and leaf.field in ("", *TEXT_FIELDS))
            names = dict.fromkeys(name for phrase in phrases if (name := leaf_of(phrase)) is not None)
            return TreePart(tree, _guard(tree, leaf_of), tuple(names))


def _alternatives(tree: Tree, leaf_of: LeafOf) -> Names:
    """Return the leaves of a phrase or of phrases joined by OR; empty for anything else."""
    match tree:
        case Phrase() if tree.field in ("", *TEXT_FIELDS):
            leaf = leaf_of(tree)
            return () if leaf is None else (leaf,)
        case Reference():
            return _alternatives(tree.part, leaf_of)
        case Or():
            parts = [_alternatives(part, leaf_of) for part in tree.parts]
            return tuple(dict.fromkeys(leaf for part in parts for leaf in part)) if all(parts) else ()
        case _:
            return ()


def _guard(tree: Tree, leaf_of: LeafOf) -> Program | None:
    """Return a program of leaves that matches wherever a tree does, or None if the tree requires no leaf."""
    match tree:
        case Phrase() if tree.field in ("", *TEXT_FIELDS):
            return leaf_of(tree)
        case Regex() if tree.field in ("", *TEXT_FIELDS):
            groups = literal_groups(tree.pattern)
            return joined_guards([(1, group) for group in groups], len(groups))
        case Reference() | Outside():
            return _guard(tree.part, leaf_of)
        case Near():
            return joined_guards([_guard(side, leaf_of) for side in (tree.left, tree.right)], 2)
        case Or():
            return joined_guards([_guard(part, leaf_of) for part in tree.parts], 1)
        case And():
            return joined_guards([_guard(part, leaf_of) for part in tree.parts], len(tree.parts))
        case AtLeast():
            return joined_guards([_guard(part, leaf_of) for part in tree.parts], tree.count)
        case _:
            return None


def literal_groups(pattern: str) -> tuple[Names, ...]:
    """Return the leaves that a regular expression requires: a text that it matches contains one of each group."""
    return tuple(tuple(map(_leaf_of_literal, group)) for group in required_literals(pattern))


def _leaf_of_literal(literal: str) -> str:
    if is_unspaced(literal):
        return f"{TIGHT_PAIR}{EXACT}{literal[0]}{PLAIN_PHRASE}{EXACT}{literal[1]}"
    return f"{WILDCARD}*{literal}*"


def joined_guards(guards: Sequence["Program | None"], count: int) -> Program | None:
    """Return a program that matches if at least `count` of the guards may."""
    known = tuple(guard for guard in guards if guard is not None)
    count -= len(guards) - len(known)
    if count <= 0:
        return None
    return known[0] if len(known) == 1 else (count, known)


def leaves_of(program: Program) -> Iterator[str]:
    """Yield the names of the leaves in a program."""
    if isinstance(program, str):
        yield program
    elif isinstance(program, tuple):
        for part in program[1]:
            yield from leaves_of(part)
    elif isinstance(program, NearPart):
        yield from program.left
        yield from program.right
    else:
        yield from program.leaves
        if program.guard is not None:
            yield from leaves_of(program.guard)


def trees_of(program: Program) -> Iterator[Tree]:
    """Yield the trees in a program."""
    if isinstance(program, TreePart | NearPart):
        yield program.tree
    elif isinstance(program, tuple):
        for part in program[1]:
            yield from trees_of(part)


def sufficient_leaves(program: Program) -> Names:
    """Return the leaves of which any single one makes the program match, if it consists of nothing else.

    Empty if it contains anything else, or a leaf twice.
    """
    if isinstance(program, str):
        return (program,)
    if isinstance(program, tuple) and program[0] == 1:
        leaves = tuple(part for part in program[1] if isinstance(part, str))
        if len(set(leaves)) == len(program[1]):
            return leaves
    return ()
