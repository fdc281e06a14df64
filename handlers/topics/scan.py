"""An article folded once for all topics: which wanted words are in it, and where the words of a leaf stand."""

from collections.abc import Callable
from itertools import accumulate, chain, compress
from typing import Final

from handlers.topics.evaluate import sum_up
from handlers.topics.letters import JOINED
from handlers.topics.lexicon import Forms, Names
from handlers.topics.program import RUN
from handlers.topics.reading import Readable, Reading, Span, language_of
from handlers.topics.text import BREAK, PLAIN, prepare
from storage.records import Evidence

SEARCHES_MOST: Final = 4

Told = tuple[tuple[Evidence, ...], float]


class Scan:
    """Title and body as one text. In ASCII, as typography folds most English news, words are found as strings between
    spaces; any other text is read word by word."""

    __slots__ = (
        "_body_at",
        "_plain",
        "_prepared",
        "_reading",
        "_searches",
        "_spans",
        "_where",
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
        self._prepared = prepare(f" {title} {BREAK} {body} {BREAK}")
        self._reading: Reading | None = None
        self._spans: dict[str, list[Span]] = {}
        self.told: dict[str | int, Told] = {}
        """What was told of leaves and, by their ids, of topics."""
        self._where: dict[str, list[int]] = {}
        self._searches = 0
        if self._prepared.isascii():
            self._plain = self._prepared.translate(PLAIN)
            self._words = self._plain.split()
        else:
            self._plain = ""
            reading = self.reading()
            self._words = [*reading.title.forms, BREAK, *reading.body.forms]
        self.true: dict[str, Names] = {}
        """The names of the wanted words that are there, each with the words that stand for it. The index adds the
        leaves that hold."""
        true = self.true
        forms = forms_of(language_of(readable))
        for stands in set(filter(None, map(forms.__getitem__, self._words))):
            for name in stands.names:
                known = true.get(name)
                true[name] = stands.forms if known is None else known + stands.forms

    @property
    def is_plain(self) -> bool:
        """Whether it is words between spaces."""
        return bool(self._plain)

    def reading(self) -> Reading:
        """The article for all that needs more than its words."""
        if self._reading is None:
            title_past = self._body_at - 3
            prepared = self._prepared[1:title_past], self._prepared[self._body_at : -2]
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
            forms = [self.true[name] for name in (leaf[1:].split(RUN) if leaf[0] == RUN else (leaf,))]
            spans = self._spans[leaf] = self._written(forms) if self._plain else self._read(forms)
        return spans

    def _written(self, forms: list[Names]) -> list[Span]:
        """The places of words in a row, in a text of words between spaces."""
        rest = forms[1:]
        body_at = self._body_at
        found: list[Span] = []
        for form in forms[0]:
            size = len(form)
            for start in self._starts(form):
                end, last = start + size, form
                if rest:
                    row = self._row(end, rest)
                    if row is None:
                        continue
                    end, last = row
                if JOINED in last and self._prepared[end] == ".":
                    end += 1  # the last dot of U.S.
                if start < body_at:
                    found.append(("title", start - 1, end - 1))
                else:
                    found.append(("body", start - body_at, end - body_at))
        return found

    def _starts(self, form: str) -> list[int]:
        """Where a word stands in the plain text: a few are searched for, from then on all are noted at once."""
        starts = self._where.get(form)
        if starts is not None:
            return starts
        plain = self._plain
        self._searches += 1
        if self._searches > SEARCHES_MOST:
            noted = self._where
            noted.clear()
            words = plain.split(" ")  # with empty ones: the lengths of all give the places
            past = list(accumulate(map(len, words)))
            for index in compress(range(len(words)), map(self._wanted().__contains__, words)):
                word = words[index]
                noted.setdefault(word, []).append(past[index] + index - len(word))
            return noted[form]
        starts = self._where[form] = []
        wanted = f" {form} "
        at = plain.find(wanted)
        while at >= 0:
            starts.append(at + 1)
            at = plain.find(wanted, at + len(form) + 1)
        return starts

    def _wanted(self) -> set[str]:
        """The words that stand for something."""
        return set(chain.from_iterable(self.true.values()))

    def _row(self, end: int, rest: list[Names]) -> tuple[int, str] | None:
        """Where the words end that follow one another from a place on, and the last of them; None: another follows."""
        plain = self._plain
        word = ""
        for others in rest:
            while plain[end] == " ":
                end += 1
            for word in others:
                if plain.startswith(word, end) and plain[end + len(word)] == " ":
                    break
            else:
                return None
            end += len(word)
        return end, word

    def _read(self, forms: list[Names]) -> list[Span]:
        """The places of words in a row, in a text that was read word by word."""
        if not self._where:
            for index in compress(range(len(self._words)), map(self._wanted().__contains__, self._words)):
                self._where.setdefault(self._words[index], []).append(index)
        title, body = self.reading().title, self.reading().body
        body_from = len(title.folded) + 1
        found: list[Span] = []
        for form in forms[0]:
            for first in self._where[form]:
                past = first + len(forms)
                if any(word not in others for word, others in zip(self._words[first:past], forms, strict=False)):
                    continue
                if past <= body_from:
                    found.append(("title", *title.place(first, past)))
                elif past <= len(self._words):
                    found.append(("body", *body.place(first - body_from, past - body_from)))
        return found
