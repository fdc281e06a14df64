"""Reads dates as publishers write them, in many languages. Every instant is an aware datetime in UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner января янв janvier janv enero ene gennaio gen janeiro januari يناير",
            "february feb februar февраля фев février févr febrero febbraio fevereiro fev februari فبراير شباط",
            "march mar märz марта мар mars marzo março maart مارس آذار",
            "april apr апреля апр avril avr abril abr aprile أبريل ابريل نيسان",
            "may mai мая mayo maggio mag maio mei مايو أيار",
            "june jun juni июня июн juin junio giugno giu junho يونيو حزيران",
            "july jul juli июля июл juillet juil julio luglio lug julho يوليو تموز",
            "august aug августа авг août agosto ago augustus أغسطس اغسطس آب",
            "september sep sept сентября сен септ septembre septiembre set settembre setembro سبتمبر أيلول",
            "october oct oktober okt октября окт octobre octubre ottobre ott outubro أكتوبر اكتوبر",
            "november nov ноября ноя нояб novembre noviembre novembro نوفمبر",
            "december dec dezember dez декабря дек décembre déc diciembre dic dicembre dezembro ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
_LONGEST_DATE: Final = 80
"""Characters of a date field that are read."""
_LONGEST_REST: Final = 16
"""Characters that may follow a date at the start of a line."""
_ZONES: Final = {"utc": 0, "gmt": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "msk": 180} | {
    "мск": 180,
    "est": -300,
    "edt": -240,
    "et": -300,
    "cst": -360,
    "cdt": -300,
    "pst": -480,
    "pdt": -420,
    "jst": 540,
    "hkt": 480,
    "sgt": 480,
    "aest": 600,
    "ist": 330,
}
"""Offsets from UTC in minutes."""
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME: Final = (
    r"(?:[,\s]*(?:at|um|в|à|a las|ore|-|–|\||·|,|o'clock)?\s*(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?::\d{2})?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?"
    r"(?:\s*\(?(?P<zone>[A-Za-zмск]{1,4}|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)\)?)?)?"
)
"""An optional time of day after a date, with an optional zone."""
_WEEKDAY: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? |"
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag),? |"
    r"(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье),? |"
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo),? |"
    r"(?:الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)[,،]? )?"
)
_DATES: Final = tuple(
    re.compile(_WEEKDAY + pattern + _TIME, re.IGNORECASE)
    for pattern in (
        rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)? (?:de )?(?P<month>{_MONTH})\.?,? (?:de )?(?P<year>\d{{4}})"
        r"(?: г(?:ода|\.)?)?",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})T?",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})",
        r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日(?:\s*(?:星期|周).)?",
    )
)
_YEAR: Final = re.compile(r"\d{4}")
"""Every date that is recognized here has a year."""
_TWO_YEARS: Final = re.compile(r".*\d{4}.+?[A-Za-zа-я]{4}.*\d{4}")
_DATE_LABEL: Final = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|created|date|modified|issued)(?: on| at)?|on|"
    r"veröffentlicht(?: am)?|stand|aktualisiert(?: am)?|datum|опубликовано|обновлено|дата(?: публикации)?|"
    r"نشر في|تاريخ النشر|publié le|modifié le|publicado(?: el)?|pubblicato il)\s*[:：]?\s+|"
    r"(?:发布时间|发表时间|发表于|发布于|时间|日期|更新时间|آخر تحديث)\s*[:：]?\s*",
    re.IGNORECASE,
)
_TIME_FIRST: Final = re.compile(
    r"(?P<time>\d{1,2}:\d{2}\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4})?),?\s+(?P<date>\S.*\d{4}.*)", re.IGNORECASE
)
_CHANGED_LATER: Final = re.compile(
    r"[,;(|·\s]+(?:mis à jour|updated|last (?:updated|modified)|modified|обновлен\w*|aktualisiert|actualizado|"
    r"aggiornato|更新)\b.*",
    re.IGNORECASE,
)


def read_date_line(line: str) -> datetime | None:
    """Return the instant that the line states if it states nothing else, else None.

    A date without a time is midnight in UTC. None also for an ambiguous date (5/6/2019) or an unknown time zone.
    """
    date = _match_date(line)
    return _instant(date) if date else None


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else. Ambiguous dates (5/6/2019) count."""
    return _match_date(line) is not None


def starts_with_date(line: str) -> bool:
    """Whether the line is a date and at most a few words, such as the place or the time of a change."""
    return _YEAR.search(line) is not None and any(
        (date := pattern.match(line)) is not None
        and len(line) - date.end() <= _LONGEST_REST
        and not line.endswith((".", "。"))
        for pattern in _DATES
    )


def read_date(value: str) -> datetime | None:
    """Return the instant of a date in a field of a document, in UTC; None if it cannot be read.

    Formats: ISO 8601, RFC 5322, or as people write dates. A date without a time zone is taken as UTC.
    """
    value = " ".join(value.split())[:_LONGEST_DATE]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = parse(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return read_date_line(value)


def _match_date(line: str) -> re.Match[str] | None:
    """Match the line without labels ("Published on") and without the date of a later change."""
    if not _YEAR.search(line):
        return None
    if _TWO_YEARS.match(line):
        line = _CHANGED_LATER.sub("", line)
    line = line.strip(" .,;|()（）\u00a0")
    label = _DATE_LABEL.match(line)
    if label:
        line = line[label.end() :].strip()
    time_first = _TIME_FIRST.fullmatch(line)
    if time_first:
        line = f"{time_first['date']} {time_first['time']}"
    for pattern in _DATES:
        date = pattern.fullmatch(line)
        if date:
            return date
    return None


def _instant(date: re.Match[str]) -> datetime | None:
    """Return the instant in UTC. None for an ambiguous date, an unknown time zone or a day that does not exist."""
    groups = date.groupdict()
    if groups.get("first"):
        order = _day_and_month(int(groups["first"]), int(groups["second"]), american=bool(groups["half"]))
        if order is None:
            return None
        day, number = order
    else:
        month = groups["month"].lower()
        day, number = int(groups["day"]), int(month) if month.isdigit() else _MONTHS[month]
    hour, minute = int(date["hour"] or 0), int(date["minute"] or 0)
    half = (date["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = (date["zone"] or "utc").lower()
    zone = re.sub(r"^(?:gmt|utc)(?=[+-])", "", zone)
    if zone[0] in "+-":
        hours, minutes = re.fullmatch(r"[+-](\d{1,2}?):?(\d{2})?", zone).groups()  # type: ignore[union-attr]
        offset = (1 if zone[0] == "+" else -1) * (int(hours) * 60 + int(minutes or 0))
    elif zone in _ZONES:
        offset = _ZONES[zone]
    else:
        return None
    try:
        local = datetime(int(date["year"]), number, day, hour, minute, tzinfo=timezone(timedelta(minutes=offset)))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day_and_month(first: int, second: int, *, american: bool) -> tuple[int, int] | None:
    """Return the day and the month of a date with slashes; None if either could be the day.

    `american`: the time has "am" or "pm", so the month comes first.
    """
    if first > 12 or second > 12 or first == second:
        return (first, second) if first > 12 else (second, first)
    return (second, first) if american else None
