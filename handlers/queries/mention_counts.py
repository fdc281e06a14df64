"""Mentions counted over time: by local day, and how many are usual. A topic's are counted where they are stored."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.charts import day_edges
from handlers.queries.subjects import Subject
from handlers.stories.trend import per_day, whole_periods
from storage.store import Tx

_PERIODS: Final = 4
"""Periods of the past whose average is usual."""
_INSTANT: Final = timedelta(microseconds=1)


async def count_days(
    tx: Tx,
    workspace_id: int,
    subject: Subject,
    times: Sequence[datetime],
    *,
    until: datetime,
    zone: ZoneInfo,
    days: int,
) -> Mapping[date, int]:
    """Mentions on each of the last `days` local days, up to `until`, the oldest first; a query's are these `times`."""
    edges, end = day_edges(until, zone, days), until + _INSTANT
    if subject.topic is None:
        return per_day(times, since=min(edges.values()), until=end, zone=zone)
    counts = await tx.matches.span_counts([subject.topic.id], workspace_id, [*edges.values(), end], until=end)
    return dict(zip(edges, counts, strict=True))


async def usual(tx: Tx, workspace_id: int, subject: Subject, *, since: datetime, until: datetime) -> float | None:
    """Mentions in an average period of the same length before this one; None where none was watched from end to end.

    Only a topic has a past: that of a query would have to be searched for.
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
