"""Articles with what their documents have besides their text, as `/find` reads them. Alerts and briefs never do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from storage.records import Article, Evidence, SetAside

_BETWEEN: Final = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPart:
    """A part that was set aside and contains matching words."""

    part: SetAside
    evidence: tuple[Evidence, ...]
    """Its positions are those in the text of the part."""


def with_set_aside(article: Article, parts: Sequence[SetAside]) -> Article:
    """Return the article with the parts as further paragraphs of its text."""
    return replace(article, text=_BETWEEN.join((article.text, *(part.text for part in parts))))


def found_parts(article: Article, parts: Sequence[SetAside], evidence: Sequence[Evidence]) -> tuple[FoundPart, ...]:
    """Return the parts that contain evidence, given the evidence for the article as `with_set_aside` returns it."""
    return tuple(_found_parts(article, parts, evidence))


def _found_parts(article: Article, parts: Sequence[SetAside], evidence: Sequence[Evidence]) -> Iterator[FoundPart]:
    start = len(article.text) + len(_BETWEEN)
    for part in parts:
        end = start + len(part.text)
        own = tuple(
            replace(piece, start=piece.start - start, end=piece.end - start)
            for piece in evidence
            if piece.field == "body" and start <= piece.start and piece.end <= end
        )
        if own:
            yield FoundPart(part=part, evidence=own)
        start = end + len(_BETWEEN)
