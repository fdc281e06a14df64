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
        "_forms",
        "_found",
        "_held",
        "_numbers",
        "_places",
        "_prepared",
        "_present",
        "_reading",
        "_spans",
        "_words",
        "found",
        "readable",
        "told",
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
        self.found: dict[int, list[str]] = {}
        """The topics that the index found, by id, with the leaves that make each true; none where more is to it."""
        language = language_of(readable)
        self._forms = forms = forms_of(language)
        self._words = None if language in _OWN_LOWER_CASE and not prepared.isascii() else words_of(prepared)
        if self._words is not None:
            self._found, self._numbers = forms.find(self._words)
        else:
            reading = self.reading()
            self._found, self._numbers = forms.find_each([*reading.title.forms, BREAK, *reading.body.forms])
        self._present = set(self._numbers)
        self._held: set[str] = set()
        self._places: dict[int, list[int]] = {}

    def awake(self) -> set[str]:
        """The wanted words that are there and for which anything waits."""
        return set(chain.from_iterable(map(self._forms.awake.__getitem__, self._present)))

    def hold(self, leaf: str) -> None:
        """Say that a leaf holds that is more than one word."""
        self._held.add(leaf)

    def holds(self, leaf: str) -> bool:
        """Whether a leaf holds: a wanted word that is there, or what was said to hold."""
        numbers = self._forms.numbers_of.get(leaf)
        return leaf in self._held if numbers is None else not self._present.isdisjoint(numbers)

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
        """Where the words of a plain leaf stand in the original text."""
        spans = self._spans.get(leaf)
        if spans is None:
            if leaf[0] == RUN:
                words = leaf[1:].split(RUN)
                first = self._places_of(words[0])
                for offset, word in enumerate(words[1:], 1):
                    places = set(self._places_of(word))
                    first = [place for place in first if place + offset in places]
                past = len(words)
            else:
                first, past = self._places_of(leaf), 1
            spans = self._spans[leaf] = [self._span(index, index + past) for index in first]
        return spans

    def _places_of(self, name: str) -> list[int]:
        """Which words of the text, counted, stand for a name."""
        if not self._places:
            awake = self._forms.awake
            noted = self._places = {number: [] for number in self._present if awake[number]}
            for place, number in zip(self._found, self._numbers, strict=True):
                if number in noted:
                    noted[number].append(place)
        places = list(map(self._places_at, self._present.intersection(self._forms.numbers_of.get(name, ()))))
        return places[0] if len(places) == 1 else sorted(chain.from_iterable(places))

    def _places_at(self, number: int) -> list[int]:
        places = self._places.get(number)
        if places is None:
            found = zip(self._found, self._numbers, strict=True)
            places = self._places[number] = [place for place, other in found if other == number]
        return places

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
