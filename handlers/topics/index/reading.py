"""An article as the matcher reads it, and where in it the leaves of a query are found."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add
from typing import Final

from handlers.topics.query.leaves import compiled, wildcard
from handlers.topics.query.tree import (
    ANYTHING,
    TEXT_FIELDS,
    About,
    Atom,
    Form,
    Near,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Word,
)
from handlers.topics.text.inflection import wanted_keys
from handlers.topics.text.letters import fold_word
from handlers.topics.text.tokens import Tokens

REGEX_FOUND_MOST: Final = 100
_WILD: Final = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What a query may ask of an article."""

    title: str
    body: str
    language: str = "und"
    url: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    source: str = ""


Place = tuple[str, int, int]
"""Field, first token, past the last token."""
Span = tuple[str, int, int]
"""Field, first character, past the last character."""


def language_of(readable: Readable) -> str:
    """The ISO 639-1 code without its region; "und" where there is none."""
    return readable.language.split("-")[0].casefold() or "und"


class Reading:
    """One article being matched. Remembers what was found, by the identity of the trees, which it keeps alive."""

    __slots__ = ("_alive", "_found", "_held", "_other", "body", "language", "readable", "title")

    def __init__(self, readable: Readable, prepared: tuple[str | None, str | None] = (None, None)) -> None:
        """`prepared`: title and body, where they are prepared already."""
        self.readable = readable
        self.language = language_of(readable)
        self.title = Tokens(readable.title, self.language, prepared[0])
        self.body = Tokens(readable.body, self.language, prepared[1])
        self._found: dict[int, list[Place]] = {}
        self._held: dict[int, bool] = {}
        self._alive: list[Tree] = []
        self._other: dict[str, tuple[Tokens, ...]] = {}

    @property
    def has_unspaced(self) -> bool:
        return self.title.has_unspaced or self.body.has_unspaced

    @property
    def pairs(self) -> set[str]:
        """Each two neighbouring tokens, closed up."""
        return {
            *map(add, self.title.folded, self.title.folded[1:]),
            *map(add, self.body.folded, self.body.folded[1:]),
        }

    def tokens(self, field: str) -> tuple[Tokens, ...]:
        """The texts of a field; "" is title and body."""
        match field:
            case "":
                return (self.title, self.body)
            case "title":
                return (self.title,)
            case "body":
                return (self.body,)
        if field not in self._other:
            readable = self.readable
            values = {"author": (readable.author or "",), "tag": readable.tags, "source": (readable.source,)}[field]
            self._other[field] = tuple(Tokens(value, self.language) for value in values)
        return self._other[field]

    def holds_leaf(self, leaf: Phrase | Regex | About) -> bool:
        match leaf:
            case Phrase():
                if len(leaf.forms) == 1 and len(leaf.forms[0].atoms) == 1 and not leaf.field:
                    atom = leaf.forms[0].atoms[0]
                    if isinstance(atom, Word) and atom.is_plain:
                        wanted = wanted_keys(atom.folded, atom.lower, atom.inflects, self.language)
                        return not (self.body.keys.isdisjoint(wanted) and self.title.keys.isdisjoint(wanted))
                return bool(self.places(leaf))
            case Regex():
                return next(self.regex_spans(leaf), None) is not None
            case About():
                return self._is_about(leaf)

    def _is_about(self, leaf: About) -> bool:
        url = (self.readable.url or "").casefold()
        match leaf.field:
            case "lang":
                return leaf.value == self.language
            case "url":
                return leaf.value in url
            case _:
                host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
                return host == leaf.value or host.endswith(f".{leaf.value}")

    def regex_spans(self, leaf: Regex) -> Iterator[Span]:
        """Field, start and end of each find that is not empty, in characters."""
        expression = compiled(leaf.pattern)
        fields = TEXT_FIELDS if not leaf.field else (leaf.field,)
        for field in fields:
            for tokens in self.tokens(field):
                count = 0
                for found in expression.finditer(tokens.text):
                    if found.end() > found.start():
                        yield field, found.start(), found.end()
                        count += 1
                    if count >= REGEX_FOUND_MOST:
                        break

    def places(self, tree: Tree) -> list[Place]:
        """Where a tree that has places is found, in order. Phrases, and OR, NEAR and OUTSIDE of them."""
        known = self._found.get(id(tree))
        if known is None:
            known = self._found[id(tree)] = sorted(set(self._places(tree)), key=_reading_order)
            self._alive.append(tree)
        return known

    def held(self, tree: Tree, find_out: Callable[[Tree, "Reading"], bool]) -> bool:
        """Whether the article satisfies the tree, which is found out once."""
        known = self._held.get(id(tree))
        if known is None:
            known = self._held[id(tree)] = find_out(tree, self)
            self._alive.append(tree)
        return known

    def _places(self, tree: Tree) -> Iterable[Place]:
        match tree:
            case Phrase():
                return self._phrase_places(tree)
            case Or():
                return [place for part in tree.parts for place in self.places(part)]
            case Reference():
                return self.places(tree.part)
            case Near():
                return [
                    (left[0], min(left[1], right[1]), max(left[2], right[2])) for left, right in self.near_pairs(tree)
                ]
            case Outside():
                return outside(self.places(tree.part), self.places(tree.but))
            case _:
                return ()

    def near_pairs(self, tree: Near) -> Iterator[tuple[Place, Place]]:
        """The occurrences of both sides that stand near enough."""
        right_places = self.places(tree.right)
        if not right_places:
            return
        for left in self.places(tree.left):
            for right in right_places:
                if left[0] != right[0] or (tree.ordered and right[1] < left[2]):
                    continue
                gap = right[1] - left[2] if right[1] >= left[2] else left[1] - right[2]
                if 0 <= gap <= tree.words:
                    yield left, right

    def _phrase_places(self, leaf: Phrase) -> Iterator[Place]:
        names = TEXT_FIELDS if not leaf.field else (leaf.field,)
        for name in names:
            for tokens in self.tokens(name):
                for form in leaf.forms:
                    for first in starts_of(form, tokens):
                        yield name, first, first + len(form.atoms)


def _reading_order(place: Place) -> tuple[bool, int, int]:
    return place[0] != "title", place[1], place[2]


def outside(places: Iterable[Place], others: Iterable[Place]) -> list[Place]:
    """The places that touch none of the others."""
    taken = {(field, index) for field, first, past in others for index in range(first, past)}
    return [place for place in places if all((place[0], index) not in taken for index in range(place[1], place[2]))]


def starts_of(form: Form, tokens: Tokens) -> list[int]:
    """The indexes of the tokens at which a form starts, ascending."""
    atoms = form.atoms
    starts: set[int] | None = None
    if any(isinstance(atom, Word) and _lacks(tokens, atom) for atom in atoms):
        return []
    for offset, atom in enumerate(atoms):
        if not isinstance(atom, Word) and atom.is_anything:
            continue
        here = {index - offset for index in indexes_of(atom, tokens)}
        starts = here if starts is None else starts & here
        if not starts:
            return []
    last = len(tokens.folded) - len(atoms)
    kept = sorted(start for start in starts or () if 0 <= start <= last)
    if form.is_glued:
        kept = [start for start in kept if _is_glued(form, tokens, start)]
    return kept


def _lacks(tokens: Tokens, word: Word) -> bool:
    return tokens.keys.isdisjoint(wanted_keys(word.folded, word.lower, word.inflects, tokens.language))


def _is_glued(form: Form, tokens: Tokens, start: int) -> bool:
    return all(
        glue == ANYTHING or tokens.between(start + offset).strip() == glue for offset, glue in enumerate(form.glue)
    )


def indexes_of(atom: Atom, tokens: Tokens) -> list[int]:
    """The indexes of the tokens that are the word, ascending; may repeat one."""
    if not isinstance(atom, Word):
        if atom.is_prefix:
            prefix = atom.folded[:-1]
            words = [token for token in tokens.words if token.startswith(prefix)]
        else:
            expression = wildcard(atom.folded)
            literal = max(_WILD.split(atom.folded), key=len)
            words = [token for token in tokens.words if literal in token and expression.fullmatch(token)]
        return sorted(index for word in words for index in tokens.indexes(word))
    wanted = wanted_keys(atom.folded, atom.lower, atom.inflects, tokens.language)
    found = [index for key in wanted for index in tokens.indexes(key)]
    return found if atom.is_plain else [index for index in found if _fits(atom, tokens, index)]


def _fits(word: Word, tokens: Tokens, index: int) -> bool:
    """Whether the token as written is what the query wrote: its capitals, and the signs around it."""
    start, end = tokens.span(index)
    written = tokens.text[start:end]
    if word.upper and not ("." in written or _is_capital(written)):
        return False
    if word.written and fold_word(written) != word.folded:
        return False
    if word.written and word.written.isalpha() and not _is_capital(written):
        return False
    if word.head and not (
        tokens.prepared[start - 1 : start] == word.head and not tokens.prepared[start - 2 : start - 1].isalnum()
    ):
        return False
    if not word.tail:
        return True
    past = end + len(word.tail)
    return tokens.prepared[end:past] == word.tail and tokens.prepared[past : past + 1] not in ("+", "#")


def _is_capital(written: str) -> bool:
    return written.upper() == written and written.lower() != written


def merge_spans(spans: Sequence[Span]) -> list[Span]:
    """Spans in reading order, overlapping ones made one."""
    merged: list[Span] = []
    if len(spans) < 2:
        return list(spans)
    for field, start, end in sorted(set(spans), key=_reading_order):
        if merged and merged[-1][0] == field and start < merged[-1][2]:
            merged[-1] = (field, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((field, start, end))
    return merged
