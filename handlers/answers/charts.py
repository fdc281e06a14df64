"""Charts of mentions per day for briefs, digests, trends and topic tests, and their descriptions in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.answers.parts import Chart
from handlers.answers.times import counted
from handlers.rules.local_time import at_local


def full_days(until: datetime, zone: ZoneInfo, days: int) -> datetime:
    """Return the local midnight at which the last `days` days begin; the last of them contains `until`."""
    last = until.astimezone(zone).date()
    return at_local(last - timedelta(days=days - 1), datetime.min.time(), zone)


def day_edges(until: datetime, zone: ZoneInfo, days: int) -> dict[date, datetime]:
    """Return when each of the last `days` local days begins, oldest first; the last of them contains `until`."""
    last = until.astimezone(zone).date()
    dates = (last - timedelta(days=back) for back in reversed(range(days)))
    return {day: at_local(day, datetime.min.time(), zone) for day in dates}


def days_chart(counts: Sequence[tuple[str, Mapping[date, int]]], *, until: datetime, zone: ZoneInfo) -> Chart:
    """Return a chart with one bar per local day and series.

    `counts` holds the name and the mentions of each series by day, oldest first; all series have the same days.
    """
    today = until.astimezone(zone).date()
    return Chart(
        title=f"{' and '.join(name for name, _ in counts)}: mentions per day",
        days=tuple(counts[0][1]),
        series=tuple((name, tuple(found.values())) for name, found in counts),
        today=today,
        alt=" ".join(_in_words(name, found, today) for name, found in counts),
    )


def _in_words(name: str, counts: Mapping[date, int], today: date) -> str:
    total = sum(counts.values())
    if not total:
        return f"{name}: no mentions in {counted(len(counts), 'day')}."
    most = max(counts.values())
    peak = next(day for day, count in counts.items() if count == most)
    when = "today" if peak == today else f"on {peak:%a} {peak.day} {peak:%b}"
    return (
        f"{name}: {counted(total, 'mention')} in {counted(len(counts), 'day')}, most {when} ({most}), "
        f"{counts[today]} so far today."
    )
