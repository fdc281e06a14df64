"""When a feed is polled, as it publishes and as it asks."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.poll_times import PollHints, next_poll, smoothed_gap, typical_gap

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("gap", "max_age", "ttl", "wait"),
    [
        (None, None, None, 15 * MINUTE),
        (MINUTE, None, None, 5 * MINUTE),
        (40 * MINUTE, None, None, 20 * MINUTE),
        (7 * DAY, None, None, HOUR),
        (MINUTE, 30 * MINUTE, None, 30 * MINUTE),
        (MINUTE, None, 2 * HOUR, 2 * HOUR),
        (MINUTE, 30 * DAY, None, 6 * HOUR),
        (7 * DAY, MINUTE, MINUTE, HOUR),
    ],
)
def test_a_feed_is_polled_as_often_as_it_publishes_and_allows(
    gap: timedelta | None, max_age: timedelta | None, ttl: timedelta | None, wait: timedelta
) -> None:
    hints = PollHints(max_age=max_age, ttl=ttl)

    assert next_poll(NOON, usual_gap=gap, jitter=0, hints=hints) == NOON + wait
    assert next_poll(NOON, usual_gap=gap, jitter=1, hints=hints) == NOON + wait * 1.1


def test_a_feed_is_not_polled_in_hours_and_on_days_that_it_excludes() -> None:
    afternoon, sunday, always = (
        PollHints(skip_hours={12, 13, 14}),
        PollHints(skip_days={6}),
        PollHints(skip_hours=range(24)),
    )

    assert next_poll(NOON, usual_gap=None, jitter=0, hints=afternoon) == NOON + 3 * HOUR
    assert next_poll(NOON + 11 * HOUR, usual_gap=HOUR, jitter=0, hints=sunday) == NOON + 12 * HOUR
    assert next_poll(NOON, usual_gap=None, jitter=0, hints=always) <= NOON + 2 * DAY


def test_the_usual_gap_between_the_entries_of_a_feed_is_learned() -> None:
    assert typical_gap([NOON, NOON - HOUR, NOON - 2 * HOUR]) is None
    assert typical_gap([NOON - hours * HOUR for hours in range(10)]) == HOUR
    assert smoothed_gap(None, last_arrival_at=NOON - HOUR, now=NOON, arrived=6) == 10 * MINUTE
    assert smoothed_gap(10 * MINUTE, last_arrival_at=NOON - HOUR, now=NOON, arrived=1) == 20 * MINUTE
    assert smoothed_gap(10 * MINUTE, last_arrival_at=NOON - HOUR, now=NOON, arrived=0) == 10 * MINUTE
