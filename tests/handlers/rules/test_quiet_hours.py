"""When quiet hours end, also in the nights in which clocks change."""

from datetime import UTC, datetime, time

import pytest

from handlers.rules.quiet_hours import quiet_until

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "quiet_from", "until", "end"),
    [
        ("2026-11-22T22:30", "22:00", "07:00", "2026-11-23T06:00"),
        ("2026-11-23T05:59", "22:00", "07:00", "2026-11-23T06:00"),
        ("2026-11-23T06:00", "22:00", "07:00", None),
        ("2026-11-22T20:59", "22:00", "07:00", None),
        ("2026-11-22T21:00", "22:00", "07:00", "2026-11-23T06:00"),
        ("2026-11-22T11:30", "12:00", "14:00", "2026-11-22T13:00"),
        ("2026-11-22T13:00", "12:00", "14:00", None),
        ("2026-11-22T12:00", "12:00", "12:00", None),
        # Clocks go forward at 01:00 UTC: half past two does not exist, the hours end at three (01:00 UTC).
        ("2026-03-28T23:00", "22:00", "02:30", "2026-03-29T01:00"),
        ("2026-03-29T01:00", "22:00", "02:30", None),
        # Clocks go back at 01:00 UTC: half past two comes twice, the first counts (00:30 UTC).
        ("2026-10-25T00:29", "22:00", "02:30", "2026-10-25T00:30"),
        ("2026-10-25T01:10", "22:00", "02:30", None),
        # The night in which clocks go back is an hour longer.
        ("2026-10-25T05:30", "22:00", "07:00", "2026-10-25T06:00"),
    ],
)
def test_quiet_hours_end_when_the_clock_says_so(now: str, quiet_from: str, until: str, end: str | None) -> None:
    found = quiet_until(utc(now), BERLIN, time.fromisoformat(quiet_from), time.fromisoformat(until))

    assert found == (None if end is None else utc(end))


def test_without_both_times_there_are_no_quiet_hours() -> None:
    assert quiet_until(NOON, BERLIN, None, None) is None
    assert quiet_until(NOON, BERLIN, time(1), None) is None
