"""Feeds for tests, and the articles that they become."""

from handlers.drafts import ArticleDraft
from handlers.sources.feeds.feed import FeedReading, read_feed


def rss(items: str, head: str = "<title>Wire</title><link>https://example.com/</link>") -> str:
    """Return an RSS feed with these items."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def read(body: str | bytes, content_type: str | None = None) -> FeedReading:
    """Read a feed that was fetched from https://example.com/feed.xml."""
    content = body if isinstance(body, bytes) else body.encode()
    return read_feed(content, content_type=content_type, url="https://example.com/feed.xml")


def articles(body: str | bytes, content_type: str | None = None) -> list[ArticleDraft]:
    """Return the articles of a feed, without entries that could not be read."""
    return [entry for entry in read(body, content_type).entries if isinstance(entry, ArticleDraft)]
