"""Time expressions: how people write them is read, and how people like to read them is written."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.answers.errors import UserError
from handlers.answers.times import (
    ago,
    days_label,
    read_clock,
    read_days,
    read_hours,
    read_period,
    read_zone,
    split_period,
    time_label,
    zone_of,
)


@pytest.mark.parametrize(
    ("text", "length", "label"),
    [
        ("7d", timedelta(days=7), "last 7 days"),
        ("24h", timedelta(hours=24), "last 24 hours"),
        ("2w", timedelta(weeks=2), "last 2 weeks"),
        ("1d", timedelta(days=1), "last day"),
        ("last week", timedelta(days=7), "last 7 days"),
        ("Last Month", timedelta(days=30), "last 30 days"),
        ("last 3 days", timedelta(days=3), "last 3 days"),
        ("10 days", timedelta(days=10), "last 10 days"),
        (None, timedelta(days=7), "last 7 days"),
    ],
)
def test_a_period_is_read_and_labelled(text: str | None, length: timedelta, label: str) -> None:
    period = read_period(text)

    assert (period.length, period.label) == (length, label)


@pytest.mark.parametrize("text", ["0d", "400d", "7", "d", "yesterday-ish", "9999w", "-3d"])
def test_other_text_is_refused_as_a_period(text: str) -> None:
    with pytest.raises(UserError, match="period"):
        read_period(text)


def test_a_name_that_ends_with_a_number_has_no_period() -> None:
    assert split_period("5g") == ("5g", None)
    assert split_period("huawei 5g") == ("huawei 5g", None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("08:30", time(8, 30)), ("8:05", time(8, 5)), ("8", time(8)), ("8am", time(8)), ("12am", time(0)),
     ("12pm", time(12)), ("8:30 PM", time(20, 30)), ("8.30", time(8, 30)), ("0:00", time(0))],
)  # fmt: skip
def test_a_time_of_day_is_read(text: str, wanted: time) -> None:
    assert read_clock(text) == wanted


@pytest.mark.parametrize("text", ["24:00", "8:60", "13pm", "0am", "noon", "", "8:3"])
def test_other_text_is_refused_as_a_time_of_day(text: str) -> None:
    with pytest.raises(UserError):
        read_clock(text)


@pytest.mark.parametrize(
    ("text", "days", "label"),
    [
        ("", (0, 1, 2, 3, 4, 5, 6), "every day"),
        ("daily", (0, 1, 2, 3, 4, 5, 6), "every day"),
        ("mon-fri", (0, 1, 2, 3, 4), "Mon-Fri"),
        ("Weekdays", (0, 1, 2, 3, 4), "Mon-Fri"),
        ("mon, wed,fri", (0, 2, 4), "Mon, Wed, Fri"),
        ("sat-mon", (0, 5, 6), "Mon, Sat, Sun"),
        ("friday", (4,), "Fri"),
        ("tue – thu", (1, 2, 3), "Tue-Thu"),
    ],
)
def test_weekdays_are_read_and_labelled(text: str, days: tuple[int, ...], label: str) -> None:
    assert read_days(text) == days
    assert days_label(days) == label


def test_quiet_hours_are_read() -> None:
    assert read_hours("22:00-07:00") == (time(22), time(7))
    assert read_hours("10pm to 7am") == (time(22), time(7))
    assert read_hours("OFF") is None
    with pytest.raises(UserError, match="all day"):
        read_hours("07:00-07:00")


@pytest.mark.parametrize(
    ("text", "zone"),
    [("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC")],
)
def test_a_time_zone_is_read_by_its_name_or_city(text: str, zone: str) -> None:
    assert read_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "advice"),
    [("Berlinn", "Did you mean Europe/Berlin?"), ("somewhere far away", "Use a name such as Europe/Berlin.")],
)
def test_an_unknown_time_zone_is_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(UserError) as caught:
        read_zone(text)

    assert str(caught.value) == f'There is no time zone "{text}". {advice}'


def test_a_time_is_labelled_relative_to_now_in_the_readers_zone() -> None:
    now, zone = datetime(2026, 11, 26, 23, 30, tzinfo=UTC), zone_of("Europe/Berlin")

    assert time_label(now, zone, now=now) == "today 00:30"
    assert time_label(now + timedelta(hours=10), zone, now=now) == "today 10:30"
    assert time_label(now + timedelta(hours=30), zone, now=now) == "tomorrow 06:30"
    assert time_label(now - timedelta(days=3), zone, now=now) == "Tue 00:30"
    assert time_label(now - timedelta(days=40), zone, now=now) == "18 Oct 01:30"
    assert time_label(now - timedelta(days=400), zone, now=now) == "23 Oct 2025 01:30"


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (240, "4 minutes ago"), (3_599, "59 minutes ago"),
     (7_199, "119 minutes ago"), (7_200, "2 hours ago"), (200_000, "2 days ago"), (-5, "just now")],
)  # fmt: skip
def test_the_time_since_an_event_is_labelled(seconds: int, label: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)

    assert ago(now - timedelta(seconds=seconds), now=now) == label
