"""Converts local times to UTC, also when clocks change to or from daylight saving time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when clocks in the zone first show this time, in UTC; the first minute after a gap that skips the time."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In a gap, fold=1 gives an instant before the change of the offset and fold=0 one after it (PEP 495). The instant
    # of the change is found by bisection.
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    late = instant
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return (late + timedelta(seconds=30)).replace(second=0, microsecond=0)
