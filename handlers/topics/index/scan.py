"""An article folded once for all topics: its words, and where in the original the leaves of a topic stand.

Plain Python; compiled where it was installed with a compiler, by the types in scan.pxd.
"""

from collections.abc import Callable, Iterator
from heapq import merge
from math import log2

import cython

from handlers.topics.index.budget import Budget, for_article
from handlers.topics.index.fields import Fields, Readable, Span, language_of
from handlers.topics.index.findings import EVIDENCE_MOST, TITLE_WEIGHT
from handlers.topics.index.forms import Forms
from handlers.topics.index.places import Cover
from handlers.topics.index.reading import Reading
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
        self.number = 0
        """By which it is known while it is under way."""
        self.pairs: list[int] = []
        """Leaves that are neighbours in it, in a script without spaces."""
        self.told_of: dict[int, Told] = {}
        """Of leaves."""
        self.held: dict[int, int] = {}
        """Of leaves of which more is asked than words in a row, whether they hold: 1, 0, or -1 for too much work."""
        self.stopped: tuple[int, ...] = ()
        """Topics that were stopped because they take too much work for it, by id."""
        self.owner = 0
        """The workspace whose topic is under way."""
        self._fields: Fields | None = None
        self._paying: Budget | None = None
        # Most articles need neither.
        self._budgets: dict[int, Budget] | None = None
        self._readings: dict[int, Reading] | None = None
        language = language_of(readable)
        self.forms = forms_of(language)
        words = None if language in _OWN_LOWER_CASE and not self.prepared.isascii() else self.forms.find(self.prepared)
        self.words = self._words_one_by_one() if words is None else words

    def _words_one_by_one(self) -> Words:
        fields = self.fields()
        title, body = fields.title, fields.body
        places = [(word, start + 1, end + 1) for word, (start, end) in zip(title.forms, title.spans, strict=True)]
        places.append((BREAK, self.body_at - 2, self.body_at - 1))
        for word, (start, end) in zip(body.forms, body.spans, strict=True):
            places.append((word, start + self.body_at, end + self.body_at))
        return self.forms.find_each(places, has_unspaced=fields.has_unspaced)

    def fields(self) -> Fields:
        """The article for all that needs more than its words."""
        if self._fields is None:
            prepared = self.prepared[1 : self.body_at - 3], self.prepared[self.body_at : len(self.prepared) - 3]
            self._fields = Fields(self.readable, prepared)
        return self._fields

    def budget(self, workspace: int) -> Budget:
        """What the topics of a workspace may still spend on the article."""
        if self._budgets is None:
            self._budgets = {}
        budget = self._budgets.get(workspace)
        if budget is None:
            budget = self._budgets[workspace] = for_article(len(self.prepared))
        return budget

    def pay(self, workspace: int, topic: int) -> Budget:
        """What is found from here on is for a topic of this workspace, whose budget pays for it."""
        if self._paying is None or workspace != self.owner:
            self.owner = workspace
            self._paying = self.budget(workspace)
        self._paying.start(topic)
        return self._paying

    def reading(self, workspace: int) -> Reading:
        """The article as the topics of a workspace read it."""
        if self._readings is None:
            self._readings = {}
        reading = self._readings.get(workspace)
        if reading is None:
            reading = self._readings[workspace] = Reading(self.fields(), self.budget(workspace))
        return reading

    def give_up(self) -> None:
        """The current topic is stopped: free what was worked out for it."""
        if self._readings is not None and self.owner in self._readings:
            self._readings[self.owner].forget_places()

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
    """What was found by the parts of a query, summed up as `findings.satisfy` does it. Does for one after the other."""

    def __init__(self) -> None:
        self._cover = Cover()
        self._begins = numbers_for(_ROOM)
        self._ends = numbers_for(_ROOM)

    def begin(self, scan: Scan) -> None:
        """Forget what there is, for a query that is told of a text."""
        self._scan = scan
        self._words = scan.words
        self._cover.begin(scan.words.count)
        self._count = 0
        self._score = 0.0
        self.in_title = self.in_body = 0
        """Places of the part under way."""
        self.others: Iterator[int] | None = None
        """Places of other parts, in order, as `Scan.place` gives them."""

    def add(self, first: int, last: int) -> None:
        """Add some words in a row to the part under way."""
        if self._words.begins[first] < self._scan.body_at:
            self.in_title += 1
        else:
            self.in_body += 1
        self._cover.put(first, last + 1)

    def _add(self, begin: int, end: int) -> None:
        count = self._count
        if count == len(self._begins):
            self._begins = grown(self._begins, 2 * count)
            self._ends = grown(self._ends, 2 * count)
        self._begins[count] = begin
        self._ends[count] = end
        self._count += 1

    def end_part(self) -> None:
        """What comes next is another part's."""
        self.score(self.in_title, self.in_body)
        self.in_title = self.in_body = 0

    def score(self, in_title: int, in_body: int) -> None:
        """Count a part that was found so often."""
        if in_title:
            self._score += TITLE_WEIGHT
        if in_body > 1:
            self._score += log2(1 + in_body)
        elif in_body or not in_title:
            self._score += 1.0

    def told(self) -> Told:
        """The places of all parts, ascending, overlapping ones made one; and the score."""
        thousandths: float = int(self._score * 1000 + 0.5)
        score = thousandths / 1000.0
        cover, words, prepared = self._cover, self._words, self._scan.prepared
        for at in range(cover.count):
            first = cover.firsts[at]
            last = cover.pasts[first] - 1
            end = words.ends[last]
            if prepared[end] == "." and JOINED in prepared[words.begins[last] : end]:
                end += 1  # the last dot of U.S.
            self._add(words.begins[first], end)
        if self.others is not None:
            return self._told_with(self.others), score
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

    def _told_with(self, others: Iterator[int]) -> tuple[Evidence, ...]:
        """The places of all parts, ascending, overlapping ones made one. Of the others no more are asked for than are
        told of."""
        self._sort()
        ours: list[int] = []
        begin = end = -1
        for at in range(self._count):
            place = self._begins[at]
            ours.append(place << _PLACE_BITS | self._ends[at])
        pieces: list[Evidence] = []
        for place in merge(ours, others):
            if place >> _PLACE_BITS >= end:
                if end >= 0:
                    pieces.append(self._scan.piece(begin, end))
                    if len(pieces) == EVIDENCE_MOST:
                        return tuple(pieces)
                begin = place >> _PLACE_BITS
            end = max(end, place & _PLACE_MASK)
        if end >= 0:
            pieces.append(self._scan.piece(begin, end))
        return tuple(pieces)

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
