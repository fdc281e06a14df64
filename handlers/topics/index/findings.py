"""Which parts of a query hold in an article, the words that they are found by, and how strong a match that is."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice, starmap
from math import log2
from typing import Final, assert_never

from handlers.topics.index.fields import Span
from handlers.topics.index.places import Places
from handlers.topics.index.reading import NODE_STEPS, Reading
from handlers.topics.query.tree import (
    TEXT_FIELDS,
    About,
    And,
    AtLeast,
    Leaf,
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

EVIDENCE_MOST: Final = 60
"""Words shown for one match; those of the title come first."""
TITLE_WEIGHT: Final = 3.0
SPAN_STEPS: Final = 60
"""Steps for finding the characters of a place."""


def holds(tree: Tree, reading: Reading) -> bool:
    """Whether the article satisfies the tree. Raises: OverBudget."""
    return reading.held(tree, _holds)


def _holds(tree: Tree, reading: Reading) -> bool:
    match tree:
        case Phrase() | Regex() | About():
            return reading.holds_leaf(tree)
        case And():
            return all(holds(part, reading) for part in tree.parts)
        case Or():
            return any(holds(part, reading) for part in tree.parts)
        case Not():
            return not holds(tree.part, reading)
        case Reference():
            return holds(tree.part, reading)
        case AtLeast():
            return sum(holds(part, reading) for part in tree.parts) >= tree.count
        case Near():
            return reading.holds_near(tree)
        case Outside():
            return reading.places(tree).count > 0
        case _:
            assert_never(tree)


def reasons(tree: Tree, reading: Reading) -> Iterator[Leaf | Near | Outside]:
    """The parts that make a tree true that holds. Raises: OverBudget."""
    match tree:
        case And() | Or() | AtLeast():
            for part in tree.parts:
                if holds(part, reading):
                    yield from reasons(part, reading)
        case Reference():
            yield from reasons(tree.part, reading)
        case Not():
            return
        case _:
            yield tree


class Findings:
    """What the parts of a query find in an article: how many places each, and where they all are."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._places: dict[int, Places] = {}
        """By identity."""
        self._spans: list[Span] = []
        """Those that no words make up: what expressions find, and signs behind words."""
        self.counts: list[tuple[int, int]] = []
        """Of each part, the places in the title and in the body."""

    def add(self, part: Leaf | Near | Outside) -> None:
        """Raises: OverBudget."""
        reading, fields = self._reading, self._reading.fields
        reading.budget.spend(NODE_STEPS)
        match part:
            case Phrase() | Near() | Outside():
                found = reading.words(part)
                in_body = found.numbered(fields.body_at)
                self.counts.append((found.numbered() - in_body, in_body))
                if tail := tail_of(part):
                    reading.budget.spend(SPAN_STEPS * found.count)
                    self._spans += [lengthened(fields.characters(*place), tail) for place in found.listed()]
                self._places[id(found)] = found
            case Regex():
                spans = [span for span in fields.finds(part, reading.budget) if span[0] in TEXT_FIELDS]
                in_body = sum(span[0] == "body" for span in spans)
                self.counts.append((len(spans) - in_body, in_body))
                self._spans += spans
            case About():
                self.counts.append((0, 0))

    def spans(self) -> Iterator[Span]:
        """Where it all is, in reading order, overlapping places made one; each is worked out when it is asked for.

        Raises: OverBudget.
        """
        fields, cover = self._reading.fields, self._reading.fields.cover()
        for places in self._places.values():
            self._reading.budget.spend(places.count * places.stride)
            cover.add(places)
        runs = starmap(fields.characters, cover.runs())
        return merged(merge(runs, sorted(self._spans, key=_reading_order), key=_reading_order) if self._spans else runs)


def tail_of(part: Phrase | Near | Outside) -> int:
    """How many signs stand behind a phrase that are a part of it, as in C++."""
    last = part.forms[0].atoms[-1] if isinstance(part, Phrase) else None
    return len(last.tail) if isinstance(last, Word) else 0


def lengthened(span: Span, by: int) -> Span:
    field, start, end = span
    return field, start, end + by


def _reading_order(span: Span) -> tuple[bool, int, int]:
    return span[0] != "title", span[1], span[2]


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that are in reading order, overlapping ones made one."""
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


def satisfy(tree: Tree, reading: Reading) -> tuple[tuple[Evidence, ...], float]:
    """The words that satisfied a tree that holds, and how strongly the article is about it.

    The words are in reading order, overlapping ones made one. In the score a word in the title weighs most, and
    repetition ever less. It is rounded to thousandths, without round(), which would write it as text and read that.
    Raises: OverBudget.
    """
    findings = Findings(reading)
    for part in reasons(tree, reading):
        findings.add(part)
    score = 0.0
    for in_title, in_body in findings.counts:
        if in_title:
            score += TITLE_WEIGHT
        score += log2(1 + in_body) if in_title or in_body else 1.0
    texts = {"title": reading.readable.title, "body": reading.readable.body}
    evidence = [
        Evidence(field=field, start=start, end=end, text=texts[field][start:end])
        for field, start, end in islice(findings.spans(), EVIDENCE_MOST)
    ]
    return tuple(evidence), int(score * 1000 + 0.5) / 1000
