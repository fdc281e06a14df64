"""Feeds on a local server, polled at given times."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.answers.answer import Notice
from handlers.answers.serialize import deserialize
from handlers.ingest.ingest import Ingest
from handlers.ingest.official_list import poll_list
from handlers.ingest.poll import request_feed, store_answer
from handlers.ingest.polled import IngestEntries, Polled
from handlers.ingest.pollers import Pollers
from handlers.sources.fetch.client import Fetcher
from storage.records import SHARED, Channel, DeliveryKind, Source, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.http_server import LocalServer


def rss(*titles: str, text: str = "It was signed.") -> bytes:
    """A feed with an entry for each title. The first word of a title is its identity."""
    items = "".join(
        f"<item><title>{title}</title><link>https://example.com/{title.split()[0]}</link>"
        f"<guid>https://example.com/?p={title.split()[0]}</guid><description>{text}</description></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>Wire</title><link>/</link>{items}</channel></rss>".encode()


async def poll_source(
    store: Store,
    fetcher: Fetcher,
    ingest: IngestEntries,
    source: Source,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Polled:
    """Poll one feed or list now, whether it is due or not, as a poller does."""
    if source.kind is SourceKind.LIST:
        return await poll_list(store, fetcher, ingest, source, now=now, chance=chance())
    answer = await request_feed(store, fetcher, source, chance=chance())
    return await store_answer(store, ingest, source, answer, now=now, chance=chance())


@dataclass(slots=True)
class Polling:
    """A store, a server with feeds, and the console's channel, to which reports about feeds go."""

    store: Store
    fetcher: Fetcher
    server: LocalServer
    channel: Channel
    now: datetime
    ingest: Ingest = field(init=False)

    def __post_init__(self) -> None:
        self.ingest = Ingest(self.store)

    async def feed(
        self,
        url: str,
        *,
        kind: SourceKind = SourceKind.FEED,
        is_private: bool = False,
        next_poll_at: datetime | None = None,
    ) -> Source:
        """Add a feed or a list: shared, or one that the channel added."""
        async with self.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(
                    workspace_id=self.channel.workspace_id if is_private else SHARED,
                    kind=kind,
                    url=url,
                    title=url,
                    channel_id=self.channel.id if is_private else None,
                    next_poll_at=next_poll_at,
                ),
                self.now,
            )
        return source

    async def poll(self, source: Source, *, after: timedelta = timedelta(0)) -> Polled:
        """Poll the feed once, so long after `now`."""
        current = await self.stored(source)
        return await poll_source(
            self.store, self.fetcher, self.ingest, current, now=self.now + after, chance=lambda: 0.0
        )

    def pollers(self, ingest: IngestEntries | None = None, *, chance: float = 0.0) -> Pollers:
        """Return pollers for which it is always `now`."""
        return Pollers(self.store, self.fetcher, ingest or self.ingest, clock=lambda: self.now, chance=lambda: chance)

    async def poll_due(self, ingest: IngestEntries | None = None, *, chance: float = 0.0) -> int:
        """Poll the feeds that are due."""
        return await self.pollers(ingest, chance=chance).poll_due()

    async def stored(self, source: Source) -> Source:
        async with self.store.read() as tx:
            found = await tx.sources.get(source.id)
        assert found is not None
        return found

    async def titles(self) -> list[str]:
        """The titles of all shared articles."""
        async with self.store.read() as tx:
            articles = await tx.articles.recent(1, since=self.now - timedelta(days=900), limit=50)
        return sorted(article.title for article in articles)

    async def notices(self) -> list[str]:
        """The texts of all notices enqueued to the channel, in order."""
        found = []
        async with self.store.read() as tx:
            for id in range(1, 30):
                delivery = await tx.deliveries.get(id)
                if delivery and delivery.channel_id == self.channel.id and delivery.kind is DeliveryKind.NOTICE:
                    post = deserialize(delivery.body or {})
                    assert isinstance(post, Notice)
                    found.append(post.text)
        return found
