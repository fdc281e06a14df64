"""The small words of a message: times, counts, periods, safe addresses and quotations with their bold words."""

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


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(zone_of(zone))


def clock(at: datetime, zone: str, *, beside: datetime | None = None) -> str:
    """ "14:02"; with the day where it is not that of `beside`: "Wed 14:02", "6 Jun 14:02", "6 Jun 2019 14:02"."""
    here = local(at, zone)
    if beside is None:
        return f"{here:%a %H:%M}"
    there = local(beside, zone)
    if here.date() == there.date():
        return f"{here:%H:%M}"
    apart = abs(there.date() - here.date())
    if apart < timedelta(days=7):
        return f"{here:%a %H:%M}"
    return f"{short_date(here.date(), near=there.date())} {here:%H:%M}"


def short_date(day: date, *, near: date) -> str:
    """ "6 Jun", with its year unless that is the year of `near`."""
    return f"{day.day} {day:%b}" if day.year == near.year else f"{day.day} {day:%b} {day.year}"


def long_date(day: date) -> str:
    """ "Thursday 6 June"."""
    return f"{day:%A} {day.day} {day:%B}"


def span(duration: timedelta) -> str:
    """A duration in its largest unit: "40 s", "4 min", "31 h", "3 days"."""
    seconds = max(int(duration.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 90 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def web_address(url: str | None) -> str | None:
    """The address if it is http or https with a host, else None: nothing else becomes a link."""
    if not url or any(letter <= " " for letter in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def file_address(text: str) -> str:
    """An address that holds the text itself, to be saved: of a type that no browser shows."""
    return f"data:application/octet-stream;base64,{b64encode(text.encode()).decode()}"


def host_of(url: str | None) -> str:
    """The host of an address, for small print."""
    address = web_address(url)
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""


def language_tag(language: str) -> str | None:
    """The language for a `lang` attribute; None where it is not known."""
    return language if _LANGUAGE.fullmatch(language) and language != "und" else None


def color_of(color: str) -> str:
    """The topic's colour; a neutral one where it is not #rrggbb."""
    return color if _COLOR.fullmatch(color) else _NEUTRAL


def quotation(quote: Quote) -> Markup:
    """The words with those that matched in bold. Spans that overlap or lie outside are put right."""
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
    """For a `datetime` attribute."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
