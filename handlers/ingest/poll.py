"""Poll feeds: claim due feeds, fetch and parse them, ingest their entries, and only then store that they were read.

After a crash at any point a feed is read again, so that no entry is lost. A failing feed does not stop other feeds.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.answers.errors import FetchError, UnreadableDocument, WirewatchError
from handlers.drafts import ArticleDraft
from handlers.ingest.feed_entries import FeedEntries, sort_entries
from handlers.ingest.feed_health import ReadFeed, after_failure, after_success
from handlers.ingest.official_list import poll_list
from handlers.ingest.polled import IngestEntries, Polled
from handlers.rules.identity import plausible_date
from handlers.rules.poll_times import PollHints, next_poll, smoothed_gap, typical_gap
from handlers.sources.feeds.discover import page_feeds, proposal
from handlers.sources.feeds.feed import MAX_FEED_BYTES, FeedReading
from handlers.sources.feeds.preparse import is_page
from handlers.sources.feeds.private_feed import read_fetched
from handlers.sources.fetch.client import Fetched, Fetcher
from handlers.sources.fetch.conditional import validators_to_send, validators_to_store
from handlers.sources.lists.formats import format_of
from storage.addresses import without_credentials
from storage.records import Source, SourceKind
from storage.sealing import SealError
from storage.store import Store

logger = logging.getLogger(__name__)

MAX_CONCURRENT: Final = 8
"""Feeds fetched at the same time."""
LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest poll. If the process is killed, the feed can be polled again after this time."""


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
    if source.kind is SourceKind.LIST:
        return await poll_list(store, fetcher, ingest, source, now=now, chance=chance())
    try:
        address = store.addresses.full_address(source)
        validators = validators_to_send(source.etag, source.last_modified, chance=chance())
        fetched = await fetcher.fetch(address, **validators, max_bytes=MAX_FEED_BYTES)
        body_hash = source.body_hash if fetched.not_modified else hashlib.sha256(fetched.body).hexdigest()
        if fetched.not_modified or body_hash == source.body_hash:
            return await _unchanged(store, source, fetched, now=now, chance=chance())
        if source.first_read_at is None and format_of(fetched.body) is not None:
            async with store.begin() as tx:
                listed = await tx.sources.update(source.id, kind=SourceKind.LIST)
            return await poll_list(store, fetcher, ingest, listed, now=now, chance=chance())
        reading = await asyncio.to_thread(read_fetched, fetched, address=address)
    except (FetchError, SealError) as error:
        failed = await after_failure(store, source, error, now=now, chance=chance())
        return Polled(source=failed, error=failed.error)
    except UnreadableDocument as error:
        explained = await asyncio.to_thread(_with_proposal, error, fetched)
        failed = await after_failure(store, source, explained, now=now, chance=chance())
        return Polled(source=failed, error=failed.error)

    async with store.read() as tx:
        entries = await sort_entries(tx, source, reading.entries, now)
    results = await ingest(entries.to_ingest, source=source, now=now) if entries.to_ingest else ()
    read = _Reading(
        feed=reading,
        fetched=fetched,
        body_hash=body_hash,
        entries=entries,
        listed=entries.listed | {result.article.id for result in results if result.article is not None},
    )
    updated = await _store_read(store, source, read, now=now, chance=chance())
    new = sum(result.state == "new" for result in results)
    return Polled(source=updated, entries=len(reading.entries), new=new, revised=len(entries.known))


async def _unchanged(store: Store, source: Source, fetched: Fetched, *, now: datetime, chance: float) -> Polled:
    at = next_poll(now, usual_gap=source.usual_gap, jitter=chance, hints=PollHints(max_age=fetched.max_age))
    fields: dict[str, Any] = {"interval": at - now, "next_poll_at": at}
    fields |= validators_to_store(fetched.etag, fetched.last_modified, not_modified=fetched.not_modified)
    # The same entries as last time: a redirect seen then led to entries known before it, or still leads to others.
    has_known_entries = source.moved_to is None or source.moved_times > 0
    read = ReadFeed(fields=fields, redirects_to=fetched.permanent_url, has_known_entries=has_known_entries)
    return Polled(source=await after_success(store, source, read, now=now), unchanged=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A reading of a feed whose entries were ingested."""

    feed: FeedReading
    fetched: Fetched
    body_hash: str | None
    entries: FeedEntries
    listed: frozenset[int]
    """The articles of its entries."""


async def _store_read(store: Store, source: Source, read: _Reading, *, now: datetime, chance: float) -> Source:
    """Store, after all entries were ingested, that this body of the feed was read."""
    reading, fetched, unseen = read.feed, read.fetched, len(read.entries.unseen)
    first = source.first_read_at is None
    dates = [plausible_date(entry.published_at) for entry in reading.entries if isinstance(entry, ArticleDraft)]
    if first:
        gap = typical_gap([date for date in dates if date is not None and date <= now])
    else:
        gap = smoothed_gap(source.usual_gap, last_arrival_at=source.last_arrival_at, now=now, arrived=unseen)
    hints = PollHints(
        max_age=fetched.max_age, ttl=reading.ttl, skip_hours=reading.skip_hours, skip_days=reading.skip_days
    )
    at = next_poll(now, usual_gap=gap, jitter=chance, hints=hints)
    fields: dict[str, Any] = {
        **validators_to_store(fetched.etag, fetched.last_modified, not_modified=False),
        "body_hash": read.body_hash,
        "first_read_at": source.first_read_at or (now if reading.entries else None),
        "usual_gap": gap,
        "interval": at - now,
        "next_poll_at": at,
    }
    if first or unseen:
        fields["last_arrival_at"] = now
    if source.title in (source.url, without_credentials(source.url)) and reading.title:
        fields["title"] = reading.title
    if source.site_url is None and reading.site_url:
        fields["site_url"] = reading.site_url
    success = ReadFeed(
        fields=fields,
        new=unseen,
        redirects_to=fetched.permanent_url,
        has_known_entries=read.entries.has_earlier,
        renamed=read.entries.renamed,
        listed=read.listed,
    )
    return await after_success(store, source, success, now=now)


def _with_proposal(error: UnreadableDocument, fetched: Fetched) -> UnreadableDocument:
    """If the address answered with a web page, return an error that proposes the feeds that the page names."""
    if not is_page(fetched.body):
        return error
    feeds = page_feeds(fetched.body, url=fetched.url, content_type=fetched.content_type)
    return UnreadableDocument(f"The address answers with a web page, not a feed. {proposal(feeds)}")


_INTERNAL_ERROR: Final = WirewatchError("The feed could not be read because of an error in this bot. See its log.")
