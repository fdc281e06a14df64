"""Count mentions by local day, and compute the usual number. Mentions of a topic are counted in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.charts import day_edges
from handlers.queries.subjects import Subject
from handlers.stories.trend import per_day, whole_periods
from storage.store import Tx

_PERIODS: Final = 4
"""The number of past periods whose average is the usual number."""
_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDays:
    """The last `count` local days of a time zone, up to and including the instant `until` (UTC)."""

    until: datetime
    zone: ZoneInfo
    count: int


async def count_days(
    tx: Tx, workspace_id: int, subject: Subject, times: Sequence[datetime], days: LocalDays
) -> Mapping[date, int]:
    """Return the number of mentions on each local day, oldest first.

    `times` are the mentions of a subject that is a query. The mentions of a topic are counted in the database.
    """
    edges, end = day_edges(days.until, days.zone, days.count), days.until + _INSTANT
    if subject.topic is None:
        return per_day(times, since=min(edges.values()), until=end, zone=days.zone)
    counts = await tx.matches.span_counts([subject.topic.id], workspace_id, [*edges.values(), end], until=end)
    return dict(zip(edges, counts, strict=True))


async def usual(tx: Tx, workspace_id: int, subject: Subject, *, since: datetime, until: datetime) -> float | None:
    """Return the average number of mentions in up to four earlier periods of the same length.

    Returns None if no earlier period is covered completely, and for a subject that is a query, whose past would have
    to be searched.
    """
    if subject.topic is None:
        return None
    first = await tx.matches.first_received_at(subject.topic.id, workspace_id)
    periods = whole_periods(since=since, until=until, first_at=first, most=_PERIODS)
    if not periods:
        return None
    start = since - periods * (until - since)
    (count,) = await tx.matches.span_counts([subject.topic.id], workspace_id, [start, since], until=until + _INSTANT)
    return count / periods
