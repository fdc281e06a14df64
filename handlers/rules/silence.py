"""Decides whether a source has been silent for longer than usual."""

from datetime import datetime, timedelta
from typing import Final

SILENT_GAPS: Final = 8
"""A source is not silent before this many of its usual gaps have passed."""
BUSY_GAP: Final = timedelta(minutes=30)
SILENT_BUSY: Final = timedelta(hours=30)
"""A source that publishes at least every 30 minutes, day and night, is silent after this time."""
SILENT_CALM: Final = timedelta(hours=80)
"""Any other source may pause over a weekend and the morning of a holiday."""


def is_silent(last_arrival: datetime | None, usual_gap: timedelta | None, now: datetime) -> bool:
    """Return whether a source has been silent for longer than usual. Always False while its usual gap is unknown."""
    if last_arrival is None or usual_gap is None:
        return False
    patience = SILENT_BUSY if usual_gap <= BUSY_GAP else SILENT_CALM
    return now - last_arrival > max(patience, usual_gap * SILENT_GAPS)
