"""Required terms: groups of which an article must contain at least one term each to match a query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from handlers.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Near,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Variant,
    Wildcard,
    Word,
)
from handlers.topics.text.chinese import spellings
from handlers.topics.text.letters import is_unspaced
from handlers.topics.text.query_words import Inflection, every_key
from handlers.topics.text.tokens import searchable


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent tokens: characters of a script without spaces, or the halves of 5-G."""

    tokens: tuple[str, ...]


Term = Word | Run | Wildcard
Group = tuple[Term, ...]
Rank = Callable[[Term], float]
T = TypeVar("T")

PREFIX_MARK: Final = "…"
"""Ends a search term that is a prefix. No word in the index contains it."""

_COMMON_WORDS: Final = """
    the of and to in a for on with by at from as is are was will new us said say says year years over after more
    china chinese american america trade company companies government president state world news report market
    firm firms tech technology technologies group deal united states national security minister country war billion
    percent people first last week day time two one bank oil business global policy official officials"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


def rank(term: Term) -> float:
    """Return a rough estimate of how frequent a term is. A smaller number means rarer."""
    match term:
        case Word():
            return rank_of_word(term.folded)
        case Run():
            return 30.0 if len(term.tokens) == 1 else 2.0 / len(term.tokens)
        case Wildcard():
            return 40.0 / len(term.folded)


def rank_of_word(folded: str) -> float:
    """Return what `rank` returns for a word: shorter words are estimated to be more frequent."""
    return 50.0 if folded in _COMMON else 20.0 / (1 + len(folded))


def groups_of(
    tree: Tree, cost_of: Callable[[T], float], groups_of_leaf: Callable[[Phrase | Regex], tuple[tuple[T, ...], ...]]
) -> tuple[tuple[T, ...], ...]:
    """Return the groups that a match requires, rarest first. Empty if nothing in title or body is required.

    `groups_of_leaf` returns the groups of a phrase or regular expression, rarest first, and `cost_of` the rank of their
    members.
    """

    def cost(group: tuple[T, ...]) -> float:
        return sum(map(cost_of, group))

    def required(tree: Tree) -> tuple[tuple[T, ...], ...]:
        match tree:
            case Phrase() | Regex() if tree.field in ("", *TEXT_FIELDS):
                found = groups_of_leaf(tree)
            case And():
                found = tuple(group for part in tree.parts for group in required(part))
            case Near():
                found = (*required(tree.left), *required(tree.right))
            case Outside() | Reference():
                found = required(tree.part)
            case Or():
                found = _union([required(part) for part in tree.parts])
            case AtLeast():
                # Of any (parts - count + 1) parts, at least one must match: choose the rarest.
                ranked = sorted(
                    map(required, tree.parts), key=lambda groups: cost(groups[0]) if groups else float("inf")
                )
                found = _union(ranked[: len(ranked) - tree.count + 1])
            case _:
                found = ()
        return tuple(sorted(dict.fromkeys(found), key=cost))

    return required(tree)


def _union(alternatives: Sequence[tuple[tuple[T, ...], ...]]) -> tuple[tuple[T, ...], ...]:
    """Return what is required if one of several alternatives must match: the first groups of all, joined into one."""
    if not all(alternatives):
        return ()
    return (tuple(dict.fromkeys(term for groups in alternatives for term in groups[0])),)


def groups_of_phrase(phrase: Phrase, rank: Rank = rank) -> tuple[Group, ...]:
    """Return the groups that a phrase requires, rarest first: one for each word, or one for all its variants."""

    def cost(group: Group) -> float:
        return sum(map(rank, group))

    variants = [tuple(sorted(_groups_of_variant(variant), key=cost)) for variant in phrase.variants]
    return variants[0] if len(variants) == 1 else _union(variants)


def _groups_of_variant(variant: Variant) -> tuple[Group, ...]:
    groups: list[Group] = []
    run: list[str] = []
    for atom in (*variant.atoms, None):
        if isinstance(atom, Word) and (
            is_unspaced(atom.folded) or (atom.written and atom.inflection is Inflection.NONE)
        ):
            run.append(atom.folded)
            continue
        if run:
            groups.append((Run(tuple(run)),))
            run = []
        if isinstance(atom, Word) or (isinstance(atom, Wildcard) and not atom.is_any_word):
            groups.append((atom,))
    return tuple(groups)


def required_groups(tree: Tree) -> tuple[tuple[str, ...], ...]:
    """Return groups of terms for full-text search. Every match contains a term of each group, in any language.

    A term with spaces is a phrase; one that ends with PREFIX_MARK is a prefix. The result is empty if no term is
    required, as for `*sanktion*` alone.
    """

    def rank_searchable(term: Term) -> float:
        return float("inf") if isinstance(term, Wildcard) and not term.is_prefix else rank(term)

    def groups_of_leaf(leaf: Phrase | Regex) -> tuple[Group, ...]:
        return groups_of_phrase(leaf, rank_searchable) if isinstance(leaf, Phrase) else ()

    found: list[tuple[str, ...]] = []
    for group in groups_of(tree, rank_searchable, groups_of_leaf):
        words: set[str] = set()
        for term in group:
            if isinstance(term, Wildcard):
                if not term.is_prefix:
                    break
                words.add(searchable(term.folded[:-1]) + PREFIX_MARK)
            elif isinstance(term, Run):
                # Articles that were stored before Traditional characters were folded have them in the index.
                words.update(" ".join(map(searchable, tokens)) for tokens in spellings(term.tokens))
            else:
                words.update(map(searchable, every_key(term.folded, term.lower, term.inflection)))
        else:
            found.append(tuple(sorted(words)))
    return tuple(found)
