"""The burst limit: how many alerts a channel gets within minutes before the others are held for a roll-up."""

from datetime import datetime, timedelta
from typing import Final

BURST_ALERTS: Final = 12
BURST_WINDOW: Final = timedelta(minutes=10)


def is_burst(recent_alerts: int) -> bool:
    """Return whether a channel that has started so many alerts within `BURST_WINDOW` gets no further one now."""
    return recent_alerts >= BURST_ALERTS


def may_continue(first_held_at: datetime, now: datetime) -> bool:
    """Return whether the burst of which the first story was held at that time may go on. Both times are UTC."""
    return now - first_held_at < BURST_WINDOW
