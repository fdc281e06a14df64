"""The evidence and score of a match, from where the parts of its query occur.

Plain Python, compiled with the types in evidence.pxd if a C compiler is available during installation.
"""

from collections.abc import Iterator
from heapq import merge
from math import log2

from handlers.topics.index.findings import MAX_EVIDENCE, TITLE_WEIGHT
from handlers.topics.index.scan import Scan
from handlers.topics.index.word_spans import MergedSpans, WordSpans
from handlers.topics.text.letters import ACRONYM_DOT
from handlers.topics.text.words import enlarged, int_array
from storage.records import Evidence

EvidenceAndScore = tuple[tuple[Evidence, ...], float]

_OFFSET_BITS = 32
_OFFSET_MASK = 0xFFFFFFFF
_INITIAL_ROOM = 64


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

    def set_counts(self, spans: WordSpans, body_at: int) -> None:
        """Set how often the current part occurs, from its spans by position; `body_at` is the first in the body."""
        self.in_body = spans.total(body_at)
        self.in_title = spans.total() - self.in_body

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
