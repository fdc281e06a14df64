"""Mentions by local day: the same whether the database counts between midnights or each time is asked for its day."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from handlers.answers.charts import day_edges
from handlers.stories.trend import per_day


@pytest.mark.parametrize(
    ("zone", "until"),
    [
        ("Europe/Berlin", datetime(2026, 4, 2, 9, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 28, 22, 59, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 3, 18, 20, tzinfo=UTC)),
        ("Asia/Beirut", datetime(2026, 4, 2, 9, tzinfo=UTC)),
        ("America/Havana", datetime(2026, 11, 4, 3, tzinfo=UTC)),
        ("Africa/Cairo", datetime(2026, 4, 27, 1, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 11, 6, 12, tzinfo=UTC)),
    ],
    ids=["spring", "autumn", "a quarter off", "no midnight", "midnight twice", "Cairo", "a skipped midnight"],
)
def test_days_between_midnights_are_the_days_of_the_clock(zone: str, until: datetime) -> None:
    place, end = ZoneInfo(zone), until + timedelta(microseconds=1)
    edges = day_edges(until, place, 7)
    begins = [*edges.values(), end]
    times = [until - timedelta(minutes=15) * step for step in range(8 * 24 * 4)]

    counts = [sum(one <= time < next_ for time in times) for one, next_ in pairwise(begins)]

    assert dict(zip(edges, counts, strict=True)) == per_day(times, since=begins[0], until=end, zone=place)
