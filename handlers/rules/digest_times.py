"""Decides when a channel's next digest is due."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.local_time import at_local


def next_digest(after: datetime, zone: str, at: time, days: Collection[int] = (0, 1, 2, 3, 4, 5, 6)) -> datetime | None:
    """Return when the first digest after `after` is due, in UTC; None without `days`, which are weekdays with Monday 0.

    A time that clocks skip becomes the first minute after the gap. A time that occurs twice counts at its first
    occurrence.
    """
    local = ZoneInfo(zone)
    today = after.astimezone(local).date()
    for ahead in range(-1, 16):
        day = today + timedelta(days=ahead)
        if day.weekday() not in days:
            continue
        due = at_local(day, at, local)
        # A day that the zone skips entirely (Samoa, 30 December 2011) has no digest.
        if due > after and due.astimezone(local).date() == day:
            return due
    return None
