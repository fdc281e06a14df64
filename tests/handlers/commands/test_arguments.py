"""Words after a command, as people write them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.answers.errors import UserError
from handlers.answers.times import (
    ago,
    days_label,
    moment,
    read_clock,
    read_days,
    read_hours,
    read_period,
    read_zone,
    split_period,
    zone_of,
)
from handlers.commands.arguments import read_words

SAID = [
    ("subscribe", "huawei", {"topic": "huawei"}, None),
    ("subscribe", "huawei daily", {"topic": "huawei", "pace": "daily"}, None),
    ("subscribe", "huawei, Weekly", {"topic": "huawei", "pace": "weekly"}, None),
    ("digest", "at 2:30pm New York mon-fri", {"time": "2:30pm", "zone": "New York", "days": "mon-fri"}, None),
    ("digest", "at 08:30 Monterrey", {"time": "08:30", "zone": "Monterrey"}, None),
    ("digest", "at 08:30 Mon, Wednesdays", {"time": "08:30", "days": "Mon, Wednesdays"}, None),
    ("digest", "at 08:30 every day", {"time": "08:30", "days": "every day"}, None),
    ("check", "Two  lines\nof text ", {"text": "Two  lines\nof text"}, None),
    ("subscribe", "huawei in #intel", {"topic": "huawei"}, "intel"),
    ("subscribe", "huawei in #intel daily", {"topic": "huawei", "pace": "daily"}, "intel"),
    ("subscribe", "huawei daily in #intel", {"topic": "huawei", "pace": "daily"}, "intel"),
    ("subscribe", "huawei in <#C024BE7LR|intel>", {"topic": "huawei"}, "C024BE7LR"),
    ("subscribe", "daily", {"topic": "daily"}, None),
    ("subscribe", "“export controls” OR chips", {"topic": '"export controls" OR chips'}, None),
    ("subscribe", "  trade   war\n", {"topic": "trade war"}, None),
    ("subscribe", "investment in China", {"topic": "investment in China"}, None),
    ("subscriptions", "", {}, None),
    ("subscriptions", "in #intel", {}, "intel"),
    ("brief", "huawei", {"topic": "huawei"}, None),
    ("brief", "huawei 30d", {"topic": "huawei", "period": "30d"}, None),
    ("brief", "trade war last week", {"topic": "trade war", "period": "last week"}, None),
    ("brief", "huawei last 3 days", {"topic": "huawei", "period": "last 3 days"}, None),
    ("brief", "last week", {"topic": "last week"}, None),
    ("brief", "5g", {"topic": "5g"}, None),
    ("brief", "g20 24h", {"topic": "g20", "period": "24h"}, None),
    ("digest", "", {}, None),
    ("digest", "at 08:30", {"time": "08:30"}, None),
    ("digest", "at 8 am Europe/Berlin mon-fri",
     {"time": "8am", "zone": "Europe/Berlin", "days": "mon-fri"}, None),
    ("digest", "at 08:30 berlin", {"time": "08:30", "zone": "berlin"}, None),
    ("digest", "at 08:30 mon, wed", {"time": "08:30", "days": "mon, wed"}, None),
    ("digest", "AT 08:30 UTC", {"time": "08:30", "zone": "UTC"}, None),
    ("topics", "add trade war = tariff* OR \"trade war\"",
     {"name": "trade war", "query": 'tariff* OR "trade war"'}, None),
    ("topics", "add a = =exact", {"name": "a", "query": "=exact"}, None),
    ("topics", "show trade war", {"name": "trade war"}, None),
    ("sources", "add <https://example.com/news|example.com/news>", {"url": "https://example.com/news"}, None),
    ("trend", "huawei vs zte 90d", {"topic": "huawei", "versus": "zte", "period": "90d"}, None),
    ("trend", "huawei versus zte", {"topic": "huawei", "versus": "zte"}, None),
    ("news", "quiet 22:00-07:00", {"hours": "22:00-07:00"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("command", "words", "options", "channel"), SAID)
def test_words_become_arguments(command: str, words: str, options: dict[str, str], channel: str | None) -> None:
    spoken = read_words(command, words, None)

    assert spoken.options == options
    assert spoken.channel == channel


def test_the_bare_command_does_its_first_subcommand() -> None:
    assert read_words("digest", "", None).name == "digest show"
    assert read_words("news", "", None).name == "news help"
    assert read_words("topics", "", {}).name == "topics list"


def test_typed_options_win_over_words() -> None:
    spoken = read_words("topics", "list", {"do": "add", "name": "chips", "query": "  semi  conductor "})

    assert (spoken.name, spoken.options) == ("topics add", {"name": "chips", "query": "semi conductor"})
    assert spoken.changes


@pytest.mark.parametrize("options", [{"topic": " "}, {}, {"pace": "daily"}, {"topic": "x", "pace": "hourly"}])
def test_a_missing_or_wrong_option_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(UserError) as caught:
        read_words("subscribe", "", options)

    assert caught.value.code is not None and caught.value.code.startswith("/subscribe")


@pytest.mark.parametrize(
    ("command", "words", "wanted"),
    [
        ("news", "zone", "a time zone, such as Europe/Berlin."),
        ("news", "changes", "who: anyone, or managers."),
        ("digest", "at", "the time of day, such as 08:30."),
        ("topics", "remove", "the topic's name."),
        ("unsubscribe", "", "the topic to stop."),
        ("trend", "huawei vs", "the topic to compare with."),
        ("trend", "huawei vs 7d", "the topic to compare with."),
    ],
)
def test_what_is_missing_is_named(command: str, words: str, wanted: str) -> None:
    with pytest.raises(UserError) as caught:
        read_words(command, words, None)

    assert str(caught.value).endswith(f"needs one thing more: {wanted}")


def test_endless_words_are_refused() -> None:
    with pytest.raises(UserError, match="2,000"):
        read_words("find", "x" * 3_000, None)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (f"edit sanctions-ours = {'x ' * 1_500}", None),
        ("", {"do": "edit", "name": "sanctions-ours", "query": "x " * 1_500}),
    ],
)
def test_a_query_too_long_for_a_command_may_name_topics(words: str, options: dict[str, str] | None) -> None:
    with pytest.raises(UserError, match="@sanctions NOT word, or join several, @first OR @second"):
        read_words("topics", words, options)


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
def test_periods(text: str | None, length: timedelta, label: str) -> None:
    period = read_period(text)

    assert (period.length, period.label) == (length, label)


@pytest.mark.parametrize("text", ["0d", "400d", "7", "d", "yesterday-ish", "9999w", "-3d"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="period"):
        read_period(text)


def test_a_number_in_a_name_is_no_period() -> None:
    assert split_period("5g") == ("5g", None)
    assert split_period("huawei 5g") == ("huawei 5g", None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("08:30", time(8, 30)), ("8:05", time(8, 5)), ("8", time(8)), ("8am", time(8)), ("12am", time(0)),
     ("12pm", time(12)), ("8:30 PM", time(20, 30)), ("8.30", time(8, 30)), ("0:00", time(0))],
)  # fmt: skip
def test_clocks(text: str, wanted: time) -> None:
    assert read_clock(text) == wanted


@pytest.mark.parametrize("text", ["24:00", "8:60", "13pm", "0am", "noon", "", "8:3"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
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
def test_weekdays(text: str, days: tuple[int, ...], label: str) -> None:
    assert read_days(text) == days
    assert days_label(days) == label


def test_quiet_hours() -> None:
    assert read_hours("22:00-07:00") == (time(22), time(7))
    assert read_hours("10pm to 7am") == (time(22), time(7))
    assert read_hours("OFF") is None
    with pytest.raises(UserError, match="all day"):
        read_hours("07:00-07:00")


@pytest.mark.parametrize(
    ("text", "zone"),
    [("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC")],
)
def test_zones(text: str, zone: str) -> None:
    assert read_zone(text) == zone


def test_moments_are_said_as_people_say_them() -> None:
    now, zone = datetime(2026, 11, 26, 23, 30, tzinfo=UTC), zone_of("Europe/Berlin")

    assert moment(now, zone, now=now) == "today 00:30"
    assert moment(now + timedelta(hours=10), zone, now=now) == "today 10:30"
    assert moment(now + timedelta(hours=30), zone, now=now) == "tomorrow 06:30"
    assert moment(now - timedelta(days=3), zone, now=now) == "Tue 00:30"
    assert moment(now - timedelta(days=40), zone, now=now) == "18 Oct 01:30"
    assert moment(now - timedelta(days=400), zone, now=now) == "23 Oct 2025 01:30"
    assert date(2026, 11, 27) == now.astimezone(zone).date()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (240, "4 minutes ago"), (3_599, "59 minutes ago"),
     (7_199, "119 minutes ago"), (7_200, "2 hours ago"), (200_000, "2 days ago"), (-5, "just now")],
)  # fmt: skip
def test_ago(seconds: int, said: str) -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)

    assert ago(now - timedelta(seconds=seconds), now=now) == said
