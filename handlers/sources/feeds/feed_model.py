"""A feed as it says itself, before its entries become articles: the same shape from RSS, Atom, RDF and JSON Feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """As found: markup is still in `title`, `summary` and `content`."""

    guid: str | None = None
    title: str | None = None
    link: str | None = None
    """Made absolute where the feed's own address is known."""
    original_link: str | None = None
    """Where `link` only counts the click and then sends on."""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str | None = None
    content: str | None = None
    plain: bool = False
    """`content` and `summary` are text: a "<" in them is a "<"."""
    plain_title: bool = False
    author: str | None = None
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None
    publisher: str | None = None
    """Of an aggregator's entry: who published it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    title: str | None = None
    site_url: str | None = None
    description: str | None = None
    language: str | None = None
    id: str | None = None
    updated: datetime | None = None
    hub_urls: tuple[str, ...] = ()
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    """Weekdays, Monday is 0."""
    entries: tuple[Entry, ...] = ()
    cut_short: bool = False
    """The document ends within its last entry."""
