"""Text helpers of the templates: quotations, links, local times and durations."""

from datetime import datetime, timedelta

import pytest
from markupsafe import Markup

from bot.console.phrases import clock, language_tag, quotation, short_duration
from handlers.answers.parts import Quote
from tests.support.posts import AT


@pytest.mark.parametrize(
    ("text", "bold", "shown"),
    [
        ("Huawei & MTS", ((0, 6),), "<b>Huawei</b> &amp; MTS"),
        ("Huawei", (), "Huawei"),
        ("Huawei", ((0, 999),), "<b>Huawei</b>"),
        ("Huawei", ((0, 4), (2, 6)), "<b>Huaw</b><b>ei</b>"),
        ("Huawei", ((4, 2), (-3, 2)), "<b>Hu</b>awei"),
        ("a<b>c", ((0, 2),), "<b>a&lt;</b>b&gt;c"),
    ],
)
def test_matched_text_is_bold(text: str, bold: tuple[tuple[int, int], ...], shown: str) -> None:
    assert quotation(Quote(text=text, bold=bold)) == Markup(shown)


def test_a_language_that_is_not_a_code_gives_no_attribute() -> None:
    assert language_tag("ar") == "ar"
    assert language_tag('ar" onload="x') is None


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (AT, "15:02"),
        (AT - timedelta(days=1), "Sat 15:02"),
        (AT - timedelta(days=40), "13 Oct 16:02"),
        (AT.replace(year=2019, day=3), "3 Nov 2019 15:02"),
    ],
)
def test_a_time_names_its_day_unless_it_is_the_day_of_the_message(at: datetime, shown: str) -> None:
    assert clock(at, "Europe/Berlin", relative_to=AT) == shown


def test_an_unknown_time_zone_is_shown_as_utc() -> None:
    assert clock(AT, "Not/AZone", relative_to=AT) == "14:02"


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(hours=31), "31 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_duration_is_shown_in_one_unit(duration: timedelta, shown: str) -> None:
    assert short_duration(duration) == shown
