"""A query made narrower or wider by one step, written back as words: what the buttons of a topic's test propose."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from handlers.errors import QueryError
from handlers.topics.describe import describe
from handlers.topics.query import parse
from handlers.topics.tree import And, Near, Or, Phrase, Tree, children

_DOMINANT: Final = 0.5
"""A word that brings more than this share of the hits alone is worth doing without."""
_NEAR: Final = 12
_WIDEST: Final = 40


def positive_leaves(tree: Tree) -> Iterator[Phrase]:
    """The words and phrases that can bring a hit."""
    match tree:
        case Phrase():
            yield tree
        case And() | Or():
            for part in tree.parts:
                yield from positive_leaves(part)
        case Near():
            yield from positive_leaves(tree.left)
            yield from positive_leaves(tree.right)
        case _:
            return


def without(tree: Tree, leaf: Phrase) -> Tree | None:
    """The tree as if the leaf never held; None: then nothing could match."""
    match tree:
        case Phrase():
            return None if tree is leaf else tree
        case Or():
            left = [part for part in (without(part, leaf) for part in tree.parts) if part is not None]
            return None if not left else left[0] if len(left) == 1 else Or(tuple(left))
        case And():
            parts = [without(part, leaf) for part in tree.parts]
            kept = tuple(part for part in parts if part is not None)
            return And(kept) if len(kept) == len(parts) else None
        case Near():
            left_side, right_side = without(tree.left, leaf), without(tree.right, leaf)
            if left_side is None or right_side is None:
                return None
            return replace(tree, left=left_side, right=right_side)
        case _:
            return tree


def narrower(tree: Tree, shares: Mapping[str, float]) -> str | None:
    """The query without the word that brings most hits alone, else with its words nearer, or in the headline."""
    for leaf in positive_leaves(tree):
        if _DOMINANT < shares.get(leaf.text, 0.0) < 1.0 and (rest := without(tree, leaf)) is not None:
            return _checked(rest)
    match tree:
        case And(parts=(Phrase(), Phrase())):
            return _checked(Near(words=_NEAR, left=tree.parts[0], right=tree.parts[1]))
        case Near() if tree.words > 3:
            return _checked(replace(tree, words=max(tree.words // 2, 3)))
        case Phrase() if not tree.field:
            return _checked(replace(tree, field="title"))
        case Or() if all(isinstance(part, Phrase) and not part.field for part in tree.parts):
            return _checked(Or(tuple(replace(part, field="title") for part in tree.parts if isinstance(part, Phrase))))
        case _:
            return None


def wider(tree: Tree, lacking: str | None) -> str | None:
    """The query without the part that near misses lack, else with its words farther apart or anywhere."""
    match tree:
        case And() if len(tree.parts) > 1:
            kept = tuple(part for part in tree.parts if not (lacking and _is_called(part, lacking)))
            if len(kept) == len(tree.parts):
                return None
            return _checked(kept[0] if len(kept) == 1 else And(kept))
        case Near() if tree.words < _WIDEST:
            return _checked(replace(tree, words=min(tree.words * 3, _WIDEST)))
        case Near():
            return _checked(And((tree.left, tree.right)))
        case Phrase() if tree.field in ("title", "body"):
            return _checked(replace(tree, field=""))
        case Phrase() if " " in tree.text.strip():
            words = [parse(word) for word in tree.text.split()]
            return _checked(And(tuple(words)))
        case _:
            return None


def _is_called(part: Tree, text: str) -> bool:
    """Whether the part, or one of the alternatives in it, is what near misses lack."""
    return describe(part) == text or any(_is_called(child, text) for child in children(part))


def _checked(tree: Tree) -> str | None:
    """The tree in words, if they are a query again."""
    query = describe(tree)
    if isinstance(tree, And | Or):
        query = query.removeprefix("(").removesuffix(")")
    try:
        parse(query)
    except QueryError:
        return None
    return query
