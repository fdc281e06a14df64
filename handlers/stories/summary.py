"""Extractive summaries: one to three of an article's own sentences, word for word, that best describe the event."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from handlers.stories.quotable import (
    MAX_WIDTH,
    is_balanced,
    is_boilerplate,
    is_complete,
    is_question,
    refers_back,
    repeats,
    width,
    word_set,
)
from handlers.stories.sentences import Span, sentences
from handlers.stories.words import significant_tokens
from storage.records import Evidence

_MAX_SENTENCES: Final = 60
"""Only this many sentences from the top are considered: what happened is described there."""
_MAX_SUMMARY_WIDTH: Final = 420
"""As `quotable.width` measures it: as much as people read in a few seconds."""

_OVERLAP: Final = 0.7
"""Share of the shorter sentence's words in the longer one from which two sentences say the same."""


@dataclass(slots=True)
class _Candidate:
    place: int
    """Number of the sentence in the text, from 0."""
    span: Span
    words: frozenset[str]
    has_evidence: bool
    is_highlight: bool
    score: float = 0.0


def summarize(
    *,
    title: str,
    text: str,
    highlights: Sequence[str] = (),
    language: str = "und",
    evidence: Sequence[Evidence] = (),
    limit: int = 3,
) -> tuple[Span, ...]:
    """Return the sentences, from one to `limit`, that best describe the event, as exact slices of `text` in its order.

    A sentence with matched evidence comes first if any of them can be quoted. `highlights` are the publisher's own
    bullet points. Returns an empty tuple if no sentence can be quoted alone.
    """
    every = sentences(text, language, limit=_MAX_SENTENCES)
    matches = [(piece.start, piece.end) for piece in evidence if piece.field == "body"]
    bullets = {" ".join(point.split()).strip(" •·-–*") for point in highlights}
    for is_usable in (_is_quotable, _is_acceptable):
        candidates = [
            _Candidate(
                place=place,
                span=span,
                words=word_set(span.text),
                has_evidence=any(span.start <= start and end <= span.end for start, end in matches),
                is_highlight=" ".join(span.text.split()) in bullets,
            )
            for place, span in enumerate(every)
            if is_usable(span, title, " ".join(span.text.split()) in bullets)
        ]
        if candidates:
            _score(candidates, title, every)
            return _choose(candidates, limit)
    return ()


def _is_quotable(span: Span, title: str, is_highlight: bool) -> bool:
    return (
        width(span.text) <= MAX_WIDTH
        and (is_highlight or is_complete(span.text))
        and not is_question(span.text)
        and is_balanced(span.text)
        and not is_boilerplate(span.text)
        and not repeats(span.text, title)
    )


def _is_acceptable(span: Span, title: str, is_highlight: bool) -> bool:
    """Return whether the sentence may be quoted when no sentence meets all requirements."""
    return width(span.text) <= MAX_WIDTH and not is_boilerplate(span.text) and not repeats(span.text, title)


def _score(candidates: list[_Candidate], title: str, every: Sequence[Span]) -> None:
    heading = word_set(title)
    counts = Counter(token.text for span in every for token in significant_tokens(span.text))
    for candidate in candidates:
        words = candidate.words
        title_overlap = len(words & heading) / sqrt(max(len(heading), 1) * max(len(words), 1))
        centrality = sum(log(1 + counts[word]) for word in words) / (len(words) + 6)
        lead = 1 / (1 + 0.35 * candidate.place)
        candidate.score = (
            0.8 * lead
            + 0.8 * title_overlap
            + 0.5 * centrality
            + 0.5 * candidate.is_highlight
            + 0.25 * candidate.has_evidence
        )


def _choose(candidates: list[_Candidate], limit: int) -> tuple[Span, ...]:
    ranked = sorted(candidates, key=lambda candidate: (-candidate.score, candidate.place))
    self_contained = [candidate for candidate in ranked if not _needs_context(candidate, ())]
    with_evidence = [candidate for candidate in self_contained if candidate.has_evidence]
    first = (with_evidence or self_contained or ranked)[0]
    chosen = [first]
    room = _MAX_SUMMARY_WIDTH - width(first.span.text)
    for candidate in ranked:
        if len(chosen) >= limit:
            break
        if candidate is first or candidate.score < 0.45 * first.score or width(candidate.span.text) > room:
            continue
        if any(_says_the_same(candidate, other) for other in chosen) or _needs_context(candidate, chosen):
            continue
        chosen.append(candidate)
        room -= width(candidate.span.text)
    chosen.sort(key=lambda candidate: candidate.place)
    if first.has_evidence and not chosen[0].has_evidence:
        chosen.remove(first)
        chosen.insert(0, first)
    return tuple(candidate.span for candidate in chosen)


def _says_the_same(one: _Candidate, other: _Candidate) -> bool:
    """Return whether the sentences say nearly the same, such as a bullet point and the sentence that it summarizes."""
    shorter = min(len(one.words), len(other.words))
    return repeats(one.span.text, other.span.text) or len(one.words & other.words) >= _OVERLAP * shorter


def _needs_context(candidate: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    """Return whether the sentence refers to the one before it, which is not chosen."""
    return refers_back(candidate.span.text) and not any(other.place == candidate.place - 1 for other in chosen)
