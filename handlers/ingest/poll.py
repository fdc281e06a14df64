"""Poll feeds: claim due feeds, fetch and parse them, ingest their entries, and only then store that they were read.

After a crash at any point a feed is read again, so that no entry is lost. A failing feed does not stop other feeds.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from handlers.answers.errors import FetchError, UnreadableDocument, WirewatchError
from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.feed_health import after_failure, after_success
from handlers.ingest.prepare import gained_fields, is_revised
from handlers.rules.pacing import PollHints, next_poll, smoothed_gap, typical_gap
from handlers.sources.feeds.discover import page_feeds, proposal
from handlers.sources.feeds.feed import MAX_FEED_BYTES, FeedReading
from handlers.sources.feeds.preparse import is_page
from handlers.sources.feeds.private_feed import read_fetched
from handlers.sources.fetch.client import Fetched, Fetcher
from storage.addresses import without_credentials
from storage.records import Source
from storage.sealing import SealError
from storage.store import Store

logger = logging.getLogger(__name__)

MAX_CONCURRENT: Final = 8
"""Feeds fetched at the same time."""
LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest poll. If the process is killed, the feed can be polled again after this time."""


class Ingested(Protocol):
    @property
    def state(self) -> str: ...


class IngestEntries(Protocol):
    """The part of handlers.ingest.ingest.Ingest that polling uses."""

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[Ingested]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """The result of one poll."""

    source: Source
    """As updated by the poll."""
    entries: int = 0
    """The number of entries in the feed; 0 if the feed did not change."""
    new: int = 0
    revised: int = 0
    unchanged: bool = False
    error: str | None = None


async def poll_due(
    store: Store,
    fetcher: Fetcher,
    ingest: IngestEntries,
    *,
    now: datetime,
    limit: int,
    chance: Callable[[], float] = random.random,
) -> int:
    """Poll due feeds, at most `limit`, and return their number. Raises: StorageError."""
    async with store.begin() as tx:
        due = await tx.sources.claim_due(now, lease=LEASE, limit=limit)
    if not due:
        return 0
    slots = asyncio.Semaphore(MAX_CONCURRENT)

    async def poll(source: Source) -> Polled:
        async with slots:
            return await poll_source(store, fetcher, ingest, source, now=now, chance=chance)

    results = await asyncio.gather(*(poll(source) for source in due), return_exceptions=True)
    faults = [result for result in results if isinstance(result, BaseException)]
    for source, result in zip(due, results, strict=True):
        if isinstance(result, Exception) and not isinstance(result, WirewatchError):
            logger.error("Feed %s could not be polled because of an internal error", source.id, exc_info=result)
            await after_failure(store, source, _INTERNAL_ERROR, now=now, chance=chance())
    done = [result for result in results if isinstance(result, Polled)]
    logger.info(
        "Polled feeds: %d, unchanged: %d, new entries: %d, failed: %d",
        len(due),
        sum(polled.unchanged for polled in done),
        sum(polled.new for polled in done),
        sum(polled.error is not None for polled in done) + len(faults),
    )
    for fault in faults:
        if isinstance(fault, WirewatchError) or not isinstance(fault, Exception):
            raise fault  # a database failure, or the end of the process
    return len(due)


async def poll_source(
    store: Store,
    fetcher: Fetcher,
    ingest: IngestEntries,
    source: Source,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Polled:
    """Poll one feed now, whether it is due or not. A repeated call stores nothing twice.

    Raises: StorageError. Failures of the feed are returned in `Polled.error` and stored with the source.
    """
    try:
        address = store.addresses.full_address(source)
        fetched = await fetcher.fetch(
            address, etag=source.etag, last_modified=source.last_modified, max_bytes=MAX_FEED_BYTES
        )
        body_hash = source.body_hash if fetched.not_modified else hashlib.sha256(fetched.body).hexdigest()
        if fetched.not_modified or body_hash == source.body_hash:
            return await _unchanged(store, source, fetched, now=now, chance=chance())
        reading = await asyncio.to_thread(read_fetched, fetched, address=address)
    except (FetchError, SealError) as error:
        failed = await after_failure(store, source, error, now=now, chance=chance())
        return Polled(source=failed, error=failed.error)
    except UnreadableDocument as error:
        explained = await asyncio.to_thread(_with_proposal, error, fetched)
        failed = await after_failure(store, source, explained, now=now, chance=chance())
        return Polled(source=failed, error=failed.error)

    unseen, revised = await _entries_to_ingest(store, source, reading.entries)
    results = await ingest([*unseen, *revised], source=source, now=now) if unseen or revised else ()
    new = sum(result.state == "new" for result in results)
    read = _ReadFeed(reading=reading, fetched=fetched, body_hash=body_hash, unseen=len(unseen))
    updated = await _store_read(store, source, read, now=now, chance=chance())
    return Polled(source=updated, entries=len(reading.entries), new=new, revised=len(revised))


async def _entries_to_ingest(
    store: Store, source: Source, entries: Sequence[Draft]
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Return the entries that were never seen, oldest first, and those that their publisher has changed since."""
    async with store.read() as tx:
        article_ids = await tx.arrivals.articles_of(source.id, [entry.key for entry in entries if entry.key])
        articles = await tx.articles.by_ids([id for id in article_ids.values() if id is not None])
    unseen = tuple(entry for entry in reversed(entries) if entry.key is None or entry.key not in article_ids)
    revised = []
    for entry in entries:
        if not isinstance(entry, ArticleDraft) or entry.key is None or entry.key not in article_ids:
            continue
        article = articles.get(article_ids[entry.key] or 0)
        # An entry without an article was unreadable when it was first seen.
        if article_ids[entry.key] is None or (
            article is not None and (is_revised(article, entry, source) or gained_fields(article, entry, source))
        ):
            revised.append(entry)
    return unseen, tuple(revised)


async def _unchanged(store: Store, source: Source, fetched: Fetched, *, now: datetime, chance: float) -> Polled:
    at = next_poll(now, usual_gap=source.usual_gap, jitter=chance, hints=PollHints(max_age=fetched.max_age))
    fields: dict[str, Any] = {"interval": at - now, "next_poll_at": at}
    if not fetched.not_modified:
        fields |= {"etag": fetched.etag, "last_modified": fetched.last_modified}
    return Polled(source=await after_success(store, source, fields, new=0, now=now), unchanged=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadFeed:
    """A feed whose entries were ingested."""

    reading: FeedReading
    fetched: Fetched
    body_hash: str | None
    unseen: int
    """The number of entries that were never seen before."""


async def _store_read(store: Store, source: Source, read: _ReadFeed, *, now: datetime, chance: float) -> Source:
    """Store, after all entries were ingested, that this body of the feed was read."""
    reading, fetched = read.reading, read.fetched
    first = source.first_read_at is None
    dates = [entry.published_at for entry in reading.entries if isinstance(entry, ArticleDraft)]
    if first:
        gap = typical_gap([date for date in dates if date is not None and date <= now])
    else:
        gap = smoothed_gap(source.usual_gap, last_arrival_at=source.last_arrival_at, now=now, arrived=read.unseen)
    hints = PollHints(
        max_age=fetched.max_age, ttl=reading.ttl, skip_hours=reading.skip_hours, skip_days=reading.skip_days
    )
    at = next_poll(now, usual_gap=gap, jitter=chance, hints=hints)
    fields: dict[str, Any] = {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": read.body_hash,
        "first_read_at": source.first_read_at or now,
        "usual_gap": gap,
        "interval": at - now,
        "next_poll_at": at,
    }
    if first or read.unseen:
        fields["last_arrival_at"] = now
    if source.title in (source.url, without_credentials(source.url)) and reading.title:
        fields["title"] = reading.title
    if source.site_url is None and reading.site_url:
        fields["site_url"] = reading.site_url
    return await after_success(store, source, fields, new=read.unseen, now=now, moved_to=fetched.permanent_url)


def _with_proposal(error: UnreadableDocument, fetched: Fetched) -> UnreadableDocument:
    """If the address answered with a web page, return an error that proposes the feeds that the page names."""
    if not is_page(fetched.body):
        return error
    feeds = page_feeds(fetched.body, url=fetched.url, content_type=fetched.content_type)
    return UnreadableDocument(f"The address answers with a web page, not a feed. {proposal(feeds)}")


_INTERNAL_ERROR: Final = WirewatchError("The feed could not be read because of an error in this bot. See its log.")
