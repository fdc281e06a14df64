"""Text helpers for the templates: local times, durations, safe links, and quotations with the matches in bold."""

import re
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from handlers.answers.parts import Quote
from handlers.answers.times import zone_of

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NEUTRAL: Final = "#5b6b7b"


def local_time(at: datetime, zone: str) -> datetime:
    """Return the time in the zone; in UTC where the name is not that of a zone."""
    return at.astimezone(zone_of(zone))


def clock(at: datetime, zone: str, *, relative_to: datetime | None = None) -> str:
    """Return the local time, with the day where it differs from that of `relative_to`.

    "14:02" on the same day, "Wed 14:02" within a week or without `relative_to`, else "6 Jun 14:02" or, in another year,
    "6 Jun 2019 14:02".
    """
    here = local_time(at, zone)
    if relative_to is None:
        return f"{here:%a %H:%M}"
    there = local_time(relative_to, zone)
    if here.date() == there.date():
        return f"{here:%H:%M}"
    apart = abs(there.date() - here.date())
    if apart < timedelta(days=7):
        return f"{here:%a %H:%M}"
    return f"{short_date(here.date(), near=there.date())} {here:%H:%M}"


def short_date(day: date, *, near: date) -> str:
    """Return "6 Jun"; with the year where `near` is in another year."""
    return f"{day.day} {day:%b}" if day.year == near.year else f"{day.day} {day:%b} {day.year}"


def long_date(day: date) -> str:
    """Return "Thursday 6 June"."""
    return f"{day:%A} {day.day} {day:%B}"


def short_duration(duration: timedelta) -> str:
    """Return the duration, rounded down, in one unit: "40 s", "4 min", "31 h" or "3 days"; "0 s" below zero."""
    seconds = max(int(duration.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 90 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def web_address(url: str | None) -> str | None:
    """Return the address if it is http or https with a host, else None: nothing else may become a link."""
    if not url or any(letter <= " " for letter in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def file_address(text: str) -> str:
    """Return a data: address that contains the text, for a download link. No browser displays its content type."""
    return f"data:application/octet-stream;base64,{b64encode(text.encode()).decode()}"


def host_of(url: str | None) -> str:
    """Return the host without "www."; empty where the address is not a web address."""
    address = web_address(url)
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""


def language_tag(language: str) -> str | None:
    """Return the language as the value of a `lang` attribute; None where it is unknown or not a language code."""
    return language if _LANGUAGE.fullmatch(language) and language != "und" else None


def color_of(color: str) -> str:
    """Return the colour if it is #rrggbb, else a neutral grey."""
    return color if _COLOR.fullmatch(color) else _NEUTRAL


def quotation(quote: Quote) -> Markup:
    """Return the quotation as HTML with the matches in bold. Spans that overlap or exceed it are cut."""
    parts: list[Markup] = []
    place = 0
    for start, end in sorted(quote.bold):
        start, end = max(start, place), min(end, len(quote.text))
        if start >= end:
            continue
        parts += [escape(quote.text[place:start]), Markup("<b>{}</b>").format(quote.text[start:end])]
        place = end
    return Markup("").join([*parts, escape(quote.text[place:])])


def iso(at: datetime) -> str:
    """Return the time in UTC as the value of a `datetime` attribute."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
