"""Recognizes lines of a text that state a date, with labels such as "Published on" around it."""

import re
from datetime import datetime
from typing import Final

from handlers.sources.text.dates import find_date, instant_of, match_date, rest_after_date

_LONGEST: Final = 160
"""Characters of a line with a date and nothing else."""
_LONGEST_REST: Final = 16
"""Characters that may follow a date at the start of a line."""
_YEAR: Final = re.compile(r"\d{4}|[〇零○一二三四五六七八九]{4}年|(?:令和|平成|民國|民国)")
"""Every date in a line has a year."""
_TWO_YEARS: Final = re.compile(r".*\d{4}.+?[A-Za-zа-я]{4}.*\d{4}")
_LABEL: Final = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|created|date|modified|issued)(?: on| at)?|on|"
    r"veröffentlicht(?: am)?|stand|aktualisiert(?: am)?|datum|опубликовано|обновлено|дата(?: публикации)?|"
    r"نشر في|تاريخ النشر|publié le|modifié le|publicado(?: el)?|pubblicato il)\s*[:：]?\s+|"
    r"(?:发布时间|发表时间|发表于|发布于|时间|日期|更新时间|آخر تحديث)\s*[:：]?\s*",
    re.IGNORECASE,
)
_CHANGED_LATER: Final = re.compile(
    r"[,;(|·\s]+(?:mis à jour|updated|last (?:updated|modified)|modified|обновлен\w*|aktualisiert|actualizado|"
    r"aggiornato|更新)\b.*",
    re.IGNORECASE,
)


def read_date_line(line: str) -> datetime | None:
    """Return the instant that the line states if it states nothing else, else None.

    A date without a time is midnight, and one without a time zone is in UTC. None also for an ambiguous date
    (5/6/2019), an unknown time zone, and a date before 1990.
    """
    found = _match(line)
    return instant_of(found) if found else None


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else. Ambiguous dates (5/6/2019) count."""
    return _match(line) is not None


def find_date_in_line(line: str, *, day_first: bool) -> datetime | None:
    """Return the instant of the first date in a line that may also state other things, such as the author.

    None if the line is long, and for dates that `read_date_line` does not read. `day_first`: as for `read_date`.
    """
    if len(line) > _LONGEST or not _YEAR.search(line):
        return None
    found = find_date(line)
    return instant_of(found, day_first=day_first) if found and len(found["year"]) == 4 else None


def starts_with_date(line: str) -> bool:
    """Whether the line is a date and at most a few words, such as the place or the time of a change."""
    if len(line) > _LONGEST or not _YEAR.search(line) or line.endswith((".", "。")):
        return False
    rest = rest_after_date(line)
    return rest is not None and len(rest) <= _LONGEST_REST


def _match(line: str) -> re.Match[str] | None:
    """Match the line without labels ("Published on") and without the date of a later change."""
    if len(line) > _LONGEST or not _YEAR.search(line):
        return None
    if _TWO_YEARS.match(line):
        line = _CHANGED_LATER.sub("", line)
    line = line.strip(" .,;|()（）\u00a0")
    label = _LABEL.match(line)
    found = match_date(line[label.end() :] if label else line)
    return found if found and (len(found["year"]) == 4) else None
