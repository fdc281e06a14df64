"""Mentions by local day: counting between local midnights gives the same as assigning each time to its local day."""

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
    ids=[
        "clocks go forward",
        "clocks go back",
        "offset of a quarter hour",
        "no midnight",
        "midnight twice",
        "clocks go forward at midnight",
        "skipped midnight",
    ],
)
def test_counting_between_local_midnights_counts_each_mention_on_its_local_day(zone: str, until: datetime) -> None:
    local, just_after = ZoneInfo(zone), until + timedelta(microseconds=1)
    edges = day_edges(until, local, 7)
    bounds = [*edges.values(), just_after]
    times = [until - timedelta(minutes=15) * step for step in range(8 * 24 * 4)]

    counts = [sum(start <= time < end for time in times) for start, end in pairwise(bounds)]

    assert dict(zip(edges, counts, strict=True)) == per_day(times, since=bounds[0], until=just_after, zone=local)
