"""Propose a narrower and a wider query, one step away, for the buttons of `/topics test`.

A narrower query keeps some of the matched articles but not all of them. A wider query keeps all of them and adds a
near miss.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.index.evaluate import holds
from handlers.topics.index.reading import Readable, Reading
from handlers.topics.query.describe import describe
from handlers.topics.query.query import Resolve, parse, parse_phrase
from handlers.topics.query.tree import And, AtLeast, Near, Not, Or, Outside, Phrase, Reference, Tree, children

DOMINANT: Final = 0.5
"""A term that alone accounts for more than this share of the matches is worth removing."""
_NEAR_WORDS: Final = 12
"""The distance of a proposed NEAR."""
_MAX_NEAR_WORDS: Final = 40
_PHRASE_NEAR_WORDS: Final = 4
"""The distance between the words of a phrase that is replaced by NEAR."""
_MIN_SHARE: Final = 0.05
"""A narrower query that matches a smaller share of the matched articles is too different to propose."""


def positive_leaves(tree: Tree) -> Iterator[Phrase]:
    """Yield the terms and phrases that can make an article match, leaving out excluded ones."""
    match tree:
        case Phrase():
            yield tree
        case And() | Or() | AtLeast() | Near():
            for part in children(tree):
                yield from positive_leaves(part)
        case Outside() | Reference():
            yield from positive_leaves(tree.part)
        case _:
            return


def without(tree: Tree, leaf: Phrase) -> Tree | None:
    """Return the tree as if the leaf never matched, or None if nothing could match then."""
    match tree:
        case Phrase():
            return None if tree is leaf else tree
        case Or():
            rest = [part for part in (without(part, leaf) for part in tree.parts) if part is not None]
            return None if not rest else rest[0] if len(rest) == 1 else replace(tree, parts=tuple(rest))
        case And():
            rest = [part for part in (without(part, leaf) for part in tree.parts) if part is not None]
            return And(tuple(rest)) if len(rest) == len(tree.parts) else None
        case AtLeast():
            rest = [part for part in (without(part, leaf) for part in tree.parts) if part is not None]
            return replace(tree, parts=tuple(rest)) if len(rest) >= tree.count else None
        case Near():
            left_side, right_side = without(tree.left, leaf), without(tree.right, leaf)
            if left_side is None or right_side is None:
                return None
            return replace(tree, left=left_side, right=right_side)
        case Outside():
            inner = without(tree.part, leaf)
            return None if inner is None else replace(tree, part=inner)
        case Reference():  # without the leaf it is no longer the topic that it refers to
            inner = without(tree.part, leaf)
            return tree if inner == tree.part else inner
        case _:
            return tree


def narrower(
    tree: Tree, shares: Mapping[str, float], *, matched: Sequence[Readable], resolve: Resolve | None = None
) -> str | None:
    """Return the first narrower query that keeps some of the matched articles but not all of them, or None.

    `shares` gives the share of the matches (0 to 1) that each term alone accounts for.
    """
    steps = tuple(_narrower(tree, shares))  # referenced here, since readings cache results by the identity of a tree
    readings = [Reading(readable) for readable in matched]
    for step in steps:
        still_matching = sum(holds(step, reading) for reading in readings)
        if max(1, _MIN_SHARE * len(matched)) <= still_matching < len(matched) and (query := _as_text(step, resolve)):
            return query
    return None


def _narrower(tree: Tree, shares: Mapping[str, float]) -> Iterator[Tree]:
    """Yield the query without its dominant term, then with terms closer together, then limited to the headline."""
    for leaf in positive_leaves(tree):
        if DOMINANT < shares.get(leaf.text, 0.0) < 1.0 and (rest := without(tree, leaf)) is not None:
            yield rest
    match tree:
        case And():
            positions = [number for number, part in enumerate(tree.parts) if _can_be_near(part)]
            if len(positions) > 1:
                first, second = positions[:2]
                near = Near(words=_NEAR_WORDS, left=tree.parts[first], right=tree.parts[second])
                others = tuple(part for number, part in enumerate(tree.parts) if number not in (first, second))
                yield And((near, *others)) if others else near
        case Near() if tree.words > 3:
            yield replace(tree, words=max(tree.words // 2, 3))
    yield from _in_headline(tree)


def _in_headline(tree: Tree) -> Iterator[Tree]:
    """Yield the query with the first part of an AND limited to the headline, then with all parts."""
    if isinstance(tree, And):
        for number, part in enumerate(tree.parts):
            if not isinstance(part, Not):
                yield from (_with_part(tree, number, limited) for limited in _in_headline(part))
                break
    limited = _with_field(tree, "", "title")
    if limited != tree:
        yield limited


def wider(
    tree: Tree,
    lacking: str | None,
    *,
    matched: Sequence[Readable],
    near_misses: Sequence[Readable],
    resolve: Resolve | None = None,
) -> str | None:
    """Return the first wider query that keeps all matched articles and adds a near miss, or None.

    `lacking` is the part of the query that most near misses lack.
    """
    steps = tuple(_wider(tree, lacking))
    matching = [Reading(readable) for readable in matched]
    missed = [Reading(readable) for readable in near_misses]
    for step in steps:
        adds = any(holds(step, reading) for reading in missed)
        if adds and all(holds(step, reading) for reading in matching) and (query := _as_text(step, resolve)):
            return query
    return None


def _wider(tree: Tree, lacking: str | None) -> Iterator[Tree]:
    """Yield the query without the part that near misses lack, with terms farther apart, or in any field."""
    match tree:
        case And():
            rest = tuple(part for part in tree.parts if not (lacking and _describes(part, lacking)))
            if 0 < len(rest) < len(tree.parts) and not all(isinstance(part, Not) for part in rest):
                yield rest[0] if len(rest) == 1 else And(rest)
            for number, part in enumerate(tree.parts):
                yield from (_with_part(tree, number, step) for step in _wider(part, lacking))
        case Or():
            for number, part in enumerate(tree.parts):
                yield from (_with_part(tree, number, step) for step in _wider(part, lacking))
        case AtLeast() if tree.count > 1:
            yield Or(tree.parts) if tree.count == 2 else replace(tree, count=tree.count - 1)
        case Near():
            if tree.ordered:
                yield replace(tree, ordered=False)
            if tree.words < _MAX_NEAR_WORDS:
                yield replace(tree, words=min(tree.words * 3 + 1, _MAX_NEAR_WORDS))
            yield And((tree.left, tree.right))
        case Outside():
            yield tree.part
        case Phrase() if tree.field in ("title", "body"):
            yield replace(tree, field="")
        case Phrase():
            words = [leaf for word in tree.text.split() if (leaf := parse_phrase(word)) is not None]
            if tree.exact and (inflected := parse_phrase(tree.text)) is not None:
                yield replace(inflected, field=tree.field)
            elif len(words) > 1 and not tree.field:
                near: Tree = words[0]
                for word in words[1:]:
                    near = Near(words=_PHRASE_NEAR_WORDS, left=near, right=word)
                yield near


def _with_part(tree: And | Or, number: int, part: Tree) -> Tree:
    """Return the tree with the part of that number replaced."""
    return replace(tree, parts=(*tree.parts[:number], part, *tree.parts[number + 1 :]))


def _with_field(tree: Tree, old: str, new: str) -> Tree:
    """Return the tree with the leaves of field `old` moved to field `new`. Excluded parts do not change."""
    match tree:
        case Phrase():
            return replace(tree, field=new) if tree.field == old else tree
        case And() | Or() | AtLeast():
            return replace(tree, parts=tuple(_with_field(part, old, new) for part in tree.parts))
        case Near():
            return replace(tree, left=_with_field(tree.left, old, new), right=_with_field(tree.right, old, new))
        case Outside():
            return replace(tree, part=_with_field(tree.part, old, new))
        case _:
            return tree


def _can_be_near(part: Tree) -> bool:
    """Return whether the part can be an operand of NEAR."""
    match part:
        case Phrase():
            return part.field in ("", "title", "body")
        case Or():
            return all(map(_can_be_near, part.parts))
        case Near() | Outside():
            return True
        case _:
            return False


def _describes(part: Tree, text: str) -> bool:
    """Return whether `text` describes the part or a part within it."""
    return describe(part) == text or any(_describes(child, text) for child in children(part))


def _as_text(tree: Tree, resolve: Resolve | None) -> str | None:
    """Return the tree as a query, or None if that query does not parse to the same tree."""
    query = describe(tree)
    if isinstance(tree, And | Or):
        query = query.removeprefix("(").removesuffix(")")
    try:
        return query if describe(parse(query, resolve=resolve)) == describe(tree) else None
    except QueryError:
        return None
