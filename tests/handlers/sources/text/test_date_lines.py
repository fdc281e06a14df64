"""Lines of a text that are a date and nothing else."""

from datetime import UTC, datetime

import pytest

from handlers.sources.text.date_lines import is_date, read_date_line, starts_with_date


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        ("June 5, 2019", datetime(2019, 6, 5, tzinfo=UTC)),
        ("Published on Wednesday, June 5th, 2019 at 3:04 pm EDT", datetime(2019, 6, 5, 19, 4, tzinfo=UTC)),
        ("Updated: 5 June 2019 10:30 GMT+2", datetime(2019, 6, 5, 8, 30, tzinfo=UTC)),
        ("12:30 PM EST, Tue February 5, 2019", datetime(2019, 2, 5, 17, 30, tzinfo=UTC)),
        ("February 5, 2019 12:30 p.m. ET", datetime(2019, 2, 5, 17, 30, tzinfo=UTC)),
        ("June 5, 2019 12:30 p.m. ET", datetime(2019, 6, 5, 16, 30, tzinfo=UTC)),
        ("Wed 5 Jun 2019 13.22 BST", datetime(2019, 6, 5, 12, 22, tzinfo=UTC)),
        ("2019-06-05T08:00", datetime(2019, 6, 5, 8, 0, tzinfo=UTC)),
        ("Stand: 05.06.2019, 14:00 Uhr", datetime(2019, 6, 5, 14, 0, tzinfo=UTC)),
        ("5 июня 2019 года, 12:00 МСК", datetime(2019, 6, 5, 9, 0, tzinfo=UTC)),
        ("Publié le 5 juin 2019 à 18h20", datetime(2019, 6, 5, 18, 20, tzinfo=UTC)),
        ("发布时间：2019年6月5日", datetime(2019, 6, 5, tzinfo=UTC)),
        ("2019年6月5日星期三 下午3:20", datetime(2019, 6, 5, 15, 20, tzinfo=UTC)),
        ("二〇一九年六月五日", datetime(2019, 6, 5, tzinfo=UTC)),
        ("الأربعاء، 5 يونيو 2019", datetime(2019, 6, 5, tzinfo=UTC)),
        ("25/12/2019", datetime(2019, 12, 25, tzinfo=UTC)),
        ("5/6/2019 3:04 PM", datetime(2019, 5, 6, 15, 4, tzinfo=UTC)),
        ("Wednesday, 5/6/2019", datetime(2019, 6, 5, tzinfo=UTC)),
        ("5/6/2019", None),
        ("5 June 2019 10:30 XYZ", None),
        ("31 June 2019", None),
        ("5 June 1985", None),
        ("June 5", None),
        ("5.6.19", None),
        ("On June 5, 2019 the ministry said no", None),
    ],
)
def test_a_line_that_is_only_a_date_is_an_instant(line: str, instant: datetime | None) -> None:
    assert read_date_line(line) == instant


@pytest.mark.parametrize(
    ("line", "is_only_date"),
    [
        ("5/6/2019", True),
        ("5 June 2019 10:30 XYZ", True),
        ("5 June 1985", True),
        ("June 5, 2019, updated June 6, 2019", True),
        ("June 5", False),
        ("Since 2019", False),
        ("Order of May 5, 2019 on trade", False),
    ],
)
def test_an_ambiguous_date_is_a_date(line: str, is_only_date: bool) -> None:
    assert is_date(line) is is_only_date


def test_a_few_words_may_follow_a_date() -> None:
    assert starts_with_date("June 5, 2019, Moscow")
    assert not starts_with_date("June 5, 2019 was the day on which the ministry decided.")
    assert not starts_with_date("June 5, 2019.")
