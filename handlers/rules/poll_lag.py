"""Decides whether feeds are polled late, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LATE: Final = timedelta(minutes=2)
"""Feeds that have been due for longer are late."""
UNKNOWN_AFTER: Final = timedelta(minutes=3)
"""Without a newer measurement of the pollers for so long, none are running."""
STARTED: Final = timedelta(minutes=15)
"""How long a start of the bot explains that feeds are late."""
SLOW: Final = timedelta(seconds=5)
"""An answer that takes longer is slow."""
_BUSY: Final = 0.8
"""Share of its time from which something is at its limit."""
_DATABASE_BUSY: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLoad:
    """What the pollers of a process did in a period that ended at `at`. Times are in UTC, shares from 0 to 1."""

    at: datetime
    started_at: datetime
    """When the process began to poll."""
    a_minute: float
    """Polls that ended, a minute."""
    requesting: float
    """The share of the pollers' time in which they waited for answers."""
    slow: float
    """The share of that time that slow answers, and requests without an answer, took."""
    slow_polls: int
    """Their number."""
    ingesting: float
    """The share of the time in which as many changed feeds were ingested as may be at the same time."""
    storing: float
    """The share of the time in which a result waited to be stored."""


def late_sentence(oldest_due: datetime | None, load: PollLoad | None, now: datetime) -> str | None:
    """Return "feeds are 12 minutes late because ..." with the reason; None if no feed is late.

    `oldest_due`: since when the longest waiting feed is due. `load`: the last measurement, if any.
    """
    if oldest_due is None or now - oldest_due < LATE:
        return None
    return f"feeds are {_span(now - oldest_due)} late because {_reason(oldest_due, load, now)}"


def _reason(oldest_due: datetime, load: PollLoad | None, now: datetime) -> str:
    if load is None or now - load.at > UNKNOWN_AFTER:
        return "no process polls them"
    if oldest_due < load.started_at and now - load.started_at < STARTED:
        return f"the bot was started {_span(max(now - load.started_at, timedelta(minutes=1)))} ago"
    if load.storing >= _DATABASE_BUSY:
        return "the database is busy"
    if load.requesting >= _BUSY and load.slow >= 0.5:
        requests = "1 request was" if load.slow_polls == 1 else f"{load.slow_polls} requests were"
        return f"many hosts are slow: {requests} answered late or not at all in the last minute"
    if max(load.requesting, load.ingesting) >= _BUSY:
        return f"more feeds are due than this machine reads, which is about {load.a_minute:.0f} a minute"
    return "many of them are on the same hosts, and each host gets one request at a time"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}s"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
