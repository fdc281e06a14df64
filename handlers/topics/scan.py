"""An article folded once for all topics: its words, and where in the original the leaves of a topic stand.

Plain Python; compiled where it was installed with a compiler, by the types in scan.pxd.
"""

from collections.abc import Callable
from math import log2

import cython

from handlers.topics.evaluate import EVIDENCE_MOST, TITLE_WEIGHT, Trace, trace_of
from handlers.topics.forms import Forms
from handlers.topics.letters import BREAK, JOINED
from handlers.topics.reading import Readable, Reading, Span, language_of
from handlers.topics.tree import Tree
from handlers.topics.words import Words, prepare
from storage.records import Evidence

Told = tuple[tuple[Evidence, ...], float]

IS_COMPILED = cython.compiled

_OWN_LOWER_CASE = ("tr", "az")
"""Languages in which the lower case of a letter in ASCII depends on whether all of the text is in it."""
# An Evidence is made by its slots: its constructor takes twice as long. Compiled, this is C's own, in scan.pxd.
_new = object.__new__
if not cython.compiled:
    _set_slot = object.__setattr__
_PLACE_BITS = 32
_PLACE_MASK = 0xFFFFFFFF


class Scan:
    """Title and body as one text, whose words are found all at once; where that cannot be, title and body are read word
    by word."""

    def __init__(self, readable: Readable, forms_of: Callable[[str], Forms]) -> None:
        self.readable = readable
        title, body = readable.title, readable.body
        if BREAK in title or BREAK in body:
            title, body = title.replace(BREAK, " "), body.replace(BREAK, " ")
        self.body_at = len(title) + 4
        self.prepared = prepare(f" {title} {BREAK} {body} {BREAK} ")
        self.read: Reading | None = None
        self.number = 0
        """By which it is known while it is under way."""
        self.records: dict[int, int] = {}
        """Of the topics that were found, where the postings keep them."""
        self.told_of: dict[int, Told] = {}
        """Of leaves."""
        self.noted: dict[int, list[int]] = {}
        """Where leaves stand of which more is asked than words in a row."""
        self._pieces: dict[int, Evidence] = {}
        """By their places."""
        language = language_of(readable)
        self.forms = forms_of(language)
        words = None if language in _OWN_LOWER_CASE and not self.prepared.isascii() else self.forms.find(self.prepared)
        self.words = self._words_one_by_one() if words is None else words

    def _words_one_by_one(self) -> Words:
        reading = self.reading()
        title, body = reading.title, reading.body
        places = [(word, start + 1, end + 1) for word, (start, end) in zip(title.forms, title.spans, strict=True)]
        places.append((BREAK, self.body_at - 2, self.body_at - 1))
        for word, (start, end) in zip(body.forms, body.spans, strict=True):
            places.append((word, start + self.body_at, end + self.body_at))
        return self.forms.find_each(places, has_unspaced=reading.has_unspaced)

    def reading(self) -> Reading:
        """The article for all that needs more than its words."""
        if self.read is None:
            prepared = self.prepared[1 : self.body_at - 3], self.prepared[self.body_at : len(self.prepared) - 3]
            self.read = Reading(self.readable, prepared)
        return self.read

    def is_at(self, word: int, leaf: int) -> bool:
        """Whether a word, counted, stands for a wanted word."""
        form = self.words.forms[word]
        pool = self.forms.pool
        at = form + 1
        past = at + pool[form]
        while at < past and pool[at] != leaf:
            at += 1
        return at < past

    def place(self, span: Span) -> int:
        """Where some characters of the original stand in the prepared text: begin and end in one number."""
        field, start, end = span
        by = 1 if field == "title" else self.body_at
        return (start + by) << _PLACE_BITS | (end + by)

    def begin_sum(self) -> None:
        """Begin to sum up what was found by the parts of a query, as `evaluate.sum_up` does it."""
        self._every: list[int] = []
        self._score = 0.0
        self._in_body = self._in_title = 0

    def add(self, first: int, last: int) -> None:
        """Add some words in a row to the part under way."""
        begin = self.words.begins[first]
        end = self.words.ends[last]
        if self.prepared[end] == "." and JOINED in self.prepared[self.words.begins[last] : end]:
            end += 1  # the last dot of U.S.
        if begin < self.body_at:
            self._in_title += 1
        else:
            self._in_body += 1
        self._every.append(begin << _PLACE_BITS | end)

    def add_all(self, places: list[int]) -> None:
        """Add places to the part under way."""
        for place in places:
            if place >> _PLACE_BITS < self.body_at:
                self._in_title += 1
            else:
                self._in_body += 1
            self._every.append(place)

    def end_part(self) -> None:
        """What comes next is another part's."""
        if self._in_title:
            self._score += TITLE_WEIGHT
        if self._in_body > 1:
            self._score += log2(1 + self._in_body)
        elif self._in_body or not self._in_title:
            self._score += 1.0
        self._in_body = self._in_title = 0

    def summed_up(self) -> Told:
        every = _merged(self._every) if len(self._every) > 1 else self._every
        evidence = tuple([self._piece(place) for place in every[:EVIDENCE_MOST]])
        whole: float = int(self._score)
        return evidence, self._score if self._score == whole else round(self._score, 3)

    def _piece(self, place: int) -> Evidence:
        piece = self._pieces.get(place)
        if piece is None:
            start, end = place >> _PLACE_BITS, place & _PLACE_MASK
            in_body = start >= self.body_at
            by = self.body_at if in_body else 1
            text = self.readable.body if in_body else self.readable.title
            piece = _new(Evidence)
            _set_slot(piece, "field", "body" if in_body else "title")
            _set_slot(piece, "start", start - by)
            _set_slot(piece, "end", end - by)
            _set_slot(piece, "text", text[start - by : end - by])
            self._pieces[place] = piece
        return piece


class Found:
    """A topic that an article satisfies. The rest is worked out when asked for: ask before the topics change."""

    def __init__(
        self, topic_id: int, scan: Scan, tell: Callable[[int, Scan], Told], tree_of: Callable[[int], Tree]
    ) -> None:
        self.topic_id = topic_id
        self.scan = scan
        self._tell = tell
        self._tree_of = tree_of
        self._told: Told | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        if self._told is None:
            self._told = self._tell(self.topic_id, self.scan)
        return self._told[0]

    @property
    def score(self) -> float:
        if self._told is None:
            self._told = self._tell(self.topic_id, self.scan)
        return self._told[1]

    @property
    def trace(self) -> Trace:
        """The query tree with each leaf ticked."""
        return trace_of(self._tree_of(self.topic_id), self.scan.reading())


def _merged(places: list[int]) -> list[int]:
    """Ascending, overlapping ones made one. Title and body never overlap, for signs stand between them."""
    end = 0
    for place in places:
        if place >> _PLACE_BITS < end:
            break
        end = place & _PLACE_MASK
    else:
        return places
    merged: list[int] = []
    begin = end = 0
    for place in sorted(set(places)):
        start = place >> _PLACE_BITS
        past = place & _PLACE_MASK
        if start < end:
            end = max(end, past)
            continue
        if end:
            merged.append(begin << _PLACE_BITS | end)
        begin = start
        end = past
    merged.append(begin << _PLACE_BITS | end)
    return merged
