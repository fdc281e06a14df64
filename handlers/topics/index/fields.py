"""The texts of an article as tokens, and where the leaves of a query stand in them.

What was found is kept for everyone who asks about the same article. Each budget pays in full the first time it asks, so
the cost of a query does not depend on what others asked before.
"""

from dataclasses import dataclass
from operator import add

from handlers.topics.index.budget import Budget
from handlers.topics.index.joins import Joiner
from handlers.topics.index.occurrences import Text, finds_in, may_hold, places_in, words_in
from handlers.topics.index.places import NOWHERE, Cover, Places, union
from handlers.topics.query.lexer import NEAR_MOST
from handlers.topics.query.tree import TEXT_FIELDS, About, Form, Phrase, Regex


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


Span = tuple[str, int, int]
"""Field, first character, past the last character."""


def language_of(readable: Readable) -> str:
    """The ISO 639-1 code without its region; "und" where there is none."""
    return readable.language.split("-")[0].casefold() or "und"


class Fields:
    """One article. Its words are numbered through title and body, with a gap between them that no NEAR reaches over."""

    __slots__ = (
        "_cover",
        "_finds",
        "_joiner",
        "_other",
        "_phrases",
        "body",
        "body_at",
        "language",
        "readable",
        "size",
        "title",
    )

    def __init__(self, readable: Readable, prepared: tuple[str | None, str | None] = (None, None)) -> None:
        """`prepared`: title and body, where they are prepared already."""
        self.readable = readable
        self.language = language_of(readable)
        self.title = Text(readable.title, self.language, prepared[0])
        self.body = Text(readable.body, self.language, prepared[1])
        self.body_at = len(self.title.folded) + NEAR_MOST + 1
        """The number of the body's first word."""
        self.size = self.body_at + len(self.body.folded)
        # What was found, and the steps that it took.
        self._phrases: dict[tuple[str, tuple[Form, ...]], tuple[Places, int]] = {}
        self._finds: dict[tuple[str, str], tuple[list[Span], int]] = {}
        self._other: dict[str, tuple[Text, ...]] = {}
        self._joiner: Joiner | None = None
        self._cover = Cover()

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

    def joiner(self, budget: Budget) -> Joiner:
        """Joins places of this article. The budget pays for what it does from here on."""
        if self._joiner is None:
            self._joiner = Joiner(self.size)
        self._joiner.budget = budget
        return self._joiner

    def cover(self) -> Cover:
        """An empty cover. It is the same object each time, emptied again."""
        self._cover.begin(self.size)
        return self._cover

    def tokens(self, field: str) -> tuple[Text, ...]:
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
            self._other[field] = tuple(Text(value, self.language) for value in values)
        return self._other[field]

    def characters(self, first: int, past: int) -> Span:
        """Where some words of title or body stand in the article as published."""
        if first < self.body_at:
            return "title", *self.title.place(first, past)
        return "body", *self.body.place(first - self.body_at, past - self.body_at)

    def holds(self, leaf: Phrase, budget: Budget) -> bool:
        """Whether a phrase stands anywhere in its field. Raises: OverBudget."""
        if leaf.field in ("", *TEXT_FIELDS):
            return self.places(leaf, budget).count > 0
        return any(
            places_in(words_in(form, tokens, budget), budget).count
            for tokens in self.tokens(leaf.field)
            for form in leaf.forms
        )

    def places(self, leaf: Phrase, budget: Budget) -> Places:
        """Where a phrase stands in title and body. Raises: OverBudget."""
        budget.spend(len(leaf.forms))
        texts = self.tokens(leaf.field) if leaf.field in ("", *TEXT_FIELDS) else ()
        if not any(may_hold(form, tokens) for form in leaf.forms for tokens in texts):
            return NOWHERE
        key = (leaf.field, leaf.forms)
        known = self._phrases.get(key)
        if known is not None and budget.has_paid(key):
            return known[0]
        rows = [words_in(form, tokens, budget) for form in leaf.forms for tokens in texts]
        if known is None:
            before = budget.total
            found = NOWHERE
            for row in rows:
                found = union(found, places_in(row, budget), 0 if row.tokens is self.title else self.body_at)
                budget.spend(found.count)
            known = self._phrases[key] = (found, before - budget.total)
        else:
            budget.spend(known[1])
        budget.note_paid(key)
        return known[0]

    def finds(self, leaf: Regex, budget: Budget) -> list[Span]:
        """What an expression finds that is not empty, at most 100 times in each text. Raises: OverBudget."""
        key = (leaf.field, leaf.pattern)
        known = self._finds.get(key)
        if known is None:
            before = budget.total
            found = [
                (field, start, end)
                for field in (TEXT_FIELDS if not leaf.field else (leaf.field,))
                for tokens in self.tokens(field)
                for start, end in finds_in(tokens.text, leaf.pattern, budget)
            ]
            known = self._finds[key] = (found, before - budget.total)
        elif not budget.has_paid(key):
            budget.spend(known[1])
        budget.note_paid(key)
        return known[0]

    def is_about(self, leaf: About) -> bool:
        """Whether the article's language, address or site is the one that is asked for."""
        url = (self.readable.url or "").casefold()
        match leaf.field:
            case "lang":
                return leaf.value == self.language
            case "url":
                return leaf.value in url
            case _:
                host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
                return host == leaf.value or host.endswith(f".{leaf.value}")
