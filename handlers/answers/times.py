"""Reads and formats time expressions: periods, times of day, weekdays, quiet hours and time zones."""

import difflib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from handlers.answers.errors import UserError

_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_UNIT_NAMES: Final = {"h": "hour", "d": "day", "w": "week"}
_SHORT: Final = re.compile(r"^(?:last\s+)?(?P<count>\d{1,4})\s*(?P<unit>hours?|days?|weeks?|[hdw])$", re.IGNORECASE)
_NAMED: Final = {
    "day": "24h",
    "last day": "24h",
    "last week": "7d",
    "this week": "7d",
    "week": "7d",
    "last month": "30d",
    "this month": "30d",
    "month": "30d",
    "last quarter": "90d",
    "last year": "365d",
}
_TAIL: Final = re.compile(
    r"^(?P<rest>.*?\S)[\s,]+(?P<period>(?:last\s+)?\d{1,4}\s*(?:hours?|days?|weeks?|[hdw])"
    r"|(?:last|this)\s+(?:day|week|month|quarter|year))$",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"^(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>am|pm)?$", re.IGNORECASE)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_WORDS: Final = {
    "daily": tuple(range(7)),
    "every day": tuple(range(7)),
    "everyday": tuple(range(7)),
    "weekdays": tuple(range(5)),
    "weekends": (5, 6),
    "weekend": (5, 6),
}
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period that ends now."""

    length: timedelta
    code: str
    """ "7d", as used in the actions of buttons."""

    @property
    def label(self) -> str:
        """ "last 7 days"."""
        count, unit = int(self.code[:-1]), self.code[-1]
        return f"last {_UNIT_NAMES[unit]}" if count == 1 else f"last {count} {_UNIT_NAMES[unit]}s"


def split_period(text: str) -> tuple[str, str | None]:
    """Split a period off the end of a text: return the words before it, and the period or None.

    A text that is nothing but a period is not split.
    """
    found = _TAIL.match(text)
    return (found["rest"], found["period"]) if found else (text, None)


def read_period(text: str | None, *, default: str = "7d") -> Period:
    """Return the period that a person wrote: "24h", "7d", "2 weeks", "last month".

    Raises: UserError.
    """
    words = " ".join((text or default).casefold().split())
    found = _SHORT.match(_NAMED.get(words, words))
    if found is None:
        raise UserError(f'I can\'t read "{text}" as a period. Use hours, days or weeks: 24h, 7d, 2w.')
    unit = found["unit"][0].lower()
    length = int(found["count"]) * _UNITS[unit]
    if not timedelta(0) < length <= LONGEST:
        raise UserError(f'"{text}" is not a period between 1h and {LONGEST.days}d. Try 7d or 30d.')
    return Period(length=length, code=f"{int(found['count'])}{unit}")


def is_clock(text: str) -> bool:
    """Return whether the text looks like a time of day. Its hour may still be out of range."""
    return _CLOCK.match(text) is not None


def read_clock(text: str) -> time:
    """Return the time of day that a person wrote: "08:30", "8:30", "8am".

    Raises: UserError.
    """
    found = _CLOCK.match(text.strip())
    hour = int(found["hour"]) if found else 99
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].casefold() == "pm" else 0) if 1 <= hour <= 12 else 99
    minute = int(found["minute"] or 0) if found else 99
    if hour > 23 or minute > 59:
        raise UserError(f'I can\'t read "{text}" as a time of day. Write it as 08:30.')
    return time(hour, minute)


def read_days(text: str) -> tuple[int, ...]:
    """Return the weekdays that a person wrote, in order; Monday is 0. An empty text means all.

    Raises: UserError.
    """
    words = " ".join(text.casefold().split())
    if not words:
        return tuple(range(7))
    if words in _DAY_WORDS:
        return _DAY_WORDS[words]
    chosen: set[int] = set()
    for part in filter(None, re.split(r"[\s,]+", re.sub(r"\s*[-–]\s*", "-", words))):
        first, _, last = part.partition("-")
        start, end = _day(first, text), _day(last or first, text)
        chosen.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(sorted(chosen))


def _day(word: str, text: str) -> int:
    if len(word) >= 2:
        for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")):
            if name.startswith(word):
                return number
    raise UserError(f'I can\'t read "{text}" as weekdays. Write mon-fri, or mon,wed,fri, or daily.')


def days_label(days: tuple[int, ...]) -> str:
    """Return "every day", "Mon-Fri" or "Mon, Wed"."""
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]].title()}-{_DAYS[days[-1]].title()}"
    return ", ".join(_DAYS[day].title() for day in days)


def read_hours(text: str) -> tuple[time, time] | None:
    """Return the beginning and end of the quiet hours that a person wrote: "22:00-07:00"; None for "off".

    Raises: UserError.
    """
    words = text.casefold().strip()
    if words in ("off", "none", "no"):
        return None
    first, dash, last = re.sub(r"\s*(?:[-–]|\bto\b)\s*", "-", words, count=1).partition("-")
    if not dash:
        raise UserError(f'I can\'t read "{text}" as quiet hours. Write 22:00-07:00, or off.')
    start, end = read_clock(first), read_clock(last)
    if start == end:
        raise UserError(f'"{text}" would be quiet all day. Choose two different times, such as 22:00-07:00, or off.')
    return start, end


@cache
def iana_zones() -> frozenset[str]:
    """Return the names of all time zones, including aliases."""
    return frozenset(available_timezones())


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of the zones that people live in, sorted; without aliases such as "posix/..." or "Etc/..."."""
    return tuple(
        sorted(
            name
            for name in iana_zones()
            if name == "UTC" or ("/" in name and not name.startswith(("posix/", "right/", "Etc/", "SystemV/")))
        )
    )


def read_zone(text: str) -> str:
    """Return the IANA name of the time zone that a person wrote in full or by its city: "Berlin".

    Raises: UserError, which suggests similar names.
    """
    wanted = "_".join(text.strip().split()).casefold()
    names = zone_names()
    for name in names:
        if name.casefold() == wanted:
            return name
    cities = [name for name in names if name.rpartition("/")[2].casefold() == wanted]
    if len(cities) == 1:
        return cities[0]
    if wanted in ("gmt", "z"):
        return "UTC"
    if cities:
        raise UserError(f'Several zones are called "{text}": {", ".join(cities[:3])}. Write one of them in full.')
    by_word = {name.rpartition("/")[2].casefold(): name for name in names} | {name.casefold(): name for name in names}
    near = [by_word[close] for close in difflib.get_close_matches(wanted, by_word, n=2, cutoff=0.7)]
    hint = f"Did you mean {' or '.join(dict.fromkeys(near))}?" if near else "Use a name such as Europe/Berlin."
    raise UserError(f'There is no time zone "{text}". {hint}')


def zone_of(name: str | None) -> ZoneInfo:
    """Return the zone of this name; UTC if there is none, because platforms may send unknown names."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def clock_label(at: time) -> str:
    return f"{at:%H:%M}"


def time_label(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """Return a time in the zone, relative to `now`: "today 14:02", "Wed 14:02", "6 Jun 14:02", "6 Jun 2019 14:02"."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{day_label(here.date(), today=today)} {here:%H:%M}"


def day_label(value: date, *, today: date) -> str:
    """Return a day relative to today: "yesterday", "today", "Wed" (within a week), "6 Jun" or "6 Jun 2019"."""
    away = (value - today).days
    if away in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[away + 1]
    if abs(away) < 7:
        return f"{value:%a}"
    return f"{value.day} {value:%b}" if value.year == today.year else f"{value.day} {value:%b} {value.year}"


def ago(at: datetime, *, now: datetime) -> str:
    """Return how long ago a time was: "3 days ago", "4 minutes ago", "just now". Hours and days count from two on."""
    seconds = max(int((now - at.astimezone(UTC)).total_seconds()), 0)
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size * (2 if size > 60 else 1):
            return f"{counted(seconds // size, name)} ago"
    return "just now"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return the number with its noun: "1 story", "1,204 articles"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def rate(number: float) -> str:
    """Return a forecast without false precision: "14", "0.4"."""
    return f"{number:.0f}" if number >= 3 or number == int(number) else f"{number:.1f}"
