"""When digests are due, also on the days on which clocks change."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.digest_times import next_digest

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "zone", "at", "days", "due"),
    [
        ("2026-11-22T07:29", BERLIN, "08:30", range(7), "2026-11-22T07:30"),
        ("2026-11-22T07:30", BERLIN, "08:30", range(7), "2026-11-23T07:30"),
        ("2026-11-20T12:00", BERLIN, "08:30", range(5), "2026-11-23T07:30"),
        ("2026-11-22T12:00", BERLIN, "08:30", [2], "2026-11-25T07:30"),
        ("2026-11-22T12:00", "America/New_York", "23:30", range(7), "2026-11-23T04:30"),
        ("2026-11-22T12:00", "Asia/Kathmandu", "08:30", range(7), "2026-11-23T02:45"),
        # Summer time begins and ends: the hour on the clock stays.
        ("2026-03-28T12:00", BERLIN, "08:30", range(7), "2026-03-29T06:30"),
        ("2026-10-24T12:00", BERLIN, "08:30", range(7), "2026-10-25T07:30"),
        # A skipped time: the first valid minute after the gap; then the usual time again.
        ("2026-03-28T12:00", BERLIN, "02:30", range(7), "2026-03-29T01:00"),
        ("2026-03-29T01:00", BERLIN, "02:30", range(7), "2026-03-30T00:30"),
        # A repeated time: its first occurrence only.
        ("2026-10-24T12:00", BERLIN, "02:30", range(7), "2026-10-25T00:30"),
        ("2026-10-25T00:30", BERLIN, "02:30", range(7), "2026-10-26T01:30"),
        # Half an hour's gap on Lord Howe Island, and one at midnight in Havana.
        ("2026-10-03T12:00", "Australia/Lord_Howe", "02:15", range(7), "2026-10-03T15:30"),
        ("2026-03-07T12:00", "America/Havana", "00:15", range(7), "2026-03-08T05:00"),
        # Samoa had no 30 December 2011.
        ("2011-12-29T20:00", "Pacific/Apia", "08:30", range(7), "2011-12-30T18:30"),
    ],
)
def test_a_digest_is_due_once_at_the_channels_local_time(
    after: str, zone: str, at: str, days: list[int], due: str
) -> None:
    assert next_digest(utc(after), zone, time.fromisoformat(at), days) == utc(due)


def test_without_days_there_is_no_digest() -> None:
    assert next_digest(NOON, BERLIN, time(8, 30), ()) is None


def test_a_year_has_one_digest_for_each_day() -> None:
    last, days = utc("2026-01-01T00:00"), []
    while (due := next_digest(last, BERLIN, time(2, 30))) and due < utc("2026-12-31T00:00"):
        days.append(due.astimezone(ZoneInfo(BERLIN)).date())
        last = due

    assert len(days) == len(set(days)) == 364
