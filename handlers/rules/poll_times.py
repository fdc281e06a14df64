"""Decides when a feed is polled next: by how often it publishes, and what it and its server ask for.

After a failure `retry_times.py` decides. The current time and random numbers are arguments.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

SHORTEST_POLL: Final = timedelta(minutes=5)
LONGEST_POLL: Final = timedelta(hours=1)
FIRST_POLL: Final = timedelta(minutes=15)
LONGEST_REQUESTED_POLL: Final = timedelta(hours=6)
"""A feed that asks for a longer interval is polled after this time anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """What a feed and its server say about how often to poll it."""

    max_age: timedelta | None = None
    """From the Cache-Control header."""
    ttl: timedelta | None = None
    skip_hours: Collection[int] = ()
    """Hours of the day, in UTC."""
    skip_days: Collection[int] = ()
    """Weekdays; Monday is 0."""


def next_poll(now: datetime, *, usual_gap: timedelta | None, jitter: float, hints: PollHints) -> datetime:
    """Return when to poll a feed again after a success: after half its usual gap between entries, later if it asks to.

    A poll in hours or on days that the feed excludes moves to the next hour outside them, by about a day at most.
    `jitter`, from 0 to 1, delays the poll by up to a tenth so that polls spread out.
    """
    wait = FIRST_POLL if usual_gap is None else min(max(usual_gap / 2, SHORTEST_POLL), LONGEST_POLL)
    for requested in (hints.max_age, hints.ttl):
        if requested is not None:
            wait = max(wait, min(requested, LONGEST_REQUESTED_POLL))
    at = now + wait * (1 + jitter / 10)
    for _ in range(24 * 7):
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            return at
        if at - now > timedelta(days=1):
            break
        at = (at + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0) + timedelta(minutes=jitter * 5)
    return at


def typical_gap(dates: Iterable[datetime]) -> timedelta | None:
    """Return the typical time between the entries of a feed, from their dates; None for fewer than four dates."""
    ordered = sorted(set(dates))
    if len(ordered) < 4:
        return None
    median_gap = timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(ordered)))
    mean_gap = (ordered[-1] - ordered[0]) / (len(ordered) - 1)
    # Entries published in batches have a median near 0. Half the mean is a better estimate for them.
    return max(median_gap, mean_gap / 2)


def smoothed_gap(
    usual_gap: timedelta | None, *, last_arrival_at: datetime | None, now: datetime, arrived: int
) -> timedelta | None:
    """Return the usual gap after `arrived` new entries at `now`: moved by a fifth towards the gap just observed."""
    if arrived <= 0 or last_arrival_at is None or now <= last_arrival_at:
        return usual_gap
    observed = (now - last_arrival_at) / arrived
    return observed if usual_gap is None else usual_gap + (observed - usual_gap) / 5
