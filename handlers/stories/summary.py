"""What to quote of an article: one to three of its own sentences, word for word, that tell the event."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from handlers.stories.changes import Change, changes, new_facts
from handlers.stories.quotable import (
    MAX_CHARS,
    dangles,
    is_balanced,
    is_furniture,
    is_question,
    is_whole,
    repeats,
    width,
    word_set,
)
from handlers.stories.quotation import said
from handlers.stories.sentences import Span, sentences
from handlers.stories.words import tokens
from storage.records import Evidence

__all__ = ["Change", "Span", "changes", "new_facts", "said", "sentences", "summarise"]

_LOOKED_AT: Final = 60
"""Sentences from the top that are weighed: what happened is told there."""
_ENOUGH: Final = 420
"""Width at which a summary is long enough to read in three seconds."""

_ECHO: Final = 0.7
"""Share of the shorter sentence's words that the other has too, from which the two say one thing."""


@dataclass(slots=True)
class _Candidate:
    place: int
    span: Span
    words: frozenset[str]
    evident: bool
    highlight: bool
    score: float = 0.0


def summarise(
    *,
    title: str,
    text: str,
    highlights: Sequence[str] = (),
    language: str = "und",
    evidence: Sequence[Evidence] = (),
    limit: int = 3,
) -> tuple[Span, ...]:
    """One to `limit` sentences of the text that best tell the event, each as an exact slice, in reading order.

    The first holds matched evidence where any fit sentence does. Empty when no sentence is fit to stand alone.
    """
    every = sentences(text, language, most=_LOOKED_AT)
    bodies = [(hit.start, hit.end) for hit in evidence if hit.field == "body"]
    bullets = {" ".join(point.split()).strip(" •·-–*") for point in highlights}
    for fit in (_is_fit, _is_passable):
        candidates = [
            _Candidate(
                place=place,
                span=span,
                words=word_set(span.text),
                evident=any(span.start <= start and end <= span.end for start, end in bodies),
                highlight=" ".join(span.text.split()) in bullets,
            )
            for place, span in enumerate(every)
            if fit(span, title, " ".join(span.text.split()) in bullets)
        ]
        if candidates:
            _score(candidates, title, every)
            return _choose(candidates, every, limit)
    return ()


def _is_fit(span: Span, title: str, highlight: bool) -> bool:
    return (
        width(span.text) <= MAX_CHARS
        and (highlight or is_whole(span.text))
        and not is_question(span.text)
        and is_balanced(span.text)
        and not is_furniture(span.text)
        and not repeats(span.text, title)
    )


def _is_passable(span: Span, title: str, highlight: bool) -> bool:
    return width(span.text) <= MAX_CHARS and not is_furniture(span.text) and not repeats(span.text, title)


def _score(candidates: list[_Candidate], title: str, every: Sequence[Span]) -> None:
    heading = word_set(title)
    counts = Counter(token.text for span in every for token in tokens(span.text))
    for one in candidates:
        overlap = len(one.words & heading) / sqrt(max(len(heading), 1) * max(len(one.words), 1))
        central = sum(log(1 + counts[word]) for word in one.words) / (len(one.words) + 6)
        lead = 1 / (1 + 0.35 * one.place)
        one.score = 0.8 * lead + 0.8 * overlap + 0.5 * central + 0.5 * one.highlight + 0.25 * one.evident


def _choose(candidates: list[_Candidate], every: Sequence[Span], limit: int) -> tuple[Span, ...]:
    ranked = sorted(candidates, key=lambda one: (-one.score, one.place))
    firsts = [one for one in ranked if one.evident and not _hangs(one, ())] or [
        one for one in ranked if not _hangs(one, ())
    ]
    first = (firsts or ranked)[0]
    chosen = [first]
    room = _ENOUGH - width(first.span.text)
    for one in ranked:
        if len(chosen) >= limit:
            break
        if one is first or one.score < 0.45 * first.score or width(one.span.text) > room:
            continue
        if any(_echoes(one, other) for other in chosen) or _hangs(one, chosen):
            continue
        chosen.append(one)
        room -= width(one.span.text)
    chosen.sort(key=lambda one: one.place)
    if first.evident and not chosen[0].evident:
        chosen.remove(first)
        chosen.insert(0, first)
    return tuple(one.span for one in chosen)


def _echoes(one: _Candidate, other: _Candidate) -> bool:
    """Whether one tells a reader next to nothing beside the other: a publisher's point and what it sums up."""
    shorter = min(len(one.words), len(other.words))
    return repeats(one.span.text, other.span.text) or len(one.words & other.words) >= _ECHO * shorter


def _hangs(one: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    """Whether it leans on the sentence before it, which is not quoted."""
    return dangles(one.span.text) and not any(other.place == one.place - 1 for other in chosen)
