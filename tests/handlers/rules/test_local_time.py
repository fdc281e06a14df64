"""Local times in UTC: ordinary ones, those that clocks skip, and those that come twice."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.local_time import at_local


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-11-22", "08:30", "Europe/Berlin", "2026-11-22T07:30"),
        # Clocks skip from 02:00 to 03:00: the first minute after the gap counts.
        ("2026-03-29", "02:00", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00"),
        # Clocks repeat the hour from 02:00 to 03:00: the first occurrence counts.
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30"),
        ("2026-10-25", "03:00", "Europe/Berlin", "2026-10-25T02:00"),
        # A gap of half an hour, and one at midnight.
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
        ("2026-03-08", "00:15", "America/Havana", "2026-03-08T05:00"),
    ],
)
def test_a_local_time_is_converted_to_utc_also_when_clocks_change(day: str, at: str, zone: str, expected: str) -> None:
    found = at_local(datetime.fromisoformat(day).date(), time.fromisoformat(at), ZoneInfo(zone))

    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
