"""An article folded once for all topics: its words, and where in the original the leaves of a topic stand.

Plain Python; compiled where it was installed with a compiler, by the types in scan.pxd.
"""

from collections.abc import Callable
from math import log2

import cython

from handlers.topics.index.evaluate import EVIDENCE_MOST, TITLE_WEIGHT
from handlers.topics.index.forms import Forms
from handlers.topics.index.reading import Readable, Reading, Span, language_of
from handlers.topics.text.letters import BREAK, JOINED
from handlers.topics.text.words import Words, grown, numbers_for, prepare
from storage.records import Evidence

Told = tuple[tuple[Evidence, ...], float]

IS_COMPILED = cython.compiled

_OWN_LOWER_CASE = ("tr", "az")
"""Languages in which the lower case of a letter in ASCII depends on whether all of the text is in it."""
# An Evidence is made by its slots: its constructor takes twice as long. Compiled, this is C's own, in scan.pxd.
if not cython.compiled:

    def _new(of: type[Evidence], _: int) -> Evidence:
        return object.__new__(of)

    _set_slot = object.__setattr__
_PLACE_BITS = 32
_PLACE_MASK = 0xFFFFFFFF
_ROOM = 64


class Scan:
    """Title and body as one text, whose words are found all at once; where that cannot be, title and body are read word
    by word."""

    def __init__(self, readable: Readable, forms_of: Callable[[str], Forms]) -> None:
        self.readable = readable
        self._title = title = str(readable.title)  # a reader's own kind of str made one
        self._body = body = str(readable.body)
        if BREAK in title or BREAK in body:
            title, body = title.replace(BREAK, " "), body.replace(BREAK, " ")
        self.body_at = len(title) + 4
        self.prepared = prepare(f" {title} {BREAK} {body} {BREAK} ")
        self.read: Reading | None = None
        self.number = 0
        """By which it is known while it is under way."""
        self.pairs: list[int] = []
        """Leaves that are neighbours in it, in a script without spaces."""
        self.told_of: dict[int, Told] = {}
        """Of leaves."""
        self.noted: dict[int, list[int]] = {}
        """Where leaves stand of which more is asked than words in a row."""
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

    def piece(self, start: int, end: int) -> Evidence:
        """What stands in the original where some characters of the prepared text do."""
        in_body = start >= self.body_at
        by = self.body_at if in_body else 1
        text = self._body if in_body else self._title
        piece = _new(Evidence, 0)
        _set_slot(piece, "field", "body" if in_body else "title")
        _set_slot(piece, "start", start - by)
        _set_slot(piece, "end", end - by)
        _set_slot(piece, "text", text[start - by : end - by])
        return piece


class Sum:
    """What was found by the parts of a query, summed up as `evaluate.sum_up` does it. Does for one after the other."""

    def __init__(self) -> None:
        self._begins = numbers_for(_ROOM)
        self._ends = numbers_for(_ROOM)

    def begin(self, scan: Scan) -> None:
        """Forget what there is, for a query that is told of a text."""
        self._scan = scan
        self._words = scan.words
        self._count = 0
        self._score = 0.0
        self._in_body = self._in_title = 0

    def add(self, first: int, last: int) -> None:
        """Add some words in a row to the part under way."""
        begin = self._words.begins[first]
        end = self._words.ends[last]
        prepared = self._scan.prepared
        if prepared[end] == "." and JOINED in prepared[self._words.begins[last] : end]:
            end += 1  # the last dot of U.S.
        self._add(begin, end)

    def add_all(self, places: list[int]) -> None:
        """Add places to the part under way."""
        for place in places:
            self._add(place >> _PLACE_BITS, place & _PLACE_MASK)

    def _add(self, begin: int, end: int) -> None:
        if begin < self._scan.body_at:
            self._in_title += 1
        else:
            self._in_body += 1
        count = self._count
        if count == len(self._begins):
            self._begins = grown(self._begins, 2 * count)
            self._ends = grown(self._ends, 2 * count)
        self._begins[count] = begin
        self._ends[count] = end
        self._count += 1

    def end_part(self) -> None:
        """What comes next is another part's."""
        if self._in_title:
            self._score += TITLE_WEIGHT
        if self._in_body > 1:
            self._score += log2(1 + self._in_body)
        elif self._in_body or not self._in_title:
            self._score += 1.0
        self._in_body = self._in_title = 0

    def told(self) -> Told:
        """The places of all parts, ascending, overlapping ones made one; and the score."""
        thousandths: float = int(self._score * 1000 + 0.5)
        score = thousandths / 1000.0
        if self._count == 1:  # as it mostly is
            return (self._scan.piece(self._begins[0], self._ends[0]),), score
        self._sort()
        pieces: list[Evidence] = []
        at = 0
        while at < self._count and len(pieces) < EVIDENCE_MOST:
            begin = self._begins[at]
            end = self._ends[at]
            at += 1
            while at < self._count and self._begins[at] < end:
                end = max(end, self._ends[at])
                at += 1
            pieces.append(self._scan.piece(begin, end))
        return tuple(pieces), score

    def _sort(self) -> None:
        for at in range(1, self._count):
            if self._begins[at] < self._begins[at - 1]:
                break
        else:
            return
        places: list[int] = []
        for at in range(self._count):
            begin = self._begins[at]
            places.append(begin << _PLACE_BITS | self._ends[at])
        places.sort()
        for at, place in enumerate(places):
            self._begins[at] = place >> _PLACE_BITS
            self._ends[at] = place & _PLACE_MASK
