"""When a post or a poll that failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.retry_times import poll_after_failure, post_retry_at

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_a_failed_post_is_retried_with_growing_delays_and_never_before_retry_after() -> None:
    waits = [post_retry_at(NOON, attempts=attempts, jitter=0) - NOON for attempts in (1, 2, 3, 99)]

    assert waits == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20), 15 * MINUTE]
    assert post_retry_at(NOON, attempts=1, jitter=0.5, retry_after=HOUR) == NOON + HOUR


@pytest.mark.parametrize(
    ("failures", "retry_after", "wait"),
    [
        (1, None, 5 * MINUTE),
        (2, None, 10 * MINUTE),
        (5, None, 80 * MINUTE),
        (50, None, 12 * HOUR),
        (1, HOUR, HOUR),
        (9, MINUTE, 12 * HOUR),
        (1, 30 * DAY, 2 * DAY),
    ],
)
def test_polls_of_a_failing_feed_back_off_and_respect_retry_after(
    failures: int, retry_after: timedelta | None, wait: timedelta
) -> None:
    assert poll_after_failure(NOON, failures=failures, jitter=0, retry_after=retry_after) == NOON + wait
