"""Reports that several publishers print with the same text, within one batch of a source.

A source may pass on what many publishers print, such as an aggregator, an inbox or an API. What these reports share is
the report itself, not a formula of the source.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from handlers.stories.words import significant_tokens

_TEXT_CHARS: Final = 1_500
_MIN_WORDS: Final = 15
"""Different words of a text from which on it can be a report. A formula of a source is shorter."""
_SAME: Final = 0.6
"""The share of the words of two texts that both have, from which on they are the same report."""


class Report(NamedTuple):
    publisher: str
    """Empty if nobody says who published it."""
    text: str


def reprints(reports: Sequence[Report]) -> list[int | None]:
    """Return, for each report, the position of the first one with its text; None for a text that no other report has.

    Reports of one publisher, or of an unknown one, are never the same: what they share may be the publisher's formula.
    """
    if len({report.publisher for report in reports if report.publisher}) < 2:
        return [None] * len(reports)
    words = [frozenset(token.text for token in significant_tokens(report.text[:_TEXT_CHARS])) for report in reports]
    found: list[int | None] = [None] * len(reports)
    for later, report in enumerate(reports):
        if not report.publisher or len(words[later]) < _MIN_WORDS:
            continue
        for earlier in range(later):
            other = reports[earlier].publisher
            if other and other != report.publisher and _share(words[earlier], words[later]) >= _SAME:
                first = found[earlier]
                found[later] = found[earlier] = earlier if first is None else first
                break
    return found


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
