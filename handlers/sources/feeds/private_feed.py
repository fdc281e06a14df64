"""Reads a fetched feed without repeating the credentials of its address."""

from dataclasses import replace

from handlers.rules.secrets import Secrets
from handlers.sources.feeds.feed import FeedReading, read_feed
from handlers.sources.fetch.client import Fetched
from storage.addresses import without_credentials


def read_fetched(fetched: Fetched, *, address: str) -> FeedReading:
    """Return the feed that was fetched from `address`, perhaps through redirects.

    The result contains no password or key of either address. Takes processor time, so call it in a thread.

    Raises: UnreadableDocument.
    """
    reading = read_feed(fetched.body, content_type=fetched.content_type, url=without_credentials(fetched.url))
    secrets = Secrets.of(address, fetched.url)
    if not secrets:
        return reading
    return replace(
        reading,
        title=secrets.without(reading.title) if reading.title else reading.title,
        site_url=secrets.without_in(reading.site_url),
        hub_urls=tuple(url for url in map(secrets.without_in, reading.hub_urls) if url is not None),
        entries=tuple(map(secrets.without_in_draft, reading.entries)),
    )
