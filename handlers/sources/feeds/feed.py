"""Reads feeds into article drafts: RSS, Atom and RDF with feedparser, and JSON Feed."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import feedparser

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import Draft
from handlers.sources.feeds import preparse
from handlers.sources.feeds.entries import drafts_of
from handlers.sources.feeds.entry_fields import link_of, read_date_field, read_entry
from handlers.sources.feeds.feed_model import ParsedFeed
from handlers.sources.feeds.jsonfeed import parse_json_feed
from handlers.sources.feeds.markup import plain_title
from handlers.sources.text.language import language_code
from handlers.sources.text.links import absolute, absolute_or_raw

MAX_FEED_BYTES: Final = 10_000_000
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """What a feed states about itself, and its articles."""

    title: str | None
    site_url: str | None
    language: str | None
    hub_urls: tuple[str, ...]
    entries: tuple[Draft, ...]
    """In the order of the feed, which is newest first in nearly all feeds. Keys are unique."""
    ttl: timedelta | None = None
    """How long the feed asks clients to cache it."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC in which the feed asks not to be read, 0 to 23."""
    skip_days: frozenset[int] = frozenset()
    """Weekdays on which the feed asks not to be read, 0 for Monday."""


def read_feed(body: bytes, *, content_type: str | None, url: str) -> FeedReading:
    """Return the articles of a feed. `url`: where it was fetched, which resolves relative links.

    Takes about a millisecond of processor time per entry, so call it in a thread.

    Raises: UnreadableDocument, whose message says whether this is a web page, a damaged feed or something else.
    """
    parsed = parse_feed(body, content_type=content_type, url=url, for_display=False)
    return FeedReading(
        title=plain_title(parsed.title or "") or None,
        site_url=absolute(parsed.site_url, url),
        language=language_code(parsed.language),
        hub_urls=parsed.hub_urls,
        entries=drafts_of(parsed, url=url),
        ttl=parsed.ttl,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def parse_feed(body: bytes, *, content_type: str | None, url: str, for_display: bool = True) -> ParsedFeed:
    """Return the feed as it states itself. `url`: where it was fetched.

    `for_display`: the HTML of texts is cleaned, and its links are made absolute. Plain text and pictures are the same
    without it, which saves feedparser parsing each text twice.

    Raises: UnreadableDocument.
    """
    if len(body) > MAX_FEED_BYTES:
        raise UnreadableDocument(f"The feed is larger than {MAX_FEED_BYTES // 1_000_000} MB, so it was not read.")
    if preparse.is_json(body):
        return parse_json_feed(body, content_type=content_type, url=url)
    body, content_type = preparse.prepare(body, content_type)
    is_page = preparse.is_page(body)
    base = preparse.base_of(body, url)
    parsed = _parse(body, content_type, base, for_display=for_display)
    if is_page and not parsed.entries:
        raise UnreadableDocument(
            "This is a web page, not a feed. To find the feed of the site, pass the page's address to /sources add."
        )
    about = parsed.feed
    if not parsed.get("version") and not parsed.entries and not about.get("title") and not preparse.has_root(body):
        raise UnreadableDocument("This is not a feed: it is neither RSS, Atom, RDF nor JSON Feed.")
    links = about.get("links") or []
    return ParsedFeed(
        title=about.get("title") or None,
        site_url=absolute_or_raw(about.get("link") or link_of(links, "alternate") or _undeclared_link(about), url),
        description=about.get("subtitle") or about.get("description"),
        language=about.get("language") or (about.get("title_detail") or {}).get("language"),
        id=about.get("id"),
        updated=read_date_field(about, "updated", "published"),
        hub_urls=tuple(
            href for link in links if link.get("rel") == "hub" and (href := absolute(link.get("href"), url))
        ),
        ttl=_minutes(about.get("ttl")),
        skip_hours=_numbers(body, "hour"),
        skip_days=frozenset(_DAYS.index(day) for day in _values(body, "day") if day in _DAYS),
        entries=tuple(read_entry(entry, about, base) for entry in parsed.entries),
        is_truncated=preparse.is_truncated(body),
    )


def _parse(body: bytes, content_type: str, base: str, *, for_display: bool) -> Any:
    """Return what feedparser makes of the bytes. Raises: UnreadableDocument."""
    headers = {"content-type": content_type} | ({"content-location": base} if base else {})
    try:
        # A stream, because feedparser opens the path or URL that bytes or a string may be.
        return feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=for_display or preparse.needs_cleaning(body),
            resolve_relative_uris=for_display or preparse.has_relative_pictures(body),
        )
    except (ValueError, LookupError, AttributeError, AssertionError, RecursionError, TypeError) as error:
        # Its lenient parser fails on some damaged documents: https://github.com/kurtmckee/feedparser/issues
        raise UnreadableDocument("The feed is damaged: no part of it could be read.") from error


def _undeclared_link(about: Mapping[str, Any]) -> str | None:
    """Return the site's address from a link of Atom whose prefix the feed does not declare."""
    link = about.get("atom_link")
    return link.get("href") if isinstance(link, Mapping) and link.get("rel", "alternate") == "alternate" else None


def _minutes(value: object) -> timedelta | None:
    digits = re.fullmatch(r"\d{1,6}", str(value or "").strip())
    return timedelta(minutes=int(digits[0])) if digits else None


def _values(body: bytes, name: str) -> list[str]:
    """Return the values in <skipHours> or <skipDays>, which feedparser drops."""
    block = re.search(rf"<skip{name}s>(.{{0,2000}}?)</skip{name}s>".encode(), body, re.IGNORECASE | re.DOTALL)
    if block is None:
        return []
    values = re.findall(rf"<{name}>\s*(\w+)\s*</{name}>".encode(), block[1], re.IGNORECASE)
    return [value.decode("ascii", "replace").lower() for value in values]


def _numbers(body: bytes, name: str) -> frozenset[int]:
    return frozenset(int(value) % 24 for value in _values(body, name) if re.fullmatch(r"[0-9]{1,2}", value))
