"""Who wrote it and when: bylines, dates and datelines as they stand around a copied article."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner января янв janvier enero يناير",
            "february feb februar февраля фев février febrero فبراير",
            "march mar märz марта мар mars marzo مارس",
            "april apr апреля апр avril abril أبريل ابريل",
            "may mai мая mayo مايو",
            "june jun juni июня июн juin junio يونيو",
            "july jul juli июля июл juillet julio يوليو",
            "august aug августа авг août agosto أغسطس اغسطس",
            "september sep sept сентября сен septembre septiembre سبتمبر",
            "october oct oktober okt октября окт octobre octubre أكتوبر اكتوبر",
            "november nov ноября ноя novembre noviembre نوفمبر",
            "december dec dezember dez декабря дек décembre diciembre ديسمبر",
        ),
        start=1,
    )
    for name in names.split()
}
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
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME: Final = (
    r"(?:[,\s]*(?:at|um|в|-|–|\||·|,|o'clock)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?"
    r"(?:\s*\(?(?P<zone>[A-Za-zмск]{1,4}|[+-]\d{2}:?\d{2})\)?)?)?"
)
_WEEKDAY: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? |"
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag),? |"
    r"(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье),? )?"
)
_DATES: Final = tuple(
    re.compile(_WEEKDAY + pattern + _TIME, re.IGNORECASE)
    for pattern in (
        rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)? (?:de )?(?P<month>{_MONTH})\.?,? (?:de )?(?P<year>\d{{4}})"
        r"(?: г(?:ода|\.)?)?",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})T?",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日(?:\s*(?:星期|周).)?",
    )
)
_DATE_LABEL: Final = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|created|date|modified|issued)(?: on| at)?|on|"
    r"veröffentlicht(?: am)?|stand|aktualisiert(?: am)?|datum|опубликовано|обновлено|дата(?: публикации)?|"
    r"نشر في|تاريخ النشر|publié le|publicado(?: el)?)\s*[:：]?\s+|"
    r"(?:发布时间|发表时间|时间|日期|更新时间)\s*[:：]?\s*",
    re.IGNORECASE,
)
_NAME: Final = r"[^\W\d_][\w.’'\-]*(?: (?:[^\W\d_][\w.’'\-]*)){0,4}"
_BYLINE: Final = (
    re.compile(
        rf"(?:by|By|BY|Von|VON|Written by|Story by|Words by|Reported by):? "
        rf"(?P<author>{_NAME}(?:(?:,| and| und| &) {_NAME}){{0,3}})(?P<rest>.*)"
    ),
    re.compile(
        rf"(?:Author|Автор|Авторы|Autor(?:in)?|Auteur|Par|Por|Текст|Reporter|Text)\s?[:：] ?"
        rf"(?P<author>{_NAME}(?:(?:,| and| и| und) {_NAME}){{0,3}})(?P<rest>)"
    ),
    re.compile(
        r"(?:(?:本报|新华社|本网)?记者|作者|文)\s?[:：/|丨 ]\s?"
        r"(?P<author>[\u4e00-\u9fff]{2,4}(?:[、 ][\u4e00-\u9fff]{2,4}){0,3})(?P<rest>)"
    ),
    re.compile(rf"(?:بقلم|كتب|الكاتب)\s?[:：]? ?(?P<author>{_NAME})(?P<rest>)"),
)
_TITLE_CASE: Final = re.compile(r"(?:[A-ZÀ-ÞА-ЯЁ][\w.’'\-]*|van|von|der|de|den|di|da|al|bin|la|le|du|dos|and|und|и|&)")
_WIRES: Final = r"(?:Reuters|AP|AFP|dpa(?:/[\w-]+)?|DPA|dts|TASS|Xinhua|Bloomberg|UPI|ANI|PTI|Kyodo|EFE|ANSA)"
_PLACE: Final = r"[A-ZÀ-ÞА-ЯЁ][\w.'’/-]*(?:[ ,]+[A-ZÀ-ÞА-ЯЁ][\w.'’/-]*){0,4}?"
_WHEN: Final = r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}))?,? ?"
_DATELINE: Final = (
    re.compile(
        rf"(?=[A-ZÀ-ÞА-ЯЁ.]{{3}}){_PLACE}{_WHEN}\((?P<agency>[A-Z][\w .&'/-]{{1,28}})\)\s?(?:[-–—]{{1,2}}|:)\s?(?=\S)"
    ),
    re.compile(rf"{_PLACE}{_WHEN}\((?P<agency>{_WIRES})\)\s?(?:[-–—]{{1,2}}|:)\s?(?=\S)"),
    re.compile(r"[А-ЯЁ][А-ЯЁ -]+, \d{1,2} [а-я]+\s?(?:[.–—-]\s?)?/(?P<agency>[^/\n]{2,30})/\.?\s?(?:[–—-]\s)?"),
    re.compile(
        r"(?P<agency>新华社|中新社|中新网|路透社?|法新社)[\u4e00-\u9fff]{0,8}?\d{1,2}月\d{1,2}日(?:电|讯|電|訊)\s?"
        r"(?:[（(][^）)]{2,30}[）)])?\s?"
    ),
    re.compile(r"[\u0620-\u06ff ]{2,30}\s?\((?P<agency>[\u0620-\u06ff ]{3,25})\)\s?[-–—]\s?"),
)
"""A place in capitals may stand before any agency; one in small letters only before a known one, since
"World Health Organization (WHO) - ..." looks the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What one line said of its article. Empty: the line is no byline."""

    author: str | None = None
    published_at: datetime | None = None


def read_byline(line: str) -> Byline | None:
    """The author, the date or both when the line is only that; None for any other line."""
    line = line.strip(" |·•\u00a0")
    if len(line) > 140:
        return None
    if (when := whole_date(line)) is not None:
        return Byline(published_at=when)
    parts = [part.strip() for part in re.split(r"\s[|·•]\s|\s[–—-]\s(?=.*\d{4})", line) if part.strip()]
    author: str | None = None
    published_at: datetime | None = None
    for part in parts:
        if (when := whole_date(part)) is not None:
            published_at = published_at or when
        elif (name := _author(part)) is not None:
            author = author or name
        elif not re.fullmatch(r"[\w .,’'-]{2,40}", part) or part[0].islower() or not (author or published_at):
            return None
    return Byline(author=author, published_at=published_at) if author or published_at else None


def _author(line: str) -> str | None:
    for pattern in _BYLINE:
        found = pattern.fullmatch(line)
        if not found:
            continue
        author, rest = found["author"].strip(" ,"), found["rest"].strip()
        if rest and not re.fullmatch(r"(?:[,|/–—-] ?|\(|for |in )[\w .,’'@()/-]{2,60}", rest):
            return None
        words = author.replace(",", " ").split()
        latin = bool(re.match(r"[A-Za-zÀ-ÿА-Яа-яЁё]", author))
        if latin and not all(_TITLE_CASE.fullmatch(word) for word in words):
            return None
        if latin and (len(words) > 9 or line.endswith(("?", "!"))):
            return None
        return author
    return None


def whole_date(line: str) -> datetime | None:
    """The instant that the line states, when it states nothing else. A date alone is its midnight in UTC."""
    line = line.strip(" .,;|()（）\u00a0")
    label = _DATE_LABEL.match(line)
    if label:
        line = line[label.end() :].strip()
    for pattern in _DATES:
        found = pattern.fullmatch(line)
        if found:
            return _instant(found)
    return None


def _instant(found: re.Match[str]) -> datetime | None:
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS[month]
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = (found["zone"] or "utc").lower()
    if zone[0] in "+-":
        offset = (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 60 + int(zone[-2:]))
    elif zone in _ZONES:
        offset = _ZONES[zone]
    else:
        return None
    try:
        local = datetime(
            int(found["year"]), number, int(found["day"]), hour, minute, tzinfo=timezone(timedelta(minutes=offset))
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_date(value: str) -> datetime | None:
    """The instant of a date in a document's own fields: ISO 8601, RFC 5322, or as people write it."""
    value = " ".join(value.split())[:80]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return whole_date(value)


def split_dateline(paragraph: str) -> tuple[str, str | None]:
    """The paragraph without its dateline ("MOSCOW, June 5 (Example Wire) - "), and the agency if there was one."""
    head = paragraph[:120]
    for pattern in _DATELINE:
        found = pattern.match(head)
        if found and len(paragraph) - found.end() >= 30:
            return paragraph[found.end() :], " ".join(found["agency"].split())
    return paragraph, None
