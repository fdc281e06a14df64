"""Whether an article matches a query, by which words, and with what score."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice, starmap
from math import log2
from typing import Final, assert_never

from handlers.topics.index.fields import CharSpan
from handlers.topics.index.reading import NODE_STEPS, Reading
from handlers.topics.index.word_spans import WordSpans, intersection
from handlers.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Leaf,
    Metadata,
    Near,
    Not,
    Or,
    Outside,
    Phrase,
    Reference,
    Regex,
    Tree,
    Word,
)
from storage.records import Evidence

MAX_EVIDENCE: Final = 60
"""Pieces of evidence for one match. Those in the title come first."""
TITLE_WEIGHT: Final = 3.0
SPAN_STEPS: Final = 60
"""Steps for finding the characters of a span."""


def matches(tree: Tree, reading: Reading) -> bool:
    """Return whether the article matches the tree. Raises: OverBudget."""
    return reading.cached_match(tree, _matches)


def _matches(tree: Tree, reading: Reading) -> bool:
    match tree:
        case Phrase() | Regex() | Metadata():
            return reading.matches_leaf(tree)
        case And():
            return all(matches(part, reading) for part in tree.parts)
        case Or():
            return any(matches(part, reading) for part in tree.parts)
        case Not():
            return not matches(tree.part, reading)
        case Reference():
            return matches(tree.part, reading)
        case AtLeast():
            return sum(matches(part, reading) for part in tree.parts) >= tree.count
        case Near():
            return reading.matches_near(tree)
        case Outside():
            return reading.spans_of(tree).count > 0
        case _:
            assert_never(tree)


def satisfied_parts(tree: Tree, reading: Reading) -> Iterator[Leaf | Near | Outside]:
    """Yield the parts that make a matching tree match. Raises: OverBudget."""
    match tree:
        case And() | Or() | AtLeast():
            for part in tree.parts:
                if matches(part, reading):
                    yield from satisfied_parts(part, reading)
        case Reference():
            yield from satisfied_parts(tree.part, reading)
        case Not():
            return
        case _:
            yield tree


class Findings:
    """What parts of a query find in an article: how often each occurs, and where."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._word_spans: dict[int, WordSpans] = {}
        """By identity."""
        self._char_spans: list[CharSpan] = []
        """Those that do not consist of words: matches of regular expressions, and words with signs after them."""
        self.counts: list[tuple[int, int]] = []
        """For each part, its number of occurrences in the title and in the body."""

    def add(self, part: Leaf | Near | Outside) -> None:
        """Add the occurrences of a part. Raises: OverBudget."""
        reading, fields = self._reading, self._reading.fields
        reading.budget.spend(NODE_STEPS)
        match part:
            case Phrase() | Near() | Outside():
                found = phrase_spans(part, reading)
                in_body = found.total(fields.body_at)
                self.counts.append((found.total() - in_body, in_body))
                if signs := count_signs_after(part):
                    reading.budget.spend(SPAN_STEPS * found.count)
                    self._char_spans += [extended(fields.char_span(*span), signs) for span in found.listed()]
                self._word_spans[id(found)] = found
            case Regex():
                spans = [span for span in fields.regex_spans(part, reading.budget) if span[0] in TEXT_FIELDS]
                in_body = sum(span[0] == "body" for span in spans)
                self.counts.append((len(spans) - in_body, in_body))
                self._char_spans += spans
            case Metadata():
                self.counts.append((0, 0))

    def spans(self) -> Iterator[CharSpan]:
        """Yield all occurrences in reading order, overlapping ones merged. Each is computed on demand.

        Raises: OverBudget.
        """
        fields, merged_spans = self._reading.fields, self._reading.fields.merged_spans()
        for spans in self._word_spans.values():
            self._reading.budget.spend(spans.count * spans.stride)
            merged_spans.add(spans)
        found: Iterator[CharSpan] = starmap(fields.char_span, merged_spans.listed())
        if self._char_spans:
            found = merge(found, sorted(self._char_spans, key=_reading_order), key=_reading_order)
        return merged(found)


def phrase_spans(tree: Phrase | Near | Outside, reading: Reading) -> WordSpans:
    """Return the spans of the phrases that make a tree match. For a NEAR, the words between the sides are left out.

    Raises: OverBudget.
    """
    if isinstance(tree, Outside) and not isinstance(tree.part, Phrase):
        spans = reading.spans_of(tree)
        return reading.cached(
            ("outside words", id(spans)), (spans,), lambda: reading.union(_phrases_in(tree.part, spans, reading))
        )
    if not isinstance(tree, Near):
        return reading.spans_of(tree)
    left, right = reading.spans_of(tree.left), reading.spans_of(tree.right)

    def compute() -> WordSpans:
        join = reading.fields.near_join(reading.budget)
        lefts, rights = join.partners(left, right, tree.words, tree.ordered)
        return reading.union([*_phrases_in(tree.left, lefts, reading), *_phrases_in(tree.right, rights, reading)])

    return reading.cached(("words", tree.words, tree.ordered, id(left), id(right)), (left, right), compute)


def _phrases_in(tree: Tree, spans: WordSpans, reading: Reading) -> list[WordSpans]:
    """Return the spans of the phrases of which some spans of a tree consist."""
    reading.budget.spend(NODE_STEPS)
    if not spans.count:
        return []
    match tree:
        case Reference() | Outside():
            return _phrases_in(tree.part, spans, reading)
        case Or():
            found = []
            for part in tree.parts:
                part_spans = reading.spans_of(part)
                if part_spans.count:
                    reading.budget.spend(part_spans.count + spans.count)
                    found += _phrases_in(part, intersection(part_spans, spans), reading)
            return found
        case Near():
            left, right = reading.spans_of(tree.left), reading.spans_of(tree.right)
            join = reading.fields.near_join(reading.budget)
            lefts, rights = join.sides_of(left, right, tree.words, tree.ordered, spans)
            return [*_phrases_in(tree.left, lefts, reading), *_phrases_in(tree.right, rights, reading)]
        case _:
            return [spans]


def count_signs_after(part: Phrase | Near | Outside) -> int:
    """Return the number of signs after a phrase that are part of it, such as 2 for C++."""
    last = part.variants[0].atoms[-1] if isinstance(part, Phrase) else None
    return len(last.signs_after) if isinstance(last, Word) else 0


def extended(span: CharSpan, by: int) -> CharSpan:
    field, start, end = span
    return field, start, end + by


def _reading_order(span: CharSpan) -> tuple[bool, int, int]:
    return span[0] != "title", span[1], span[2]


def merged(spans: Iterable[CharSpan]) -> Iterator[CharSpan]:
    """Yield spans, given in reading order, with overlapping ones merged."""
    field, start, end = "", 0, 0
    for following in spans:
        if following[0] == field and following[1] < end:
            end = max(end, following[2])
            continue
        if field:
            yield field, start, end
        field, start, end = following
    if field:
        yield field, start, end


def evidence_and_score(tree: Tree, reading: Reading) -> tuple[tuple[Evidence, ...], float]:
    """Return the words by which an article matches a tree, in reading order, and the score of the match.

    Overlapping words are merged. In the score, a word in the title counts most, and repetition counts less and less. It
    is rounded to thousandths, without round(), which would format the number and parse it again. Raises: OverBudget.
    """
    findings = Findings(reading)
    for part in satisfied_parts(tree, reading):
        findings.add(part)
    score = 0.0
    for in_title, in_body in findings.counts:
        if in_title:
            score += TITLE_WEIGHT
        score += log2(1 + in_body) if in_title or in_body else 1.0
    texts = {"title": reading.readable.title, "body": reading.readable.body}
    evidence = [
        Evidence(field=field, start=start, end=end, text=texts[field][start:end])
        for field, start, end in islice(findings.spans(), MAX_EVIDENCE)
    ]
    return tuple(evidence), int(score * 1000 + 0.5) / 1000
