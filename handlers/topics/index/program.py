"""Programs: a topic's query in a compact form, with leaves as short names and the tree over them as nested tuples.

Plain tuples are used because the garbage collector stops tracking those that contain only strings, numbers and such
tuples.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final, Union

from handlers.topics.index.lexicon import name_of
from handlers.topics.index.tables import Names
from handlers.topics.query.tree import (
    ANY_SEPARATOR,
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

PLAIN_PHRASE: Final = "\3"
"""Starts the name of a plain phrase, and separates the names of its words."""
CONDITIONAL_PHRASE: Final = "\4"
"""Starts the name of a phrase that requires more than that its words are adjacent."""

Program = Union[str, "Group", Tree]
"""The name of a leaf, a group of programs, or a tree that is evaluated as it is."""
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
    for atom in variant.atoms:
        if isinstance(atom, Word):
            if not atom.is_plain or is_unspaced(atom.folded):
                return None
        elif atom.is_any_word:
            return None
    if any(separator != ANY_SEPARATOR for separator in variant.separators):
        return None
    return sys.intern(PLAIN_PHRASE + PLAIN_PHRASE.join(map(name_of, variant.atoms)))


def count_wildcards(phrase: Phrase) -> int:
    """Return the number of wildcards in a phrase, apart from prefixes and a lone *."""
    return sum(
        isinstance(atom, Wildcard) and not atom.is_any_word and not atom.is_prefix
        for variant in phrase.variants
        for atom in variant.atoms
    )


def program_of(tree: Tree, leaf_of: Callable[[Phrase], str | None]) -> Program:
    """Return the program of a tree.

    `leaf_of` returns the leaf name of a phrase in title or body, or None to evaluate the phrase as it is.
    """
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
    """Yield the names of the leaves in a program."""
    if isinstance(program, str):
        yield program
    elif isinstance(program, tuple):
        for part in program[1]:
            yield from leaves_of(part)


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
