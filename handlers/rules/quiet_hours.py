"""Decides whether a workspace has quiet hours now, and when they end."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.local_time import at_local


def quiet_until(now: datetime, zone: str, quiet_from: time | None, until: time | None) -> datetime | None:
    """Return when the present quiet hours end, in UTC; None outside quiet hours. Quiet hours may cross midnight.

    A start or end that falls into the hour that clocks skip moves to the first minute after it; in a repeated hour, the
    first occurrence counts. Equal times mean that there are no quiet hours.
    """
    if quiet_from is None or until is None or quiet_from == until:
        return None
    local = ZoneInfo(zone)
    today = now.astimezone(local).date()
    for day in (today - timedelta(days=1), today):
        start = at_local(day, quiet_from, local)
        end = at_local(day if quiet_from < until else day + timedelta(days=1), until, local)
        if start <= now < end:
            return end
    return None
