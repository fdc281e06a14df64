"""Dates of lists keep the precision that the list gives, and never gain a day or a month."""

import pytest

from handlers.sources.lists.dates import excel_day, iso_date, spoken_date


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("1997", "1997"),
        ("Oct 2021", "October 2021"),
        ("04 Mar 1970", "4 March 1970"),
        ("12/05/1962", "12 May 1962"),
        ("dd/mm/1961", "1961"),
        ("00/00/1975", "1975"),
        ("00/05/1975", "May 1975"),
        ("15/08/19yy", "15/08/19yy"),
        ("1961-02-09", "9 February 1961"),
        ("2015-04-07-04:00", "7 April 2015"),
        ("circa 1960", "circa 1960"),
        ("", ""),
    ],
)
def test_a_date_in_words(text: str, spoken: str) -> None:
    assert spoken_date(text) == spoken


def test_the_day_number_of_a_spreadsheet_is_a_date() -> None:
    assert (excel_day("22321"), excel_day("2004")) == ("9 February 1961", "2004")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-18T16:47:04.449+01:00", "2026-11-18"),
        ("18-Nov-2026", "2026-11-18"),
        ("20/11/2026", "2026-11-20"),
        ("Nov 2026", ""),
        ("3033-99-01", ""),
        ("31/02/2026", ""),
    ],
)
def test_a_whole_date_as_a_day(text: str, day: str) -> None:
    assert iso_date(text) == day


def test_the_month_comes_first_in_the_united_states() -> None:
    assert iso_date("11/17/2026", month_first=True) == "2026-11-17"
