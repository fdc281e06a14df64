"""Reads feeds into article drafts: RSS, Atom and RDF with feedparser, and JSON Feed."""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import feedparser

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import Draft
from handlers.sources.feeds import preparse
from handlers.sources.feeds.entries import drafts_of
from handlers.sources.feeds.feed_model import Entry, ParsedFeed
from handlers.sources.feeds.jsonfeed import parse_json_feed
from handlers.sources.feeds.markup import absolute, absolute_or_raw, plain_title
from handlers.sources.text.dates import read_date
from handlers.sources.text.language import language_code

MAX_FEED_BYTES: Final = 10_000_000
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+\w")


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
    parsed = parse_feed(body, content_type=content_type, url=url)
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


def parse_feed(body: bytes, *, content_type: str | None, url: str) -> ParsedFeed:
    """Return the feed as it states itself. `url`: where it was fetched.

    Raises: UnreadableDocument.
    """
    if len(body) > MAX_FEED_BYTES:
        raise UnreadableDocument(f"The feed is larger than {MAX_FEED_BYTES // 1_000_000} MB, so it was not read.")
    if preparse.is_json(body):
        return parse_json_feed(body, content_type=content_type, url=url)
    body, content_type = preparse.prepare(body, content_type)
    is_page = preparse.is_page(body)
    headers = {"content-type": content_type}
    if url:
        headers["content-location"] = url
    try:
        # A stream, because feedparser opens the path or URL that bytes or a string may be.
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except (ValueError, LookupError, AttributeError, AssertionError, RecursionError, TypeError) as error:
        # Its lenient parser fails on some damaged documents: https://github.com/kurtmckee/feedparser/issues
        raise UnreadableDocument("The feed is damaged: no part of it could be read.") from error
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
        site_url=absolute_or_raw(about.get("link") or _link(links, "alternate"), url),
        description=about.get("subtitle") or about.get("description"),
        language=about.get("language") or (about.get("title_detail") or {}).get("language"),
        id=about.get("id"),
        updated=_date(about, "updated", "published"),
        hub_urls=tuple(
            href for link in links if link.get("rel") == "hub" and (href := absolute(link.get("href"), url))
        ),
        ttl=_minutes(about.get("ttl")),
        skip_hours=_numbers(body, "hour"),
        skip_days=frozenset(_DAYS.index(day) for day in _values(body, "day") if day in _DAYS),
        entries=tuple(_entry(entry, about, url) for entry in parsed.entries),
        is_truncated=preparse.is_truncated(body),
    )


def _entry(entry: Mapping[str, Any], about: Mapping[str, Any], url: str) -> Entry:
    content = _content(entry)
    summary = entry.get("summary") or ""
    detail = content or entry.get("summary_detail") or {}
    source = entry.get("source") or {}
    return Entry(
        guid=entry.get("id"),
        title=entry.get("title") or entry.get("media_title"),
        plain_title=_is_plain(entry.get("title_detail") or {}) and not _is_rss(about),
        link=_entry_link(entry, url),
        original_link=absolute(entry.get("feedburner_origlink"), url),
        published=_date(entry, "published", "created"),
        updated=_date(entry, "updated"),
        summary=summary or None,
        content=(content or {}).get("value") or None,
        plain=_is_plain(detail) and not _is_rss(about),
        author=_author(entry) or _author(source) or _author(about),
        categories=_categories(entry.get("tags") or ()),
        image_url=_image(entry, url),
        language=detail.get("language") or (entry.get("title_detail") or {}).get("language"),
        publisher=plain_title(source.get("title") or "") or None,
    )


def _is_rss(about: Mapping[str, Any]) -> bool:
    """Whether the feed is RSS, in which text has no type, so that feedparser guesses it."""
    return "id" not in about and "updated" not in about


def _is_plain(detail: Mapping[str, Any]) -> bool:
    return detail.get("type") == "text/plain" and "&" not in (detail.get("value") or "")


def _content(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the longest text among the contents. The others are the same text in other types, or pictures."""
    readable = [content for content in entry.get("content") or () if content.get("value")]
    texts = [content for content in readable if "html" in content.get("type", "html") or "text" in content["type"]]
    return max(texts or readable, key=lambda content: len(content["value"]), default=None)


def _entry_link(entry: Mapping[str, Any], url: str) -> str | None:
    links = entry.get("links") or []
    link = entry.get("link") or _link(links, "alternate")
    return absolute_or_raw(link or _link([link for link in links if link.get("type") == "text/html"], None), url)


def _link(links: Iterable[Mapping[str, Any]], rel: str | None) -> str | None:
    return next((link["href"] for link in links if (rel is None or link.get("rel") == rel) and link.get("href")), None)


def _author(owner: Mapping[str, Any]) -> str | None:
    """Return the names of the authors without e-mail addresses: "jo@example.org (Jo Doe)" is Jo Doe."""
    authors = [author.get("name") or "" for author in owner.get("authors") or () if author]
    names = []
    for name in authors or [owner.get("author") or ""]:
        name = plain_title(_ADDRESS.sub("", name.replace("mailto:", "")).strip().strip("()<>,; "))
        if name and name not in names:
            names.append(name)
    return ", ".join(names)[:200] or None


def _categories(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    names = dict.fromkeys(plain_title(tag.get("label") or tag.get("term") or "")[:100] for tag in tags)
    return tuple(name for name in names if name)[:40]


def _image(entry: Mapping[str, Any], url: str) -> str | None:
    """Return the URL of the picture: the widest media:content, else the widest thumbnail, else an enclosure."""
    media = [
        item
        for item in entry.get("media_content") or ()
        if item.get("medium") == "image"
        or str(item.get("type", "")).startswith("image/")
        or re.search(r"\.(?:jpe?g|png|webp|gif)(?:\?|$)", item.get("url", ""), re.IGNORECASE)
    ]
    for images in (media, entry.get("media_thumbnail") or ()):
        widest = sorted(images, key=lambda item: _number(item.get("width")), reverse=True)
        for item in widest:
            if image := absolute(item.get("url"), url):
                return image
    for enclosure in entry.get("enclosures") or ():
        if str(enclosure.get("type", "")).startswith("image/") and (image := absolute(enclosure.get("href"), url)):
            return image
    return absolute((entry.get("image") or {}).get("href"), url)


def _number(value: object) -> int:
    digits = re.match(r"\d{1,6}", str(value or ""))
    return int(digits[0]) if digits else 0


def _date(owner: Mapping[str, Any], *names: str) -> datetime | None:
    """Return the first of these dates that can be read, in UTC. A date without a time zone is taken as UTC.

    The dates that feedparser has parsed are not used: it completes half a date with the current month, and ignores most
    names of time zones and "PM".
    """
    # `get` would return "published" for a missing "updated", with a warning.
    dates = (read_date(str(owner[name])) for name in names if name in owner)
    return next((date for date in dates if date is not None), None)


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
