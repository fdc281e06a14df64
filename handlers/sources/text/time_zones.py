"""Offsets of the time zones that dates name: by abbreviation, by offset, or by the name in the time zone database."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_MINUTES: Final = (
    {"utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "mez": 60}
    | {"mesz": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180}
    | {"sast": 120, "cat": 120, "wat": 60, "eat": 180, "idt": 180, "gst": 240, "irst": 210, "pkt": 300, "ist": 330}
    | {"npt": 345, "ict": 420, "wib": 420, "wita": 480, "wit": 540, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480}
    | {"awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720}
    | {"nzdt": 780, "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "est": -300, "edt": -240, "cst": -360}
    | {"cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600}
    | {"brt": -180, "art": -180}
)
"""Minutes from UTC. "IST" is India's, "CST" America's, and "BST" Britain's."""
_BY_DATE: Final = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "aet": "Australia/Sydney",
    "nzt": "Pacific/Auckland",
}
"""Names that mean standard time in winter and daylight-saving time in summer."""
_OFFSET: Final = re.compile(
    r"(?:gmt|utc|z)? ?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?: [a-z]{1,5})?"
)
_LARGEST: Final = 14
"""Hours from UTC."""


def offset_of(name: str, local: datetime) -> timedelta | None:
    """Return the offset from UTC at this local time; None for an unknown name.

    `name`: in lower case, such as "cest", "gmt+8", "-05:00" or "europe/berlin". `local` has no time zone.
    """
    if name in _MINUTES:
        return timedelta(minutes=_MINUTES[name])
    if offset := _OFFSET.fullmatch(name):
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        if hours > _LARGEST or minutes > 59:
            return None
        return timedelta(hours=hours, minutes=minutes) * (-1 if offset["sign"] == "-" else 1)
    key = _BY_DATE.get(name) or (_keys().get(name) if "/" in name else None)
    if key is None:
        return None
    try:
        return local.replace(tzinfo=ZoneInfo(key)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _keys() -> dict[str, str]:
    """Return the names of the time zone database by their lower-case form."""
    return {key.lower(): key for key in available_timezones()}
