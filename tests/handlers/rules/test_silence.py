"""When a source counts as silent."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.silence import is_silent

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("gap", "quiet_for", "silent"),
    [
        (7 * MINUTE, 29 * HOUR, False),
        (7 * MINUTE, 31 * HOUR, True),
        (3 * HOUR, 60 * HOUR, False),
        (3 * HOUR, 81 * HOUR, True),
        (DAY, 7 * DAY, False),
        (DAY, 9 * DAY, True),
        (None, 365 * DAY, False),
    ],
)
def test_a_source_is_silent_after_a_pause_much_longer_than_usual(
    gap: timedelta | None, quiet_for: timedelta, silent: bool
) -> None:
    assert is_silent(NOON - quiet_for, gap, NOON) is silent
    assert not is_silent(None, gap, NOON)
