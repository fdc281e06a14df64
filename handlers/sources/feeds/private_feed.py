"""Feeds as they were fetched: what they say, without the passwords and keys of the address they came from."""

from dataclasses import replace

from handlers.rules.secrets import Secrets
from handlers.sources.feeds.feed import FeedReading, read_feed
from handlers.sources.fetch.client import Fetched
from storage.addresses import without_credentials


def read_fetched(fetched: Fetched, *, address: str) -> FeedReading:
    """The feed that was fetched from `address`, perhaps through redirects. CPU: call it in a thread.

    Nothing in it repeats a secret of either address. Raises: UnreadableDocument.
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
