"""What a match cannot do without: groups of terms, of each of which an article must hold at least one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from handlers.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Form,
    Near,
    Or,
    Outside,
    Phrase,
    Reference,
    Tree,
    Wildcard,
    Word,
)
from handlers.topics.text.inflection import every_key
from handlers.topics.text.letters import is_unspaced
from handlers.topics.text.tokens import BEGINNING, searchable


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens one after the other: characters of a script without spaces, or the halves of 5-G."""

    tokens: tuple[str, ...]


Term = Word | Run | Wildcard
Group = tuple[Term, ...]
Rank = Callable[[Term], float]

_COMMON_WORDS: Final = """
    the of and to in a for on with by at from as is are was will new us said say says year years over after more
    china chinese american america trade company companies government president state world news report market
    firm firms tech technology technologies group deal united states national security minister country war billion
    percent people first last week day time two one bank oil business global policy official officials"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


def rank(term: Term) -> float:
    """How often a term is expected, roughly: the smaller the rarer."""
    match term:
        case Word():
            return rank_of_word(term.folded)
        case Run():
            return 30.0 if len(term.tokens) == 1 else 2.0 / len(term.tokens)
        case Wildcard():
            return 40.0 / len(term.folded)


T = TypeVar("T")


def rank_of_word(folded: str) -> float:
    return 50.0 if folded in _COMMON else 20.0 / (1 + len(folded))


def groups_of(
    tree: Tree, cost_of: Callable[[T], float], groups_of_phrase: Callable[[Phrase], tuple[tuple[T, ...], ...]]
) -> tuple[tuple[T, ...], ...]:
    """The groups of a tree, rarest first, in what its phrases are made of. None: nothing is required of the text."""

    def cost(group: tuple[T, ...]) -> float:
        return sum(map(cost_of, group))

    def required(tree: Tree) -> tuple[tuple[T, ...], ...]:
        match tree:
            case Phrase() if tree.field in ("", *TEXT_FIELDS):
                found = groups_of_phrase(tree)
            case And():
                found = tuple(group for part in tree.parts for group in required(part))
            case Near():
                found = (*required(tree.left), *required(tree.right))
            case Outside() | Reference():
                found = required(tree.part)
            case Or():
                found = _either([required(part) for part in tree.parts])
            case AtLeast():
                # of any (parts - count + 1) at least one must hold: take the rarest
                ranked = sorted(
                    map(required, tree.parts), key=lambda groups: cost(groups[0]) if groups else float("inf")
                )
                found = _either(ranked[: len(ranked) - tree.count + 1])
            case _:
                found = ()
        return tuple(sorted(dict.fromkeys(found), key=cost))

    return required(tree)


def _either(all_groups: Sequence[tuple[tuple[T, ...], ...]]) -> tuple[tuple[T, ...], ...]:
    """What is required where one of several will do: the first group of each, as one."""
    if not all(all_groups):
        return ()
    return (tuple(dict.fromkeys(term for groups in all_groups for term in groups[0])),)


def groups_of_phrase(phrase: Phrase, rank: Rank = rank) -> tuple[Group, ...]:
    """The groups of one phrase, rarest first: its words, or those of any of its forms."""

    def cost(group: Group) -> float:
        return sum(map(rank, group))

    forms = [tuple(sorted(_of_form(form), key=cost)) for form in phrase.forms]
    return forms[0] if len(forms) == 1 else _either(forms)


def _of_form(form: Form) -> tuple[Group, ...]:
    groups: list[Group] = []
    run: list[str] = []
    for atom in (*form.atoms, None):
        if isinstance(atom, Word) and (is_unspaced(atom.folded) or atom.written):
            run.append(atom.folded)
            continue
        if run:
            groups.append((Run(tuple(run)),))
            run = []
        if isinstance(atom, Word) or (isinstance(atom, Wildcard) and not atom.is_anything):
            groups.append((atom,))
    return tuple(groups)


def required_groups(tree: Tree) -> tuple[tuple[str, ...], ...]:
    """Groups of words for full-text search: every match holds a word of each group, whatever the article's language.

    A word may be a phrase, "a b", or a beginning, "a…". Empty: nothing can be said, as of `*sanktion*` alone.
    """

    def rank_searchable(term: Term) -> float:
        return float("inf") if isinstance(term, Wildcard) and not term.is_prefix else rank(term)

    found: list[tuple[str, ...]] = []
    for group in groups_of(tree, rank_searchable, lambda phrase: groups_of_phrase(phrase, rank_searchable)):
        words: set[str] = set()
        for term in group:
            if isinstance(term, Wildcard):
                if not term.is_prefix:
                    break
                words.add(searchable(term.folded[:-1]) + BEGINNING)
            elif isinstance(term, Run):
                words.add(" ".join(map(searchable, term.tokens)))
            else:
                words.update(map(searchable, every_key(term.folded, term.lower, term.inflects)))
        else:
            found.append(tuple(sorted(words)))
    return tuple(found)
