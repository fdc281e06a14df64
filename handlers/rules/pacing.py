"""When to do it next: polls, silence, quiet hours, digests, bursts, retries. Time and chance enter as values."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

SHORTEST_POLL: Final = timedelta(minutes=5)
LONGEST_POLL: Final = timedelta(hours=1)
FIRST_POLL: Final = timedelta(minutes=15)
LONGEST_WISH: Final = timedelta(hours=6)
"""A feed that asks to be left alone for longer is asked again after this time all the same."""
FAILED_POLL: Final = timedelta(minutes=5)
LONGEST_BACK_OFF: Final = timedelta(hours=12)
LONGEST_RETRY_AFTER: Final = timedelta(days=2)

BURST_ALERTS: Final = 12
BURST_WINDOW: Final = timedelta(minutes=10)

POST_RETRY: Final = timedelta(seconds=5)
LONGEST_POST_RETRY: Final = timedelta(minutes=15)

SILENT_GAPS: Final = 8
BUSY_GAP: Final = timedelta(minutes=30)
SILENT_BUSY: Final = timedelta(hours=30)
"""An outlet that writes twice an hour, day and night, is silent after this time."""
SILENT_CALM: Final = timedelta(hours=80)
"""Any other one may rest over a weekend with a holiday's morning."""


def next_poll(
    now: datetime,
    *,
    usual_gap: timedelta | None,
    jitter: float,
    max_age: timedelta | None = None,
    ttl: timedelta | None = None,
    skip_hours: Collection[int] = (),
    skip_days: Collection[int] = (),
) -> datetime:
    """When to poll a feed again after a success: about twice in its own rhythm, later where it asks for that.

    `jitter` is in 0..1 and spreads polls by a tenth. `skip_hours` are in UTC, `skip_days` weekdays with Monday 0.
    """
    wait = FIRST_POLL if usual_gap is None else min(max(usual_gap / 2, SHORTEST_POLL), LONGEST_POLL)
    for wish in (max_age, ttl):
        if wish is not None:
            wait = max(wait, min(wish, LONGEST_WISH))
    at = now + wait * (1 + jitter / 10)
    for _ in range(24 * 7):
        if at.hour not in skip_hours and at.weekday() not in skip_days:
            return at
        if at - now > timedelta(days=1):
            break
        at = (at + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0) + timedelta(minutes=jitter * 5)
    return at


def poll_after_failure(
    now: datetime, *, failures: int, jitter: float, retry_after: timedelta | None = None
) -> datetime:
    """When to try a failing feed again: 5 minutes, doubled with each failure in a row, up to 12 hours.

    Never before `retry_after`.
    """
    wait = _doubled(FAILED_POLL, failures, LONGEST_BACK_OFF) * (1 + jitter / 4)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + wait


def post_retry_at(now: datetime, *, attempts: int, jitter: float, retry_after: timedelta | None = None) -> datetime:
    """When to try a post again after `attempts` failures: 5 seconds, doubled, up to 15 minutes.

    Never before `retry_after`.
    """
    wait = _doubled(POST_RETRY, attempts, LONGEST_POST_RETRY) * (1 + jitter / 4)
    return now + max(wait, retry_after or timedelta(0))


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    factor: int = 1 << min(max(times - 1, 0), 20)
    return min(first * factor, longest)


def rhythm(dates: Iterable[datetime]) -> timedelta | None:
    """The usual time between the entries of a feed read for the first time; None where fewer than four have a date."""
    ordered = sorted(set(dates))
    if len(ordered) < 4:
        return None
    middle = timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(ordered)))
    mean = (ordered[-1] - ordered[0]) / (len(ordered) - 1)
    # Entries that come in batches have a median near nothing: half the mean is then nearer to what a reader sees.
    return max(middle, mean / 2)


def smoothed_gap(
    usual_gap: timedelta | None, *, last_arrival_at: datetime | None, now: datetime, arrived: int
) -> timedelta | None:
    """The usual gap after `arrived` new entries came at `now`: a fifth of the way to the gap just seen."""
    if arrived <= 0 or last_arrival_at is None or now <= last_arrival_at:
        return usual_gap
    seen = (now - last_arrival_at) / arrived
    return seen if usual_gap is None else usual_gap + (seen - usual_gap) / 5


def is_silent(last_arrival: datetime | None, usual_gap: timedelta | None, now: datetime) -> bool:
    """Whether a source is quiet against its own rhythm; one without a known rhythm never is."""
    if last_arrival is None or usual_gap is None:
        return False
    patience = SILENT_BUSY if usual_gap <= BUSY_GAP else SILENT_CALM
    return now - last_arrival > max(patience, usual_gap * SILENT_GAPS)


def is_burst(
    alert_times: Sequence[datetime], now: datetime, *, limit: int = BURST_ALERTS, window: timedelta = BURST_WINDOW
) -> bool:
    """Whether one more alert at `now` would be too many: `limit` were made within `window` before it."""
    return sum(now - window < at <= now for at in alert_times) >= limit


def quiet_until(now: datetime, zone: str, quiet_from: time | None, until: time | None) -> datetime | None:
    """The end of the quiet hours that `now` lies in, in UTC; None outside them. They may cross midnight.

    Hours that begin or end in a skipped hour do so at the first minute after it; in a repeated hour, at the first one.
    Equal times are no quiet hours.
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
    """The first digest strictly after `after`, in UTC; `days` are weekdays with Monday 0; None where there are none.

    A time in a skipped hour is the first valid minute after the gap; a repeated one counts once, when it first comes.
    """
    local = ZoneInfo(zone)
    today = after.astimezone(local).date()
    for ahead in range(-1, 16):
        day = today + timedelta(days=ahead)
        if day.weekday() not in days:
            continue
        due = at_local(day, at, local)
        # A day that its zone skipped as a whole (Samoa, 30 December 2011) has no digest.
        if due > after and due.astimezone(local).date() == day:
            return due
    return None


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when clocks there first show this time, or the first minute after the gap that skips it."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In a gap both folds miss: fold 1 reads the clock of after the change, an instant before it; fold 0 one after it.
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
