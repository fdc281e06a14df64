"""Counts over time: mentions a day in a reader's own days, what rises, what is usual, how many posts to expect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import sqrt
from typing import Final

_LEAST_NEW: Final = 3
"""Mentions below which a topic that had none is chance, not "new"."""
_LEAST_RISE: Final = 1.2
_SURPRISE: Final = 1.64
"""Standard deviations above what was expected: one chance rise in twenty."""
_WEEK: Final = timedelta(days=7)


def per_day(times: Iterable[datetime], *, since: datetime, until: datetime, zone: tzinfo) -> dict[date, int]:
    """Mentions on each local day from `since` to before `until`, oldest first, empty days included.

    A day is midnight to midnight on the zone's wall clock, so the days on which clocks change have 23 or 25 hours.
    """
    if until <= since:
        return {}
    first = since.astimezone(zone).date()
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    days = {first + timedelta(days=offset): 0 for offset in range((last - first).days + 1)}
    for time in times:
        if since <= time < until:
            days[time.astimezone(zone).date()] += 1
    return days


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A topic that is mentioned more than before."""

    topic_id: int
    now: int
    before: float
    label: str
    """ "+40 %", "x 6" or "new"."""


def rising(
    now: Mapping[int, int], before: Mapping[int, int], *, ratio: float = 1.0, limit: int | None = None
) -> tuple[Rise, ...]:
    """The topics of which `now` (topic id to mentions) has clearly more than `before`, the most surprising first.

    `ratio` is the length of the period now over the length of the period before. Small numbers do not count as a rise:
    the difference must be more than chance would give.
    """
    found = []
    for topic_id, count in now.items():
        earlier = before.get(topic_id, 0)
        expected = earlier * ratio
        if earlier == 0:
            if count >= _LEAST_NEW:
                found.append((count / sqrt(1.0), Rise(topic_id=topic_id, now=count, before=0.0, label="new")))
            continue
        surprise = (count - expected) / sqrt(ratio * (count + earlier))
        if count >= _LEAST_NEW and count >= _LEAST_RISE * expected and surprise >= _SURPRISE:
            found.append(
                (surprise, Rise(topic_id=topic_id, now=count, before=expected, label=_label(count / expected)))
            )
    found.sort(key=lambda pair: (-round(pair[0], 9), pair[1].topic_id))
    return tuple(rise for _, rise in found[:limit])


def _label(times: float) -> str:
    if times >= 5:
        return f"x {times:.0f}"
    percent = (times - 1) * 100
    step = 5 if percent < 100 else 10
    return f"+{max(step, round(percent / step) * step):.0f} %"


def whole_periods(*, since: datetime, until: datetime, first_at: datetime | None, most: int = 8) -> int:
    """Periods as long as this one that were watched from end to end before it, at most so many.

    `first_at` is when watching began. What is usual is the average of these; there is none where this is 0.
    """
    length = until - since
    if first_at is None or length <= timedelta(0):
        return 0
    return max(0, min(most, (since - first_at) // length))


def posts_a_week(
    times: Sequence[datetime], *, now: datetime, first_at: datetime | None, weeks: int = 4
) -> float | None:
    """Posts to expect in a week, from the starts of past stories. None when less than a day was watched."""
    if first_at is None:
        return None
    start = max(first_at, now - weeks * _WEEK)
    watched = now - start
    if watched < timedelta(days=1):
        return None
    return sum(start <= time < now for time in times) / (watched / _WEEK)
