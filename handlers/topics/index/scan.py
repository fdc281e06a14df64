"""An article prepared once for all topics: its words, and pieces of it as evidence.

Plain Python, compiled with the types in scan.pxd if a C compiler is available during installation.
"""

from collections.abc import Callable
from weakref import ref

import cython

from handlers.topics.index.budget import Budget, budget_for
from handlers.topics.index.fields import CharSpan, Fields, Readable, inflection_of
from handlers.topics.index.forms import Forms
from handlers.topics.index.hashtag_words import listed, place_parts, words_of_fields
from handlers.topics.index.reading import Reading
from handlers.topics.index.scanned import FindSpans, ScannedFields
from handlers.topics.index.word_spans import WordSpans
from handlers.topics.query.lexer import MAX_NEAR
from handlers.topics.query.tree import Phrase
from handlers.topics.text.hashtags import hashtag_parts
from handlers.topics.text.letters import BREAK
from handlers.topics.text.sentences import sentence_ends_between
from handlers.topics.text.words import Words, prepare
from storage.records import Evidence

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
_ONE_SPACE = 1
"""Characters between most words. No sentence ends there."""


class Scan:
    """The title and body of an article as one text, which is split into words in one pass.

    If the text cannot be split like this, title and body are split one after the other.
    """

    def __init__(
        self,
        readable: Readable,
        forms_of: Callable[[str], Forms],
        find_spans: "FindSpansIn",
    ) -> None:
        """`forms_of` returns the forms for texts in a language."""
        self.readable = readable
        self._title = title = str(readable.title)  # converts an instance of a subclass of str
        self._body = body = str(readable.body)
        if BREAK in title or BREAK in body:
            title, body = title.replace(BREAK, " "), body.replace(BREAK, " ")
        self.body_at = len(title) + 4
        """Where the body starts in the prepared text."""
        text = f" {title} {BREAK} {body} {BREAK} "
        self.prepared = prepare(text)
        hashtags = hashtag_parts(self.prepared, text) if "#" in self.prepared else ()
        self.number = 0
        """The number of the text in `HoldingLeaves`."""
        self.results: dict[int, tuple[tuple[Evidence, ...], float]] = {}
        """By leaf, for topics that match by one leaf alone."""
        self.spans: dict[int, WordSpans] = {}
        """By leaf, for phrases of trees: where they occur."""
        self._find_spans = find_spans
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
        # The parts of hashtags are split with the text, after its end. Then they get their places in the text.
        prepared = self.prepared + listed(self.prepared, hashtags) if hashtags else self.prepared
        words = self.forms.find(prepared) if is_splittable else None
        self.words = self._words_of_fields() if words is None else words
        self.positions = place_parts(self.words, hashtags, self.body_at) if hashtags else None
        """Of the words, if there are hashtags in camel case."""

    def _words_of_fields(self) -> Words:
        prepared = self.prepared[1 : self.body_at - 3], self.prepared[self.body_at : len(self.prepared) - 3]
        fields = Fields(self.readable, prepared)
        return self.forms.find_each(words_of_fields(fields.title, fields.body, self.body_at))

    def fields(self) -> Fields:
        """Return the fields of the article, for queries that words alone cannot decide."""
        if self._fields is None:
            find_spans = _finder_for(self, self._find_spans)
            self._fields = ScannedFields(
                self.readable, self.prepared, self.body_at, self.words, find_spans, self.positions
            )
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

    def is_tight(self, word: int) -> bool:
        """Return whether there are only spaces, if anything, between a word and the next."""
        end = self.words.ends[word]
        start = self.words.starts[word + 1]
        return start == end or self.prepared[end:start].isspace()

    def is_in_body(self, word: int) -> bool:
        return self.words.starts[word] >= self.body_at

    def position(self, word: int) -> int:
        """Return the number of a word in `Fields`, where no NEAR reaches from title to body, without hashtags."""
        return word + MAX_NEAR if self.words.starts[word] >= self.body_at else word

    def written(self, start: int, end: int) -> str:
        """Return a span of the prepared text as published."""
        if start >= self.body_at:
            return self._body[start - self.body_at : end - self.body_at]
        return self._title[start - 1 : end - 1]

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


FindSpansIn = Callable[[Phrase, Scan], WordSpans | None]
"""Returns where a phrase occurs in an article, or None if no topic in the index has this phrase."""


def _finder_for(scan: Scan, find_spans: FindSpansIn) -> FindSpans:
    """Return the function for one article, without a reference that would keep the article in memory."""
    reference = ref(scan)

    def find(phrase: Phrase) -> WordSpans | None:
        scan = reference()
        return None if scan is None else find_spans(phrase, scan)

    return find
