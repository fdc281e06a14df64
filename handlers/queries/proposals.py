"""A query made narrower or wider by one step, written back as words: what the buttons of a topic's test propose.

Proposals keep what they promise: a narrower query keeps some of the known hits and not all of them, a wider one keeps
all of them and gains a near miss.
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
"""A word that brings more than this share of the hits alone is worth doing without."""
_NEAR: Final = 12
_WIDEST: Final = 40
_LOOSE: Final = 4
"""Words between those of a phrase that is no longer one."""
_KEPT_LEAST: Final = 0.05
"""A narrower query that keeps less of the hits is another query."""


def positive_leaves(tree: Tree) -> Iterator[Phrase]:
    """The words and phrases that can bring a hit."""
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
    """The tree as if the leaf never held; None: then nothing could match."""
    match tree:
        case Phrase():
            return None if tree is leaf else tree
        case Or():
            left = [part for part in (without(part, leaf) for part in tree.parts) if part is not None]
            return None if not left else left[0] if len(left) == 1 else replace(tree, parts=tuple(left))
        case And():
            parts = [without(part, leaf) for part in tree.parts]
            kept = tuple(part for part in parts if part is not None)
            return And(kept) if len(kept) == len(parts) else None
        case AtLeast():
            some = tuple(part for part in (without(part, leaf) for part in tree.parts) if part is not None)
            return replace(tree, parts=some) if len(some) >= tree.count else None
        case Near():
            left_side, right_side = without(tree.left, leaf), without(tree.right, leaf)
            if left_side is None or right_side is None:
                return None
            return replace(tree, left=left_side, right=right_side)
        case Outside():
            inner = without(tree.part, leaf)
            return None if inner is None else replace(tree, part=inner)
        case Reference():  # a part of another topic is that topic no more
            inner = without(tree.part, leaf)
            return tree if inner == tree.part else inner
        case _:
            return tree


def narrower(
    tree: Tree, shares: Mapping[str, float], *, hits: Sequence[Readable], resolve: Resolve | None = None
) -> str | None:
    """The first smaller step that keeps some of the hits, and not all of them."""
    steps = tuple(_narrower(tree, shares))  # kept while the readings are: they remember what they found by identity
    readings = [Reading(readable) for readable in hits]
    for step in steps:
        kept = sum(holds(step, reading) for reading in readings)
        if max(1, _KEPT_LEAST * len(hits)) <= kept < len(hits) and (query := _written(step, resolve)):
            return query
    return None


def _narrower(tree: Tree, shares: Mapping[str, float]) -> Iterator[Tree]:
    """Without the word that brings most hits alone; words nearer; in the headline."""
    for leaf in positive_leaves(tree):
        if DOMINANT < shares.get(leaf.text, 0.0) < 1.0 and (rest := without(tree, leaf)) is not None:
            yield rest
    match tree:
        case And():
            placed = [place for place, part in enumerate(tree.parts) if _has_places(part)]
            if len(placed) > 1:
                first, second = placed[:2]
                near = Near(words=_NEAR, left=tree.parts[first], right=tree.parts[second])
                rest_of = tuple(part for place, part in enumerate(tree.parts) if place not in (first, second))
                yield And((near, *rest_of)) if rest_of else near
        case Near() if tree.words > 3:
            yield replace(tree, words=max(tree.words // 2, 3))
    yield from _in_headline(tree)


def _in_headline(tree: Tree) -> Iterator[Tree]:
    """One part of an AND, the first; then all of it."""
    if isinstance(tree, And):
        for place, part in enumerate(tree.parts):
            if not isinstance(part, Not):
                yield from (
                    And((*tree.parts[:place], headed, *tree.parts[place + 1 :])) for headed in _in_headline(part)
                )
                break
    headed = _fielded(tree, "", "title")
    if headed != tree:
        yield headed


def wider(
    tree: Tree,
    lacking: str | None,
    *,
    hits: Sequence[Readable],
    misses: Sequence[Readable],
    resolve: Resolve | None = None,
) -> str | None:
    """The first larger step that keeps all hits and gains a near miss."""
    steps = tuple(_wider(tree, lacking))
    caught, missed = ([Reading(readable) for readable in seen] for seen in (hits, misses))
    for step in steps:
        gains = any(holds(step, reading) for reading in missed)
        if gains and all(holds(step, reading) for reading in caught) and (query := _written(step, resolve)):
            return query
    return None


def _wider(tree: Tree, lacking: str | None) -> Iterator[Tree]:
    """Without the part that near misses lack; words farther apart; anywhere instead of in the headline."""
    match tree:
        case And():
            kept = tuple(part for part in tree.parts if not (lacking and _is_called(part, lacking)))
            if 0 < len(kept) < len(tree.parts) and not all(isinstance(part, Not) for part in kept):
                yield kept[0] if len(kept) == 1 else And(kept)
            for place, part in enumerate(tree.parts):
                for step in _wider(part, lacking):
                    yield And((*tree.parts[:place], step, *tree.parts[place + 1 :]))
        case Or():
            for place, part in enumerate(tree.parts):
                for step in _wider(part, lacking):
                    yield Or((*tree.parts[:place], step, *tree.parts[place + 1 :]))
        case AtLeast() if tree.count > 1:
            yield Or(tree.parts) if tree.count == 2 else replace(tree, count=tree.count - 1)
        case Near():
            if tree.ordered:
                yield replace(tree, ordered=False)
            if tree.words < _WIDEST:
                yield replace(tree, words=min(tree.words * 3 + 1, _WIDEST))
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
                    near = Near(words=_LOOSE, left=near, right=word)
                yield near


def _fielded(tree: Tree, of: str, field: str) -> Tree:
    """The tree with the leaves of one field looked for in another; what is excluded stays as it is."""
    match tree:
        case Phrase():
            return replace(tree, field=field) if tree.field == of else tree
        case And() | Or() | AtLeast():
            return replace(tree, parts=tuple(_fielded(part, of, field) for part in tree.parts))
        case Near():
            return replace(tree, left=_fielded(tree.left, of, field), right=_fielded(tree.right, of, field))
        case Outside():
            return replace(tree, part=_fielded(tree.part, of, field))
        case _:
            return tree


def _has_places(part: Tree) -> bool:
    """Whether it can stand beside NEAR."""
    match part:
        case Phrase():
            return part.field in ("", "title", "body")
        case Or():
            return all(map(_has_places, part.parts))
        case Near() | Outside():
            return True
        case _:
            return False


def _is_called(part: Tree, text: str) -> bool:
    """Whether the part, or one of the alternatives in it, is what near misses lack."""
    return describe(part) == text or any(_is_called(child, text) for child in children(part))


def _written(tree: Tree, resolve: Resolve | None) -> str | None:
    """The tree in words, if they are a query again that says the same."""
    query = describe(tree)
    if isinstance(tree, And | Or):
        query = query.removeprefix("(").removesuffix(")")
    try:
        return query if describe(parse(query, resolve=resolve)) == describe(tree) else None
    except QueryError:
        return None
