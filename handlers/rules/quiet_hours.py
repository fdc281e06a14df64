"""Decides when things happen: polls, retries, quiet hours, digests; and what counts as silence or a burst.

The current time and random numbers are arguments.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

SHORTEST_POLL: Final = timedelta(minutes=5)
LONGEST_POLL: Final = timedelta(hours=1)
FIRST_POLL: Final = timedelta(minutes=15)
LONGEST_REQUESTED_POLL: Final = timedelta(hours=6)
"""A feed that asks for a longer interval is polled after this time anyway."""
FAILED_POLL: Final = timedelta(minutes=5)
LONGEST_BACK_OFF: Final = timedelta(hours=12)
LONGEST_RETRY_AFTER: Final = timedelta(days=2)

BURST_ALERTS: Final = 12
BURST_WINDOW: Final = timedelta(minutes=10)

POST_RETRY: Final = timedelta(seconds=5)
LONGEST_POST_RETRY: Final = timedelta(minutes=15)

SILENT_GAPS: Final = 8
"""A source is not silent before this many of its usual gaps have passed."""
BUSY_GAP: Final = timedelta(minutes=30)
SILENT_BUSY: Final = timedelta(hours=30)
"""A source that publishes at least every 30 minutes, day and night, is silent after this time."""
SILENT_CALM: Final = timedelta(hours=80)
"""Any other source may pause over a weekend and the morning of a holiday."""


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


def poll_after_failure(
    now: datetime, *, failures: int, jitter: float, retry_after: timedelta | None = None
) -> datetime:
    """Return when to poll a failing feed again: after 5 minutes, doubled for each failure in a row, up to 12 hours.

    Not before `retry_after`, of which at most two days count. `jitter`, from 0 to 1, adds up to a quarter.
    """
    wait = _doubled(FAILED_POLL, failures, LONGEST_BACK_OFF) * (1 + jitter / 4)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + wait


def post_retry_at(now: datetime, *, attempts: int, jitter: float, retry_after: timedelta | None = None) -> datetime:
    """Return when to try a post again after `attempts` failures: after 5 seconds, doubled each time, up to 15 minutes.

    Never before `retry_after`. `jitter`, from 0 to 1, adds up to a quarter.
    """
    wait = _doubled(POST_RETRY, attempts, LONGEST_POST_RETRY) * (1 + jitter / 4)
    return now + max(wait, retry_after or timedelta(0))


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    factor: int = 1 << min(max(times - 1, 0), 20)
    return min(first * factor, longest)


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


def is_silent(last_arrival: datetime | None, usual_gap: timedelta | None, now: datetime) -> bool:
    """Return whether a source has been silent for longer than usual. Always False while its usual gap is unknown."""
    if last_arrival is None or usual_gap is None:
        return False
    patience = SILENT_BUSY if usual_gap <= BUSY_GAP else SILENT_CALM
    return now - last_arrival > max(patience, usual_gap * SILENT_GAPS)


def is_burst(
    alert_times: Sequence[datetime], now: datetime, *, limit: int = BURST_ALERTS, window: timedelta = BURST_WINDOW
) -> bool:
    """Return whether an alert at `now` would be one too many: `limit` alerts were made in the `window` before it."""
    return sum(now - window < at <= now for at in alert_times) >= limit


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
