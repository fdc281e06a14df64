"""Feeds that are polled late: how late, and the reason that is true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.poll_lag import PollLoad, late_sentence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
IDLE = PollLoad(
    at=NOW - MINUTE,
    started_at=NOW - timedelta(days=3),
    a_minute=240,
    requesting=0.1,
    slow=0.0,
    slow_polls=0,
    ingesting=0.0,
    storing=0.0,
)


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (None, "no process polls them"),
        (replace(IDLE, at=NOW - 5 * MINUTE), "no process polls them"),
        (replace(IDLE, started_at=NOW - 3 * MINUTE), "the bot was started 3 minutes ago"),
        (replace(IDLE, started_at=NOW), "the bot was started 1 minute ago"),
        (replace(IDLE, storing=0.7, requesting=1.0, slow=0.9), "the database is busy"),
        (
            replace(IDLE, requesting=0.95, slow=0.8, slow_polls=212),
            "many hosts are slow: 212 requests were answered late or not at all in the last minute",
        ),
        (
            replace(IDLE, requesting=0.95, slow=0.2, slow_polls=9, a_minute=4321.4),
            "more feeds are due than this machine reads, which is about 4321 a minute",
        ),
        (
            replace(IDLE, ingesting=0.9, a_minute=80),
            "more feeds are due than this machine reads, which is about 80 a minute",
        ),
        (IDLE, "many of them are on the same hosts, and each host gets one request at a time"),
    ],
)
def test_the_reason_is_what_holds_the_pollers_up(load: PollLoad | None, reason: str) -> None:
    assert late_sentence(NOW - 12 * MINUTE, load, NOW) == f"feeds are 12 minutes late because {reason}"


@pytest.mark.parametrize(
    ("late", "said"),
    [(2 * MINUTE, "2 minutes"), (119 * MINUTE, "119 minutes"), (5 * 60 * MINUTE, "5 hours"), (timedelta(3), "3 days")],
)
def test_the_time_is_that_of_the_feed_that_waits_longest(late: timedelta, said: str) -> None:
    assert f"feeds are {said} late because" in (late_sentence(NOW - late, IDLE, NOW) or "")


def test_a_short_wait_is_not_late() -> None:
    assert late_sentence(None, None, NOW) is None
    assert late_sentence(NOW - 1.9 * MINUTE, None, NOW) is None
