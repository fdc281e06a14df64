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
    r"(?:[,\s]*(?:at|um|в|à|a las|ore|-|–|\||·|,|o'clock)?\s*(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})(?::\d{2})?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?"
    r"(?:\s*\(?(?P<zone>[A-Za-zмск]{1,4}|(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?)\)?)?)?"
)
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
"""No date is without one."""
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
_NAME: Final = r"[^\W\d_][\w.’'\-]*(?: (?:[^\W\d_][\w.’'\-]*)){0,4}"
_BYLINE: Final = (
    re.compile(
        rf"(?:by|By|BY|Von|VON|Par|PAR|Por|POR|Di|Written by|Story by|Words by|Reported by):? "
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
_WHEN: Final = r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Za-z][a-z]{2,8}))?,? ?"
_DATELINE: Final = (
    re.compile(
        rf"(?=[A-ZÀ-ÞА-ЯЁ.]{{3}}){_PLACE}{_WHEN}\((?P<agency>[A-Z][\w .&'/-]{{1,28}})\)"
        r"\s?(?:\.?[-–—]{1,2}|:)\s?(?=\S)"
    ),
    re.compile(rf"{_PLACE}{_WHEN}\((?P<agency>{_WIRES})\)\s?(?:\.?[-–—]{{1,2}}|:)\s?(?=\S)"),
    re.compile(
        r"[А-ЯЁ][А-ЯЁа-яё -]+[,.] \d{1,2} [а-я]{3,8}\.?\s?(?:[–—-]\s?)?"
        r"(?P<agency>[А-ЯЁ][А-ЯЁа-яё ]{2,24}|[A-Z][\w.]{2,20})(?:\.| [–—-])\s"
    ),
    re.compile(r"[А-ЯЁ][А-ЯЁ -]+, \d{1,2} [а-я]+\s?(?:[.–—-]\s?)?/(?P<agency>[^/\n]{2,30})/\.?\s?(?:[–—-]\s)?"),
    re.compile(
        r"(?P<agency>新华社|中新社|中新网|路透社?|法新社)[\u4e00-\u9fff]{0,8}?\d{1,2}月\d{1,2}日(?:电|讯|電|訊)\s?"
        r"(?:[（(][^）)]{2,30}[）)])?\s?"
    ),
    re.compile(r"[\u0620-\u06ff ]{2,30}\s?\((?P<agency>[\u0620-\u06ff ]{3,25})\)\s?[-–—]\s?"),
)
"""A place in capitals may stand before any agency; one in small letters only before a known one, since
"World Health Organization (WHO) - ..." looks the same."""


_BIO: Final = re.compile(
    r"(?P<name>[A-ZÀ-ÞА-ЯЁ][\w.’'-]+(?: [A-ZÀ-ÞА-ЯЁ][\w.’'-]*){1,3}),? "
    r"(?:(?:is|was) (?:an?|the|our|now|based)|joined|covers|has (?:covered|been|written|reported|worked)|"
    r"reports?|writes?|ist|schreibt|berichtet|est|couvre|es|cubre)\b"
    r"(?:.{0,160}\b(?:reporter|correspondent|journalist|editor|writer|columnist|freelancer?|bureau chief|producer|"
    r"redakteur(?:in)?|korrespondent(?:in)?|reporterin|journaliste|periodista)|"
    r"\b(?= (?:for|about|on|über|sur|sobre)\b))",
)
_CONTRIBUTED: Final = re.compile(
    r"(?:[—–-]\s?)?(?:[A-ZÀ-Þ][\w.’'-]+,? (?:and |in )?){2,12}"
    r"(?:contributed (?:to (?:this|the) (?:report|article|story)|reporting)|"
    r"contributed\.$|reported from [A-Z]).{0,160}"
)
_BIO_CHARS: Final = 500
"""No site tells more than this of its people below an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What one line said of its article. Empty: the line is no byline."""

    author: str | None = None
    published_at: datetime | None = None


def read_byline(line: str) -> Byline | None:
    """The author, the date or both when the line is only that; None for any other line."""
    line = line.strip(" |·•\u00a0")
    if " Follow" in line:
        line = re.sub(r"(?<=\w) Follow\b", "", line)
    if len(line) > 140:
        return None
    if is_date(line):
        return Byline(published_at=whole_date(line))
    parts = [part.strip() for part in re.split(r"\s*[|·•]\s*|\s[–—-]\s(?=.*\d{4})", line) if part.strip()]
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
    found = _date_of(line)
    return _instant(found) if found else None


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else, though it may be one that reads in two ways (5/6/2019)."""
    return _date_of(line) is not None


def starts_with_date(line: str) -> bool:
    """A date, and then at most a few words: where it was published, or when it was changed."""
    return _YEAR.search(line) is not None and any(
        (found := pattern.match(line)) is not None and len(line) - found.end() <= 16 and not line.endswith((".", "。"))
        for pattern in _DATES
    )


def _date_of(line: str) -> re.Match[str] | None:
    if not _YEAR.search(line):
        return None
    line = (_CHANGED_LATER.sub("", line) if re.match(r".*\d{4}.+?[A-Za-zа-я]{4}.*\d{4}", line) else line).strip(
        " .,;|()（）\u00a0"
    )
    label = _DATE_LABEL.match(line)
    if label:
        line = line[label.end() :].strip()
    early = _TIME_FIRST.fullmatch(line)
    if early:
        line = f"{early['date']} {early['time']}"
    for pattern in _DATES:
        found = pattern.fullmatch(line)
        if found:
            return found
    return None


def _day_and_month(first: int, second: int, *, american: bool) -> tuple[int, int] | None:
    """Of a date with slashes; None where it reads in two ways."""
    if first > 12 or second > 12 or first == second:
        return (first, second) if first > 12 else (second, first)
    return (second, first) if american else None


def _instant(found: re.Match[str]) -> datetime | None:
    said = found.groupdict()
    if said.get("first"):
        order = _day_and_month(int(said["first"]), int(said["second"]), american=bool(said["half"]))
        if order is None:
            return None
        day, number = order
    else:
        month = said["month"].lower()
        day, number = int(said["day"]), int(month) if month.isdigit() else _MONTHS[month]
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = (found["zone"] or "utc").lower()
    zone = re.sub(r"^(?:gmt|utc)(?=[+-])", "", zone)
    if zone[0] in "+-":
        hours, minutes = re.fullmatch(r"[+-](\d{1,2}?):?(\d{2})?", zone).groups()  # type: ignore[union-attr]
        offset = (1 if zone[0] == "+" else -1) * (int(hours) * 60 + int(minutes or 0))
    elif zone in _ZONES:
        offset = _ZONES[zone]
    else:
        return None
    try:
        local = datetime(int(found["year"]), number, day, hour, minute, tzinfo=timezone(timedelta(minutes=offset)))
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


def is_about_author(text: str, author: str | None) -> bool:
    """What a site tells of its own people: who else worked on the article, or the life of its author."""
    if len(text) > _BIO_CHARS:
        return False
    if _CONTRIBUTED.fullmatch(text):
        return True
    found = _BIO.match(text)
    if found is None:
        return False
    known = (author or "").casefold()
    return not known or any(word.casefold() in known for word in found["name"].split())
