"""An article prepared once for all topics: its words, and the evidence and scores of its matches.

Plain Python, compiled with the types in scan.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable, Iterator
from heapq import merge
from math import log2

import cython

from handlers.topics.index.budget import Budget, budget_for
from handlers.topics.index.fields import CharSpan, Fields, Readable, inflection_of
from handlers.topics.index.findings import MAX_EVIDENCE, TITLE_WEIGHT
from handlers.topics.index.forms import Forms
from handlers.topics.index.reading import Reading
from handlers.topics.index.word_spans import MergedSpans
from handlers.topics.text.letters import ACRONYM_DOT, BREAK
from handlers.topics.text.sentences import sentence_ends_between
from handlers.topics.text.words import Words, enlarged, int_array, prepare
from storage.records import Evidence

EvidenceAndScore = tuple[tuple[Evidence, ...], float]

IS_COMPILED = cython.compiled

_LANGUAGES_WITH_OWN_LOWER_CASE = ("tr", "az")
"""In these, the lower case of an ASCII letter depends on whether the whole text is ASCII."""
# Evidence is created by setting its slots, because its constructor takes twice as long. Compiled, scan.pxd replaces
# these two functions with the C functions that they call.
if not cython.compiled:

    def _new(of: type[Evidence], _: int) -> Evidence:
        return object.__new__(of)

    _set_slot = object.__setattr__
_OFFSET_BITS = 32
_OFFSET_MASK = 0xFFFFFFFF
_INITIAL_ROOM = 64
_ONE_SPACE = 1
"""Characters between most words. No sentence ends there."""


class Scan:
    """The title and body of an article as one text, which is split into words in one pass.

    If the text cannot be split like this, title and body are split one after the other.
    """

    def __init__(self, readable: Readable, forms_of: Callable[[str], Forms]) -> None:
        """`forms_of` returns the forms for texts in a language."""
        self.readable = readable
        self._title = title = str(readable.title)  # converts an instance of a subclass of str
        self._body = body = str(readable.body)
        if BREAK in title or BREAK in body:
            title, body = title.replace(BREAK, " "), body.replace(BREAK, " ")
        self.body_at = len(title) + 4
        """Where the body starts in the prepared text."""
        self.prepared = prepare(f" {title} {BREAK} {body} {BREAK} ")
        self.number = 0
        """The number of the text in `HoldingLeaves`."""
        self.pairs: list[int] = []
        """The leaves of adjacent characters that occur, in a script without spaces."""
        self.results: dict[int, EvidenceAndScore] = {}
        """By leaf, for topics that match by one leaf alone."""
        self.phrase_matches: dict[int, int] = {}
        """By leaf of a phrase that is not plain: 1 if it occurs, 0 if not, -1 if finding out costs too much."""
        self.stopped: tuple[int, ...] = ()
        """The ids of topics that were stopped because they exceeded their budget, ascending."""
        self.owner = 0
        """The workspace of the current topic."""
        self._fields: Fields | None = None
        self._current_budget: Budget | None = None
        # Most articles need neither of these.
        self._budgets: dict[int, Budget] | None = None
        self._readings: dict[int, Reading] | None = None
        language = inflection_of(readable)
        self.forms = forms_of(language)
        is_splittable = language not in _LANGUAGES_WITH_OWN_LOWER_CASE or self.prepared.isascii()
        words = self.forms.find(self.prepared) if is_splittable else None
        self.words = self._words_of_fields() if words is None else words

    def _words_of_fields(self) -> Words:
        fields = self.fields()
        title, body = fields.title, fields.body
        words = [(word, start + 1, end + 1) for word, (start, end) in zip(title.stemmable, title.spans, strict=True)]
        words.append((BREAK, self.body_at - 2, self.body_at - 1))
        for word, (start, end) in zip(body.stemmable, body.spans, strict=True):
            words.append((word, start + self.body_at, end + self.body_at))
        return self.forms.find_each(words, has_unspaced=fields.has_unspaced)

    def fields(self) -> Fields:
        """Return the fields of the article, for queries that words alone cannot decide."""
        if self._fields is None:
            prepared = self.prepared[1 : self.body_at - 3], self.prepared[self.body_at : len(self.prepared) - 3]
            self._fields = Fields(self.readable, prepared)
        return self._fields

    def budget(self, workspace: int) -> Budget:
        """Return the budget of a workspace for this article."""
        if self._budgets is None:
            self._budgets = {}
        budget = self._budgets.get(workspace)
        if budget is None:
            budget = self._budgets[workspace] = budget_for(len(self.prepared))
        return budget

    def charge(self, workspace: int, topic: int) -> Budget:
        """Return the budget of a workspace, which pays for the evaluation of one of its topics from now on."""
        if self._current_budget is None or workspace != self.owner:
            self.owner = workspace
            self._current_budget = self.budget(workspace)
        self._current_budget.start(topic)
        return self._current_budget

    def reading(self, workspace: int) -> Reading:
        """Return the evaluator of query trees for the topics of a workspace."""
        if self._readings is None:
            self._readings = {}
        reading = self._readings.get(workspace)
        if reading is None:
            reading = self._readings[workspace] = Reading(self.fields(), self.budget(workspace))
        return reading

    def clear_cache(self) -> None:
        """Free the memory of what was computed for the current workspace, after one of its topics was stopped."""
        if self._readings is not None and self.owner in self._readings:
            self._readings[self.owner].clear_cache()

    def has_leaf_at(self, word: int, leaf: int) -> bool:
        """Return whether a word of the text matches a query word."""
        form = self.words.forms[word]
        pool = self.forms.pool
        at = form + 1
        end = at + pool[form]
        while at < end and pool[at] != leaf:
            at += 1
        return at < end

    def is_in_one_sentence(self, first: int, last: int) -> bool:
        """Return whether no sentence ends between two adjacent words, or any words between them."""
        words = self.words
        for word in range(first, last):
            end = words.ends[word]
            start = words.starts[word + 1]
            if start - end > _ONE_SPACE and sentence_ends_between(self.prepared, end, start):
                return False
        return True

    def packed(self, span: CharSpan) -> int:
        """Return the start and end of a span of the original text, as offsets into the prepared text, in one number."""
        field, start, end = span
        by = 1 if field == "title" else self.body_at
        return (start + by) << _OFFSET_BITS | (end + by)

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the evidence for a span of the prepared text."""
        in_body = start >= self.body_at
        by = self.body_at if in_body else 1
        text = self._body if in_body else self._title
        evidence = _new(Evidence, 0)
        _set_slot(evidence, "field", "body" if in_body else "title")
        _set_slot(evidence, "start", start - by)
        _set_slot(evidence, "end", end - by)
        _set_slot(evidence, "text", text[start - by : end - by])
        return evidence


class EvidenceBuilder:
    """Collects the occurrences of a query's parts, and returns what `findings.evidence_and_score` would return.

    The object is used for one topic after another.
    """

    def __init__(self) -> None:
        self._merged_spans = MergedSpans()
        self._starts = int_array(_INITIAL_ROOM)
        self._ends = int_array(_INITIAL_ROOM)

    def reset(self, scan: Scan) -> None:
        """Start again, for a topic that matches this article."""
        self._scan = scan
        self._words = scan.words
        self._merged_spans.reset(scan.words.count)
        self._count = 0
        self._score = 0.0
        self.in_title = self.in_body = 0
        """Occurrences of the current part."""
        self.others: Iterator[int] | None = None
        """Occurrences of parts that are not plain, in reading order, as `Scan.packed` returns them."""

    def add(self, first: int, last: int) -> None:
        """Add an occurrence of the current part: adjacent words, by their numbers."""
        if self._words.starts[first] < self._scan.body_at:
            self.in_title += 1
        else:
            self.in_body += 1
        self._merged_spans.add_span(first, last + 1)

    def _add_chars(self, start: int, end: int) -> None:
        count = self._count
        if count == len(self._starts):
            self._starts = enlarged(self._starts, 2 * count)
            self._ends = enlarged(self._ends, 2 * count)
        self._starts[count] = start
        self._ends[count] = end
        self._count += 1

    def end_part(self) -> None:
        """Add the score of the current part, and start the next."""
        self.add_score(self.in_title, self.in_body)
        self.in_title = self.in_body = 0

    def add_score(self, in_title: int, in_body: int) -> None:
        """Add the score of a part that occurs so often."""
        if in_title:
            self._score += TITLE_WEIGHT
        if in_body > 1:
            self._score += log2(1 + in_body)
        elif in_body or not in_title:
            self._score += 1.0

    def result(self) -> EvidenceAndScore:
        """Return the evidence in reading order, overlapping pieces merged, and the score."""
        thousandths: float = int(self._score * 1000 + 0.5)
        score = thousandths / 1000.0
        merged_spans, words, prepared = self._merged_spans, self._words, self._scan.prepared
        for at in range(merged_spans.count):
            first = merged_spans.starts[at]
            last = merged_spans.ends[first] - 1
            end = words.ends[last]
            if prepared[end] == "." and ACRONYM_DOT in prepared[words.starts[last] : end]:
                end += 1  # the last dot of U.S.
            self._add_chars(words.starts[first], end)
        if self.others is not None:
            return self._merge_with(self.others), score
        if self._count == 1:  # the most frequent case
            return (self._scan.evidence(self._starts[0], self._ends[0]),), score
        self._sort()
        pieces: list[Evidence] = []
        at = 0
        while at < self._count and len(pieces) < MAX_EVIDENCE:
            start = self._starts[at]
            end = self._ends[at]
            at += 1
            while at < self._count and self._starts[at] < end:
                end = max(end, self._ends[at])
                at += 1
            pieces.append(self._scan.evidence(start, end))
        return tuple(pieces), score

    def _merge_with(self, others: Iterator[int]) -> tuple[Evidence, ...]:
        """Return all evidence in reading order, overlapping pieces merged. Takes no more of `others` than it needs."""
        self._sort()
        own: list[int] = []
        start = end = -1
        for at in range(self._count):
            packed = self._starts[at]
            own.append(packed << _OFFSET_BITS | self._ends[at])
        pieces: list[Evidence] = []
        for packed in merge(own, others):
            if packed >> _OFFSET_BITS >= end:
                if end >= 0:
                    pieces.append(self._scan.evidence(start, end))
                    if len(pieces) == MAX_EVIDENCE:
                        return tuple(pieces)
                start = packed >> _OFFSET_BITS
            end = max(end, packed & _OFFSET_MASK)
        if end >= 0:
            pieces.append(self._scan.evidence(start, end))
        return tuple(pieces)

    def _sort(self) -> None:
        """Sort the occurrences by their start, unless they already are sorted."""
        for at in range(1, self._count):
            if self._starts[at] < self._starts[at - 1]:
                break
        else:
            return
        spans: list[int] = []
        for at in range(self._count):
            start = self._starts[at]
            spans.append(start << _OFFSET_BITS | self._ends[at])
        spans.sort()
        for at, packed in enumerate(spans):
            self._starts[at] = packed >> _OFFSET_BITS
            self._ends[at] = packed & _OFFSET_MASK
