"""Dates of lists, with the precision that the list gives."""

import re
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = "January February March April May June July August September October November December".split()
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])")
_DAY_FIRST: Final = re.compile(r"(\w{1,2})[/.](\w{1,2})[/.](\w{4})")
_NAMED: Final = re.compile(r"(?:(\d{1,2})[\s-]+)?([A-Za-z]{3,9})\.?[\s,-]+(\d{4})")
_EXCEL_DAYS: Final = re.compile(r"\d{5}")


def spoken(year: int, month: int = 0, day: int = 0) -> str:
    """Return "1961", "April 1963" or "9 February 1961". A month or day of 0 is not known."""
    if not 1 <= month <= 12:
        return str(year)
    name = f"{_MONTHS[month - 1]} {year}"
    return f"{day} {name}" if 1 <= day <= 31 else name


def spoken_date(text: str) -> str:
    """Return the date in words, as precise as it is written. The day comes before the month if both are numbers.

    "00", "dd" and "mm" mean that a part is not known. A text of another form is returned as it is.
    """
    if found := _ISO.match(text):
        return spoken(*map(int, found.groups()))
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        if not year.isdigit():
            return text
        month_number = int(month) if month.isdigit() else 0
        return spoken(int(year), month_number, int(day) if day.isdigit() else 0)
    if (found := _NAMED.fullmatch(text)) and (month_number := _month(found[2])):
        return spoken(int(found[3]), month_number, int(found[1] or 0))
    return text


def excel_day(text: str) -> str:
    """Return the date of a spreadsheet's day number, such as 22321 for 9 February 1961; any other text as it is."""
    if not _EXCEL_DAYS.fullmatch(text):
        return spoken_date(text)
    found = _EXCEL_EPOCH + timedelta(days=int(text))
    return spoken(found.year, found.month, found.day)


def iso_date(text: str, *, month_first: bool = False) -> str:
    """Return the day as YYYY-MM-DD; empty if the text is no whole date. `month_first`: numbers are as in the USA."""
    if found := _ISO.match(text):
        year, month, day = map(int, found.groups())
    elif (found := _DAY_FIRST.fullmatch(text)) and "".join(found.groups()).isdigit():
        day, month, year = map(int, found.groups())
        if month_first:
            day, month = month, day
    elif (found := _NAMED.fullmatch(text)) and found[1]:
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(name: str) -> int:
    wanted = name.casefold()
    return next((number for number, month in enumerate(_MONTHS, 1) if month.casefold().startswith(wanted)), 0)
