"""A parsed feed before its entries become articles: the same records for RSS, Atom, RDF and JSON Feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as the feed states it. `title`, `summary` and `content` may contain markup. Times are in UTC."""

    guid: str | None = None
    title: str | None = None
    link: str | None = None
    """Absolute if the URL of the feed is known."""
    original_link: str | None = None
    """The URL of the article if `link` is a redirect that counts clicks."""
    alternates: tuple[tuple[str, str], ...] = ()
    """The languages, as ISO 639-1 codes, and URLs of the article's versions, if the entry links several."""
    enclosure_url: str | None = None
    """The URL of an attached file, such as the sound of a podcast."""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str | None = None
    content: str | None = None
    plain: bool = False
    """Whether `content` and `summary` are plain text, in which "<" does not start a tag."""
    plain_title: bool = False
    """The same for `title`."""
    author: str | None = None
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None
    publisher: str | None = None
    """The original publisher of an aggregator's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as it states itself. Times are in UTC."""

    title: str | None = None
    site_url: str | None = None
    description: str | None = None
    language: str | None = None
    id: str | None = None
    updated: datetime | None = None
    hub_urls: tuple[str, ...] = ()
    ttl: timedelta | None = None
    """How long the feed asks clients to cache it."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC in which the feed asks not to be read, 0 to 23."""
    skip_days: frozenset[int] = frozenset()
    """Weekdays on which the feed asks not to be read, 0 for Monday."""
    entries: tuple[Entry, ...] = ()
    is_truncated: bool = False
    """Whether the document ends inside its last entry."""
