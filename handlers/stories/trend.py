"""Statistics over time: mentions per local day, rising topics, the number of past periods, expected posts per week."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import sqrt
from typing import Final

_MIN_MENTIONS: Final = 3
"""With fewer mentions than this, a topic without earlier mentions is not "new" and no topic rises."""
_MIN_RATIO: Final = 1.2
_MIN_DEVIATIONS: Final = 1.64
"""Standard deviations above the expected number: chance alone gives such a rise one time in twenty."""
_WEEK: Final = timedelta(days=7)


def per_day(times: Iterable[datetime], *, since: datetime, until: datetime, zone: tzinfo) -> dict[date, int]:
    """Count the times on each local day of `zone` from `since` (inclusive) to `until` (exclusive).

    Days are in order, oldest first, and include days without mentions. A day lasts from midnight to midnight on the
    local clock, so the days on which clocks change have 23 or 25 hours.
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
    """A topic that is mentioned more often than before."""

    topic_id: int
    now: int
    before: float
    """Expected mentions: those of the earlier period, scaled to the length of the present one."""
    label: str
    """ "+40 %", "x 6" or "new"."""


def rising(
    now: Mapping[int, int], before: Mapping[int, int], *, ratio: float = 1.0, limit: int | None = None
) -> tuple[Rise, ...]:
    """Return the topics that `now` mentions significantly more often than `before`, most significant first.

    Both map topic ids to numbers of mentions. `ratio` is the length of the present period divided by that of the
    earlier one. A rise must be larger than chance explains, so small numbers do not count.
    """
    found = []
    for topic_id, count in now.items():
        earlier = before.get(topic_id, 0)
        expected = earlier * ratio
        if earlier == 0:
            if count >= _MIN_MENTIONS:
                found.append((count / sqrt(1.0), Rise(topic_id=topic_id, now=count, before=0.0, label="new")))
            continue
        deviations = (count - expected) / sqrt(ratio * (count + earlier))
        if count >= _MIN_MENTIONS and count >= _MIN_RATIO * expected and deviations >= _MIN_DEVIATIONS:
            found.append(
                (deviations, Rise(topic_id=topic_id, now=count, before=expected, label=_label(count / expected)))
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
    """Return how many complete periods of the same length there are before this one, at most `most`.

    `first_at` is the time of the first article. The average of these periods is the usual number of mentions; 0 means
    that there is too little history for one.
    """
    length = until - since
    if first_at is None or length <= timedelta(0):
        return 0
    return max(0, min(most, (since - first_at) // length))


def posts_a_week(
    times: Sequence[datetime], *, now: datetime, first_at: datetime | None, weeks: int = 4
) -> float | None:
    """Return the number of posts to expect per week, from `times`, the times at which earlier stories began.

    `first_at` is the time of the first article, None if there is none. Returns None for less than a day of history.
    """
    if first_at is None:
        return None
    start = max(first_at, now - weeks * _WEEK)
    history = now - start
    if history < timedelta(days=1):
        return None
    return sum(start <= time < now for time in times) / (history / _WEEK)
