"""Reads dates as publishers write them, in many languages. Every instant is an aware datetime in UTC.

A date is read only if all of it is understood. One before 1990 is no date: such values come from empty database fields
and from clocks that were never set.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from handlers.sources.text.date_names import AFTERNOON, HALF, MONTH, WEEKDAY, month_number, simplify, weekday_number
from handlers.sources.text.time_zones import offset_of

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""What is before this is no date of an article."""
_LONGEST: Final = 100
"""Characters of a date field. A longer one is no date."""
_DAY: Final = r"(?P<day>\d{1,2})"
_YEAR: Final = r"(?P<year>\d{4})"
_ANY_YEAR: Final = r"(?P<year>\d{4}|\d{2})(?!\d)"
_NAMED: Final = f"(?P<name>{MONTH})"
_CLOCK: Final = (
    rf"(?:(?P<half_before>{HALF}) ?)?(?P<hour>\d{{1,2}})"
    r"(?:[:.h](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2})(?:[.,]\d+)?)?(?!\d)| ?(?=h(?![a-z\d])|[UV]))"
    rf"(?: ?h(?![a-z\d]))?(?: ?(?P<half>{HALF}))?"
    r"(?: ?(?P<zone>(?:gmt|utc)? ?[+-]\d{1,2}(?::?\d{2})?(?: [a-z]{1,5})?|[a-z]+(?:/[a-z_+/-]+)+|[a-zмск]{1,5}))?"
)
"""A time of day: with minutes, or with "h" or the half of the day."""
_FORMS: Final = (
    rf"(?P<year>\d{{4}})(?P<sign>[-/.]) ?(?P<month>\d{{1,2}})(?P=sign) ?{_DAY}\.?",
    rf"{_DAY}\.?[ /-]?{_NAMED}[ /-]?{_ANY_YEAR}",
    f"{_NAMED} {_DAY} {_YEAR}",
    rf"{_YEAR}\.?[ /-]?{_NAMED}[ /-]?{_DAY}\.?",
    rf"{_DAY}\. ?(?P<month>\d{{1,2}})\. ?{_ANY_YEAR}",
    rf"(?P<first>\d{{1,2}})(?P<sign>[/-])(?P<last>\d{{1,2}})(?P=sign){_YEAR}",
)
_BEFORE: Final = f"(?:U )?(?:(?P<weekday>{WEEKDAY}) )?"
_AFTER: Final = f"(?: (?P<weekday_after>{WEEKDAY}))?"
_PATTERNS: Final = (
    *(re.compile(f"{_BEFORE}{form}{_AFTER}(?:(?: ?t ?| ){_CLOCK})?") for form in _FORMS),
    *(re.compile(f"{_CLOCK} {_BEFORE}{form}{_AFTER}") for form in _FORMS),
    re.compile(f"{_BEFORE}{_NAMED} {_DAY} {_CLOCK} {_YEAR}"),
)
"""A simplified date with its parts in each order that occurs."""
_ANYWHERE: Final = tuple(re.compile(rf"(?<!\w)(?:{pattern.pattern})(?![\w-]|[.:]\d)") for pattern in _PATTERNS)
_UNIX_TIME: Final = re.compile(r"(?:/Date\()?(?P<digits>\d{10,19})(?:\.\d+)?(?:(?:[+-]\d{4})?\)/)?")
_UNITS_OF: Final = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
"""By the digits of a Unix time of today: its units in a second."""
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[tT ]?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?)?\s?([zZ]|[+-]\d\d:?\d\d)?")
_WEEK: Final = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])", re.IGNORECASE)
_DAY_OF_YEAR: Final = re.compile(r"(\d{4})-?(\d{3})")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_BUDDHIST_YEARS: Final = range(2400, 2700)
_BUDDHIST_EPOCH: Final = 543
"""Years that the calendar of Thailand is ahead."""


def read_date(value: str, *, day_first: bool = False) -> datetime | None:
    """Return the instant of a date in a field of a document, in UTC; None if it is not wholly understood.

    Formats: ISO 8601, RFC 5322, Unix times, or as people write dates. A date without a time zone is taken as UTC, one
    without a time is midnight. None also for a date before 1990. `day_first`: 5/6/2019 is the fifth of June. Without it
    such a date is ambiguous, unless its time has "am" or "pm": then it is the sixth of May.
    """
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    if _ISO.match(value):
        try:
            return _in_utc(datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            pass
    if value[0].isdecimal() or value[0] == "/":
        try:
            if (instant := _numeric(value)) is not None:
                return _in_utc(instant)
        except (ValueError, OverflowError, OSError):
            return None
    found = match_date(value)
    return instant_of(found, day_first=day_first) if found else None


def match_date(text: str) -> re.Match[str] | None:
    """Match a text that is a date and nothing else, even a date that is ambiguous or does not exist."""
    simple = simplify(text)
    return next((found for pattern in _PATTERNS if (found := pattern.fullmatch(simple))), None)


def find_date(text: str) -> re.Match[str] | None:
    """Find the first date in a text, even a date that is ambiguous or does not exist."""
    simple = simplify(text)
    found = [match for pattern in _ANYWHERE if (match := pattern.search(simple))]
    return min(found, key=lambda match: (match.start(), -match.end()), default=None)


def rest_after_date(text: str) -> str | None:
    """Return what follows a date at the start of the text, in lower case; None if there is no date."""
    simple = simplify(text)
    ends = [found.end() for pattern in _PATTERNS if (found := pattern.match(simple))]
    return simple[max(ends) :] if ends else None


def instant_of(found: re.Match[str], *, day_first: bool = False) -> datetime | None:
    """Return the instant of a date that `match_date` found, in UTC. `day_first`: as for `read_date`.

    None for an ambiguous date, a day that does not exist, an unknown time zone, and a date before 1990.
    """
    parts = found.groupdict()
    try:
        day = _day_of(parts, day_first=day_first)
        local = _with_time(day, parts) if day else None
    except (ValueError, OverflowError):
        return None
    if local is None:
        return None
    offset = offset_of(parts["zone"], local) if parts.get("zone") else timedelta()
    if offset is None:
        return None
    try:
        return _in_utc(local - offset)
    except OverflowError:
        return None


def _in_utc(when: datetime) -> datetime | None:
    instant = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return instant.replace(microsecond=0) if instant >= EARLIEST else None


def _numeric(value: str) -> datetime | None:
    """Return the instant of a Unix time or of a date in one of the rarer forms of ISO 8601; None for other values.

    Raises: ValueError or OverflowError, if the value has such a form but is no date.
    """
    if found := _UNIX_TIME.fullmatch(value):
        units = _UNITS_OF.get(len(found["digits"]))
        if units:
            return datetime.fromtimestamp(int(found["digits"]) / units, UTC)
    if found := _COMPACT.fullmatch(value):
        year, month, day, hour, minute, second, zone = found.groups()
        local = datetime.combine(date(int(year), int(month), int(day)), time(int(hour or 0), int(minute or 0)))
        local += timedelta(seconds=int(second or 0))
        offset = offset_of((zone or "z").lower(), local)
        return local - offset if offset is not None else None
    if found := _WEEK.fullmatch(value):
        return datetime.combine(date.fromisocalendar(*map(int, found.groups())), time())
    if found := _DAY_OF_YEAR.fullmatch(value):
        return datetime.combine(date(int(found[1]), 1, 1), time()) + timedelta(days=int(found[2]) - 1)
    return None


def _day_of(parts: dict[str, str | None], *, day_first: bool) -> date | None:
    """Return the day of a date; None if day and month are ambiguous. Raises: ValueError, if there is none."""
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:
        year += 2000 if year < 50 else 1900  # as RFC 5322, section 4.3
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST_EPOCH
    if not parts.get("first"):
        month = month_number(name) if (name := parts.get("name")) else int(parts["month"] or 0)
        return date(year, month, int(parts["day"] or 0))
    first, last = int(parts["first"] or 0), int(parts["last"] or 0)
    if first == last or first > 12 or (day_first and last <= 12):
        return date(year, last, first)
    if last > 12 or parts.get("half"):  # with "am" or "pm" the month comes first
        return date(year, first, last)
    weekday = parts.get("weekday") or parts.get("weekday_after")
    days = [
        day for day in (date(year, last, first), date(year, first, last)) if day.weekday() == weekday_number(weekday)
    ]
    return days[0] if len(days) == 1 else None


def _with_time(day: date, parts: dict[str, str | None]) -> datetime:
    """Return the local time. 24:00 is the next midnight. Raises: ValueError, if there is no such time."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = parts.get("half") or parts.get("half_before")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == AFTERNOON else 0)
    if (hour, minute, second) == (24, 0, 0):
        return datetime.combine(day, time()) + timedelta(days=1)
    return datetime.combine(day, time(hour, minute)) + timedelta(seconds=second)
