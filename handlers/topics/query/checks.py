"""Refuse queries that would match by exclusion alone, and parts of queries that can never match."""

from handlers.answers.errors import QueryError
from handlers.topics.query.tree import (
    ANY_SEPARATOR,
    And,
    AtLeast,
    Atom,
    Metadata,
    Near,
    Not,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Variant,
    Wildcard,
    Word,
    children,
)
from handlers.topics.text.letters import is_unspaced
from handlers.topics.text.query_words import Inflection


def check(tree: Tree, query: str) -> None:
    """Raises: QueryError for a query that matches by exclusion alone, or for a part that can never match."""
    _check_near(tree, query)
    if _matches_without_words(tree):
        raise QueryError(
            "This query would match every article that lacks a word. Add what to look for, then exclude.",
            query=query,
            column=_column_of_exclusion(tree),
        )
    _check_satisfiable(tree, query, ())


def _matches_without_words(tree: Tree) -> bool:
    """Return whether the query matches an article that contains none of its words."""
    match tree:
        case And():
            return all(map(_matches_without_words, tree.parts))
        case Or():
            return any(map(_matches_without_words, tree.parts))
        case AtLeast():
            return sum(map(_matches_without_words, tree.parts)) >= tree.count
        case Not():
            return not _matches_without_words(tree.part)
        case Reference():
            return _matches_without_words(tree.part)
        case _:
            return False


def _column_of_exclusion(tree: Tree) -> int:
    """Return the column of the first NOT, or reference, by which the query matches without any of its words."""
    if isinstance(tree, Not | Reference):
        return tree.column
    return next((_column_of_exclusion(child) for child in children(tree) if _matches_without_words(child)), 0)


def _check_near(tree: Tree, query: str, reference_column: int | None = None) -> None:
    """Check the operands of NEAR and OUTSIDE. `reference_column` is given within the query of another topic."""
    if isinstance(tree, Near | Outside):
        operator = "OUTSIDE" if isinstance(tree, Outside) else "ONEAR" if tree.ordered else "NEAR"
        for operand in children(tree):
            _check_operand(operand, query, operator, tree.column if reference_column is None else reference_column)
    elif isinstance(tree, Reference) and reference_column is None:
        reference_column = tree.column
    for child in children(tree):
        _check_near(child, query, reference_column)


def _check_operand(tree: Tree, query: str, operator: str, column: int) -> None:
    """Raises: QueryError for an operand of NEAR or OUTSIDE that has no positions in the text."""
    match tree:
        case Phrase() if tree.field in ("", "title", "body"):
            return
        case Or():
            for part in tree.parts:
                _check_operand(part, query, operator, column)
        case Near():
            return  # `_check_near` checks its operands
        case Outside() | Reference():
            _check_operand(tree.part, query, operator, column)
        case _:
            raise QueryError(
                f"{operator} works only with words, phrases, and words joined by OR.", query=query, column=column
            )


_Excluded = tuple[Phrase, tuple[frozenset[str], ...]]
"""An excluded phrase, and the words of each of its variants."""


def _excluded_by(tree: Tree) -> tuple[_Excluded, ...]:
    return tuple((leaf, tuple(map(_words, leaf.variants))) for leaf in _sufficient_leaves(tree))


def _words(variant: Variant) -> frozenset[str]:
    return frozenset(atom.folded for atom in variant.atoms if isinstance(atom, Word))


def _check_satisfiable(tree: Tree, query: str, excluded: tuple[_Excluded, ...]) -> None:
    """Raises: QueryError for a part that can match only where something that is excluded matches too."""
    match tree:
        case And():
            exclusions = [part.part for part in tree.parts if isinstance(part, Not)]
            more = tuple(phrase for exclusion in exclusions for phrase in _excluded_by(exclusion))
            _check_languages(tree, query)
            for part in tree.parts:
                _check_satisfiable(part, query, () if isinstance(part, Not) else (*excluded, *more))
        case Outside():
            _check_satisfiable(tree.part, query, (*excluded, *_excluded_by(tree.excluded)))
        case Not():
            _check_satisfiable(tree.part, query, ())
        case Reference():
            leaf = _first_if_all_excluded(tree.part, excluded)
            if leaf is not None:
                message = f'"{leaf.text}" in @{tree.name} can never match, because this query excludes it.'
                raise QueryError(message, query=query, column=tree.column)
        case Phrase():
            if _is_excluded(tree, excluded):
                kind = "phrase" if len(tree.variants[0].atoms) > 1 else "word"
                message = f'The {kind} "{tree.text}" can never match, because the query excludes it.'
                raise QueryError(message, query=query, column=tree.column)
        case _:
            for child in children(tree):
                _check_satisfiable(child, query, excluded)


def _is_excluded(leaf: Phrase, excluded: tuple[_Excluded, ...]) -> bool:
    """Return whether an excluded phrase matches wherever the leaf does."""
    words = _words(leaf.variants[0])
    # Comparing the words first rules out most phrases cheaply.
    return any(any(variant <= words for variant in variants) and _covers(other, leaf) for other, variants in excluded)


def _first_if_all_excluded(tree: Tree, excluded: tuple[_Excluded, ...]) -> Phrase | None:
    """Return the first phrase of a referenced topic if all of its phrases are excluded.

    Excluding only some words of a topic is a usual way to narrow it.
    """
    leaves = _sufficient_leaves(tree)
    if leaves and all(_is_excluded(leaf, excluded) for leaf in leaves):
        return leaves[0]
    return None


def _check_languages(tree: And, query: str) -> None:
    languages = [part for part in tree.parts if isinstance(part, Metadata) and part.field == "lang"]
    for language in languages[1:]:
        if language.value != languages[0].value:
            message = f"No article is both {languages[0].text} and {language.text}. Join them with OR."
            raise QueryError(message, query=query, column=language.column)


def _sufficient_leaves(tree: Tree) -> tuple[Phrase, ...]:
    """Return the phrases of which any single one makes the tree match, if the tree consists of nothing else."""
    match tree:
        case Phrase():
            return (tree,)
        case Or():
            return tuple(leaf for part in tree.parts for leaf in _sufficient_leaves(part))
        case Reference():
            return _sufficient_leaves(tree.part)
        case AtLeast() if tree.count == 1:
            return tuple(leaf for part in tree.parts for leaf in _sufficient_leaves(part))
        case And() | Not() | AtLeast() | Near() | Outside() | Regex() | Metadata():
            return ()


def _covers(other: Phrase, leaf: Phrase) -> bool:
    """Return whether `other` matches wherever `leaf` matches."""
    field_covers = other.field == leaf.field or (not other.field and leaf.field in ("title", "body"))
    return field_covers and all(any(_contains(variant, inner) for inner in other.variants) for variant in leaf.variants)


def _contains(variant: Variant, inner: Variant) -> bool:
    """Return whether a match of `variant` always contains a match of `inner`."""
    size = len(inner.atoms)
    return any(
        all(map(_implies, variant.atoms[start : start + size], inner.atoms))
        and all(
            wanted in (ANY_SEPARATOR, given)
            for wanted, given in zip(inner.separators, variant.separators[start:], strict=False)
        )
        for start in range(len(variant.atoms) - size + 1)
    )


def _implies(given: Atom, wanted: Atom) -> bool:
    """Return whether every token that matches `given` matches `wanted`."""
    if wanted == given:
        return True
    if isinstance(wanted, Wildcard):
        if wanted.is_any_word:
            return True
        if isinstance(given, Wildcard):
            return wanted.is_prefix and given.is_prefix and given.folded.startswith(wanted.folded[:-1])
        # An inflected form may lack the prefix.
        return (
            wanted.is_prefix and given.folded.startswith(wanted.folded[:-1]) and given.inflection <= Inflection.SUFFIX
        )
    if not isinstance(given, Word) or wanted.folded != given.folded:
        return False
    if is_unspaced(wanted.folded):
        return True
    return wanted.is_plain and wanted.inflection >= given.inflection and wanted.lower == given.lower
