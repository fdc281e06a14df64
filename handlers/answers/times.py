"""Times as people write them: periods, hours of the day, weekdays, time zones; and as we write them back."""

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
    length: timedelta
    code: str
    """ "7d", as buttons carry it."""

    @property
    def label(self) -> str:
        """ "last 7 days"."""
        count, unit = int(self.code[:-1]), self.code[-1]
        return f"last {_UNIT_NAMES[unit]}" if count == 1 else f"last {count} {_UNIT_NAMES[unit]}s"


def split_period(text: str) -> tuple[str, str | None]:
    """The words before a period at their end, and the period's code; a period alone is not split off."""
    found = _TAIL.match(text)
    return (found["rest"], found["period"]) if found else (text, None)


def read_period(text: str | None, *, default: str = "7d") -> Period:
    """Raises: UserError."""
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
    return _CLOCK.match(text) is not None


def read_clock(text: str) -> time:
    """ "08:30", "8:30", "8am". Raises: UserError."""
    found = _CLOCK.match(text.strip())
    hour = int(found["hour"]) if found else 99
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].casefold() == "pm" else 0) if 1 <= hour <= 12 else 99
    minute = int(found["minute"] or 0) if found else 99
    if hour > 23 or minute > 59:
        raise UserError(f'I can\'t read "{text}" as a time of day. Write it as 08:30.')
    return time(hour, minute)


def read_days(text: str) -> tuple[int, ...]:
    """Weekdays, Monday is 0; none named: all. Raises: UserError."""
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
    """ "every day", "Mon-Fri", "Mon, Wed"."""
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]].title()}-{_DAYS[days[-1]].title()}"
    return ", ".join(_DAYS[day].title() for day in days)


def read_hours(text: str) -> tuple[time, time] | None:
    """ "22:00-07:00"; None for "off". Raises: UserError."""
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
    """Every zone's name, aliases too."""
    return frozenset(available_timezones())


@cache
def zone_names() -> tuple[str, ...]:
    """The zones people live in, sorted; no aliases such as "posix/..." or "Etc/..."."""
    return tuple(
        sorted(
            name
            for name in iana_zones()
            if name == "UTC" or ("/" in name and not name.startswith(("posix/", "right/", "Etc/", "SystemV/")))
        )
    )


def read_zone(text: str) -> str:
    """The IANA name meant by a name or a city of it. Raises: UserError with the nearest."""
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
    hint = f"Did you mean {' or '.join(dict.fromkeys(near))}?" if near else "Write it as Europe/Berlin."
    raise UserError(f'There is no time zone "{text}". {hint}')


def zone_of(name: str | None) -> ZoneInfo:
    """The zone; UTC where the name is none, for it may come from a platform."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def moment(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """ "today 14:02", "tomorrow 08:30", "Wed 14:02", "6 Jun 14:02", with the year unless it is this one."""
    here, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{day(here.date(), today=today)} {here:%H:%M}"


def day(value: date, *, today: date) -> str:
    away = (value - today).days
    if away in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[away + 1]
    if abs(away) < 7:
        return f"{value:%a}"
    return f"{value.day} {value:%b}" if value.year == today.year else f"{value.day} {value:%b} {value.year}"


def ago(at: datetime, *, now: datetime) -> str:
    """ "4 minutes ago"."""
    seconds = max(int((now - at.astimezone(UTC)).total_seconds()), 0)
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size * (2 if size > 60 else 1):
            return f"{counted(seconds // size, name)} ago"
    return "just now"


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 story", "1,204 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def rate(number: float) -> str:
    """A forecast without false exactness: "14", "0.4", "less than 1" is said by the caller."""
    return f"{number:.0f}" if number >= 3 or number == int(number) else f"{number:.1f}"
