"""An article folded once for all topics: which wanted words are in it, and where the words of a leaf stand."""

from collections.abc import Callable
from itertools import chain
from typing import Final

from handlers.topics.evaluate import sum_up
from handlers.topics.forms import Forms
from handlers.topics.hashing import words_of
from handlers.topics.letters import JOINED
from handlers.topics.program import RUN
from handlers.topics.reading import Readable, Reading, Span, language_of
from handlers.topics.text import BREAK, prepare
from storage.records import Evidence

Told = tuple[tuple[Evidence, ...], float]

_OWN_LOWER_CASE: Final = ("tr", "az")
"""Languages in which the lower case of a letter in ASCII depends on whether all of the text is in it."""


class Scan:
    """Title and body as one text, whose words are found all at once. Where words are not what stands between other
    characters, as in Chinese, title and body are read word by word."""

    __slots__ = (
        "_body_at",
        "_found",
        "_names",
        "_numbers",
        "_numbers_of",
        "_places",
        "_prepared",
        "_reading",
        "_spans",
        "_words",
        "readable",
        "told",
        "true",
    )

    def __init__(self, readable: Readable, forms_of: Callable[[str], Forms]) -> None:
        self.readable = readable
        title, body = readable.title, readable.body
        if BREAK in title or BREAK in body:
            title, body = title.replace(BREAK, " "), body.replace(BREAK, " ")
        self._body_at = len(title) + 4
        self._prepared = prepared = prepare(f" {title} {BREAK} {body} {BREAK} ")
        self._reading: Reading | None = None
        self._spans: dict[str, list[Span]] = {}
        self.told: dict[str | int, Told] = {}
        """What was told of leaves and, by their ids, of topics."""
        language = language_of(readable)
        forms = forms_of(language)
        self._names = names = forms.names
        self._words = None if language in _OWN_LOWER_CASE and not prepared.isascii() else words_of(prepared)
        if self._words is not None:
            self._found, self._numbers = forms.find(self._words)
        else:
            reading = self.reading()
            self._found, self._numbers = forms.find_each([*reading.title.forms, BREAK, *reading.body.forms])
        self._places: dict[int, list[int]] = {}
        self._numbers_of: dict[str, list[int]] = {}
        self.true: set[str] = set(chain.from_iterable(map(names.__getitem__, set(self._numbers))))
        """The names of the wanted words that are there. The index adds the leaves that hold."""

    @property
    def is_spaced(self) -> bool:
        """Whether words are what stands between other characters."""
        return self._words is not None

    def reading(self) -> Reading:
        """The article for all that needs more than its words."""
        if self._reading is None:
            title_past = self._body_at - 3
            prepared = self._prepared[1:title_past], self._prepared[self._body_at : -3]
            self._reading = Reading(self.readable, prepared)
        return self._reading

    def tell(self, leaf: str) -> Told:
        """The evidence of one leaf that holds, and its weight."""
        told = self.told.get(leaf)
        if told is None:
            told = self.told[leaf] = sum_up((self.spans(leaf),), self.readable)
        return told

    def note(self, leaf: str, spans: list[Span]) -> None:
        """Keep where a leaf stands that is more than its words in a row."""
        self._spans[leaf] = spans

    def spans(self, leaf: str) -> list[Span]:
        """Where the words of a plain leaf stand in the original text; each of its words must be there."""
        spans = self._spans.get(leaf)
        if spans is None:
            if leaf[0] == RUN:
                first, *others = map(self._places_of, leaf[1:].split(RUN))
                for offset, places in enumerate(map(set, others), 1):
                    first = [place for place in first if place + offset in places]
                past = len(others) + 1
            else:
                first, past = self._places_of(leaf), 1
            spans = self._spans[leaf] = [self._span(index, index + past) for index in first]
        return spans

    def _places_of(self, name: str) -> list[int]:
        """Which words of the text, counted, stand for a name."""
        if not self._places:
            for place, number in zip(self._found, self._numbers, strict=True):
                self._places.setdefault(number, []).append(place)
            names = self._names
            for number in self._places:
                for known in names[number]:
                    self._numbers_of.setdefault(known, []).append(number)
        numbers = self._numbers_of[name]
        if len(numbers) == 1:
            return self._places[numbers[0]]
        return sorted(chain.from_iterable(map(self._places.__getitem__, numbers)))

    def _span(self, first: int, past: int) -> Span:
        """Where some words in a row stand in the original text."""
        if self._words is None:
            title, body = self.reading().title, self.reading().body
            body_from = len(title.folded) + 1
            if first < body_from:
                return "title", *title.place(first, past)
            return "body", *body.place(first - body_from, past - body_from)
        edge = self._words.edges.item
        start, end = edge(2 * first), edge(2 * past - 1)
        prepared = self._prepared
        if prepared[end] == "." and JOINED in prepared[edge(2 * past - 2) : end]:
            end += 1  # the last dot of U.S.
        body_at = self._body_at
        return ("title", start - 1, end - 1) if start < body_at else ("body", start - body_at, end - body_at)
