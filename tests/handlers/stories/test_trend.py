"""Mentions per local day, rises that are more than chance, complete earlier periods, expected posts per week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.stories.trend import per_day, posts_a_week, rising, whole_periods

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_mentions_are_counted_on_the_readers_local_days() -> None:
    since, until = datetime(2024, 6, 1, 22, tzinfo=UTC), datetime(2024, 6, 3, 22, tzinfo=UTC)
    times = [datetime(2024, 6, 2, 21, 59, tzinfo=UTC), datetime(2024, 6, 2, 22, 1, tzinfo=UTC)]

    assert per_day(times, since=since, until=until, zone=BERLIN) == {date(2024, 6, 2): 1, date(2024, 6, 3): 1}


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)], ids=["clocks forward", "clocks back"]
)
def test_the_days_on_which_clocks_change_include_all_their_hours(day: date, hours: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    times = [start + timedelta(hours=hour) for hour in range(26)]

    assert per_day(times, since=start, until=start + 2 * DAY, zone=BERLIN)[day] == hours


@given(st.lists(st.integers(0, 60 * 24 * 20), max_size=50), st.integers(1, 20))
def test_every_mention_of_the_period_is_counted_and_empty_days_are_included(minutes: list[int], days: int) -> None:
    since = datetime(2024, 3, 25, 13, tzinfo=UTC)
    until = since + days * DAY
    times = [since + timedelta(minutes=minute) for minute in minutes]

    counts = per_day(times, since=since, until=until, zone=BERLIN)

    assert sum(counts.values()) == sum(time < until for time in times)
    assert list(counts) == sorted(counts)
    assert len(counts) == days + 1


@pytest.mark.parametrize(
    ("now", "before", "label"),
    [
        (28, 12, "+130 %"),
        (70, 50, "+40 %"),
        (60, 10, "x 6"),
        (5, 0, "new"),
        (2, 0, None),
        (3, 2, None),
        (2, 1, None),
        (10, 10, None),
        (5, 50, None),
        (1100, 1000, None),
    ],
)
def test_a_topic_rises_only_if_the_difference_is_more_than_chance(now: int, before: int, label: str | None) -> None:
    assert [rise.label for rise in rising({1: now}, {1: before})] == ([] if label is None else [label])


def test_a_longer_earlier_period_is_scaled() -> None:
    assert rising({1: 10}, {1: 40}, ratio=1 / 4) == ()
    assert [rise.topic_id for rise in rising({1: 30, 2: 30}, {1: 40, 2: 120}, ratio=1 / 4)] == [1]


@pytest.mark.parametrize(
    ("first_at", "periods"),
    [(NOW - 22 * DAY, 2), (NOW - 13 * DAY, 0), (NOW, 0), (None, 0), (NOW - 300 * DAY, 4)],
    ids=["three weeks", "not one complete period", "since now", "never", "at most the limit"],
)
def test_only_complete_earlier_periods_count(first_at: datetime | None, periods: int) -> None:
    assert whole_periods(since=NOW - 7 * DAY, until=NOW, first_at=first_at, most=4) == periods


def test_posts_per_week_are_estimated_from_the_history() -> None:
    times = [NOW - DAY * offset for offset in (1, 2, 3, 9)]

    assert posts_a_week(times, now=NOW, first_at=NOW - 14 * DAY) == 2.0
    assert posts_a_week(times, now=NOW, first_at=NOW - timedelta(hours=3)) is None
