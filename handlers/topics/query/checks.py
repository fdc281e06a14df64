"""What a query can never do: match by exclusion alone, or match a word that it excludes."""

from handlers.answers.errors import QueryError
from handlers.topics.query.tree import (
    ANYTHING,
    About,
    And,
    AtLeast,
    Atom,
    Form,
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
    children,
)
from handlers.topics.text.letters import is_unspaced


def check(tree: Tree, query: str) -> None:
    """Raises QueryError for a query that matches everything, or a part that can never match."""
    _check_near(tree, query)
    if _true_of_nothing(tree):
        raise QueryError(
            "This matches every article that lacks a word. Say what to look for; then exclude.",
            query=query,
            column=_first_not(tree),
            suggestion=None,
        )
    _check_alive(tree, query, ())


def _true_of_nothing(tree: Tree) -> bool:
    """Whether an article with none of the words would match."""
    match tree:
        case And():
            return all(map(_true_of_nothing, tree.parts))
        case Or():
            return any(map(_true_of_nothing, tree.parts))
        case AtLeast():
            return sum(map(_true_of_nothing, tree.parts)) >= tree.count
        case Not():
            return not _true_of_nothing(tree.part)
        case Reference():
            return _true_of_nothing(tree.part)
        case _:
            return False


def _first_not(tree: Tree) -> int:
    if isinstance(tree, Not):
        return tree.column
    if isinstance(tree, Reference):
        return tree.column
    return next((_first_not(child) for child in children(tree) if _true_of_nothing(child)), 0)


def _check_near(tree: Tree, query: str, named_at: int | None = None) -> None:
    """`named_at`: the column of the topic's name, for what stands in its query and not in this one."""
    if isinstance(tree, Near | Outside):
        first, second = children(tree)
        operator = "OUTSIDE" if isinstance(tree, Outside) else "ONEAR" if tree.ordered else "NEAR"
        for side in (first, second):
            _check_places(side, query, operator, tree.column if named_at is None else named_at)
    elif isinstance(tree, Reference) and named_at is None:
        named_at = tree.column
    for child in children(tree):
        _check_near(child, query, named_at)


def _check_places(tree: Tree, query: str, operator: str, column: int) -> None:
    """Only what has places in the text can be near or outside something."""
    match tree:
        case Phrase() if tree.field in ("", "title", "body"):
            return
        case Or():
            for part in tree.parts:
                _check_places(part, query, operator, column)
        case Near():
            return  # its own sides are checked where the walk meets it
        case Outside() | Reference():
            _check_places(tree.part, query, operator, column)
        case _:
            raise QueryError(f"{operator} works on words, phrases, and words joined by OR.", query=query, column=column)


_Excluded = tuple[Phrase, tuple[frozenset[str], ...]]
"""A phrase that is excluded, with the words of each of its forms."""


def _excluded_by(tree: Tree) -> tuple[_Excluded, ...]:
    return tuple((leaf, tuple(map(_words, leaf.forms))) for leaf in _alone(tree))


def _words(form: Form) -> frozenset[str]:
    return frozenset(atom.folded for atom in form.atoms if isinstance(atom, Word))


def _check_alive(tree: Tree, query: str, excluded: tuple[_Excluded, ...]) -> None:
    match tree:
        case And():
            more = tuple(one for part in tree.parts if isinstance(part, Not) for one in _excluded_by(part.part))
            _check_languages(tree, query)
            for part in tree.parts:
                _check_alive(part, query, () if isinstance(part, Not) else (*excluded, *more))
        case Outside():
            _check_alive(tree.part, query, (*excluded, *_excluded_by(tree.but)))
        case Not():
            _check_alive(tree.part, query, ())
        case Reference():
            dead = _dead(tree.part, excluded)
            if dead is not None:
                raise QueryError(
                    f'"{dead.text}" of @{tree.name} cannot match: it is excluded.', query=query, column=tree.column
                )
        case Phrase():
            if _is_excluded(tree, excluded):
                what = "phrase" if len(tree.forms[0].atoms) > 1 else "word"
                raise QueryError(
                    f'The {what} "{tree.text}" cannot match: it is excluded.', query=query, column=tree.column
                )
        case _:
            for child in children(tree):
                _check_alive(child, query, excluded)


def _is_excluded(leaf: Phrase, excluded: tuple[_Excluded, ...]) -> bool:
    """Whether one of them is found wherever the leaf is. Most of them are told apart by their words alone."""
    words = _words(leaf.forms[0])
    return any(any(form <= words for form in forms) and _covers(other, leaf) for other, forms in excluded)


def _dead(tree: Tree, excluded: tuple[_Excluded, ...]) -> Phrase | None:
    """Only a whole topic that is excluded is dead; single words of it are what exclusion is for."""
    alone = _alone(tree)
    if alone and all(_is_excluded(leaf, excluded) for leaf in alone):
        return alone[0]
    return None


def _check_languages(tree: And, query: str) -> None:
    languages = [part for part in tree.parts if isinstance(part, About) and part.field == "lang"]
    for one in languages[1:]:
        if one.value != languages[0].value:
            raise QueryError(
                f"No article is both {languages[0].text} and {one.text}: join them with OR.",
                query=query,
                column=one.column,
            )


def _alone(tree: Tree) -> tuple[Phrase, ...]:
    """The leaves of which any one makes the tree true."""
    match tree:
        case Phrase():
            return (tree,)
        case Or():
            return tuple(leaf for part in tree.parts for leaf in _alone(part))
        case Reference():
            return _alone(tree.part)
        case AtLeast() if tree.count == 1:
            return tuple(leaf for part in tree.parts for leaf in _alone(part))
        case And() | Not() | AtLeast() | Near() | Outside() | Regex() | About():
            return ()


def _covers(other: Phrase, leaf: Phrase) -> bool:
    """Whether wherever `leaf` is found, `other` is found as well."""
    field_covers = other.field == leaf.field or (not other.field and leaf.field in ("title", "body"))
    return field_covers and all(any(_holds(inner, form) for inner in other.forms) for form in leaf.forms)


def _holds(inner: Form, form: Form) -> bool:
    size = len(inner.atoms)
    return any(
        all(map(_implied, inner.atoms, form.atoms[start : start + size]))
        and all(want in (ANYTHING, have) for want, have in zip(inner.glue, form.glue[start:], strict=False))
        for start in range(len(form.atoms) - size + 1)
    )


def _implied(wanted: Atom, given: Atom) -> bool:
    """Whether every token that fits `given` fits `wanted`."""
    if wanted == given:
        return True
    if isinstance(wanted, Wildcard):
        if wanted.is_anything:
            return True
        if isinstance(given, Wildcard):
            return wanted.is_prefix and given.is_prefix and given.folded.startswith(wanted.folded[:-1])
        # an inflected form may lose the prefix, so only words found as they are
        return wanted.is_prefix and given.folded.startswith(wanted.folded[:-1]) and not given.inflects
    if not isinstance(given, Word) or wanted.folded != given.folded:
        return False
    if is_unspaced(wanted.folded):
        return True
    return wanted.is_plain and (wanted.inflects or not given.inflects) and wanted.lower == given.lower
