"""When to poll and retry, when quiet hours end and digests are due, and what counts as silence or a burst."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.poll_times import (
    BURST_ALERTS,
    PollHints,
    at_local,
    is_burst,
    is_silent,
    next_digest,
    next_poll,
    poll_after_failure,
    post_retry_at,
    quiet_until,
    smoothed_gap,
    typical_gap,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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


def test_a_failed_post_is_retried_with_growing_delays_and_never_before_retry_after() -> None:
    waits = [post_retry_at(NOON, attempts=attempts, jitter=0) - NOON for attempts in (1, 2, 3, 99)]

    assert waits == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20), 15 * MINUTE]
    assert post_retry_at(NOON, attempts=1, jitter=0.5, retry_after=HOUR) == NOON + HOUR


def test_the_usual_gap_between_the_entries_of_a_feed_is_learned() -> None:
    assert typical_gap([NOON, NOON - HOUR, NOON - 2 * HOUR]) is None
    assert typical_gap([NOON - hours * HOUR for hours in range(10)]) == HOUR
    assert smoothed_gap(None, last_arrival_at=NOON - HOUR, now=NOON, arrived=6) == 10 * MINUTE
    assert smoothed_gap(10 * MINUTE, last_arrival_at=NOON - HOUR, now=NOON, arrived=1) == 20 * MINUTE
    assert smoothed_gap(10 * MINUTE, last_arrival_at=NOON - HOUR, now=NOON, arrived=0) == 10 * MINUTE


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


def test_many_alerts_in_a_short_time_are_a_burst() -> None:
    times = [NOON - number * MINUTE / 2 for number in range(BURST_ALERTS)]

    assert is_burst(times, NOON)
    assert not is_burst(times[1:], NOON)
    assert not is_burst(times, NOON + 9 * MINUTE)


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


def test_an_ordinary_local_time_is_converted_to_utc() -> None:
    assert at_local(NOON.date(), time(8, 30), ZoneInfo(BERLIN)) == utc("2026-11-22T07:30")
