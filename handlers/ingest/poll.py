"""Polling: due feeds are claimed, fetched, read and arrived; only then is it remembered that they were read.

A crash at any point reads a feed again instead of losing what it held. A feed that fails never stops another.
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
from handlers.ingest.prepare import gains, is_revised
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

AT_ONCE: Final = 8
"""Feeds fetched at the same time."""
LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest poll; a feed whose poll was killed is free again after it."""


class Brought(Protocol):
    @property
    def state(self) -> str: ...


class Arriving(Protocol):
    """The straight line of handlers/ingest/ingest.py."""

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[Brought]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll gave."""

    source: Source
    """As it is now."""
    entries: int = 0
    """In the feed; 0 where it had not changed."""
    new: int = 0
    revised: int = 0
    unchanged: bool = False
    error: str | None = None


async def poll_due(
    store: Store,
    fetcher: Fetcher,
    arrive: Arriving,
    *,
    now: datetime,
    limit: int,
    chance: Callable[[], float] = random.random,
) -> int:
    """Poll what is due, at most `limit` feeds. Gives how many were polled."""
    async with store.begin() as tx:
        due = await tx.sources.claim_due(now, lease=LEASE, limit=limit)
    if not due:
        return 0
    places = asyncio.Semaphore(AT_ONCE)

    async def poll(source: Source) -> Polled:
        async with places:
            return await poll_source(store, fetcher, arrive, source, now=now, chance=chance)

    results = await asyncio.gather(*(poll(source) for source in due), return_exceptions=True)
    faults = [result for result in results if isinstance(result, BaseException)]
    for source, result in zip(due, results, strict=True):
        if isinstance(result, Exception) and not isinstance(result, WirewatchError):
            logger.error("feed %s could not be polled because of a fault of ours", source.id, exc_info=result)
            await after_failure(store, source, _FAULT, now=now, chance=chance())
    done = [result for result in results if isinstance(result, Polled)]
    logger.info(
        "polled %d feeds: %d unchanged, %d new entries, %d failed",
        len(due),
        sum(polled.unchanged for polled in done),
        sum(polled.new for polled in done),
        sum(polled.error is not None for polled in done) + len(faults),
    )
    for fault in faults:
        if isinstance(fault, WirewatchError) or not isinstance(fault, Exception):
            raise fault  # the database, or the end of the process: not this feed's matter
    return len(due)


async def poll_source(
    store: Store,
    fetcher: Fetcher,
    arrive: Arriving,
    source: Source,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Polled:
    """Poll one feed now, whether due or not. Doing it twice is harmless.

    Raises: StorageError. What goes wrong with the feed is in `Polled.error` and in its record.
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
        told = await asyncio.to_thread(_with_proposal, error, fetched)
        failed = await after_failure(store, source, told, now=now, chance=chance())
        return Polled(source=failed, error=failed.error)

    fresh, revised = await _worth_arriving(store, source, reading.entries)
    arrived = await arrive([*fresh, *revised], source=source, now=now) if fresh or revised else ()
    new = sum(brought.state == "new" for brought in arrived)
    read = await _read(store, source, reading, fetched, body_hash, len(fresh), now=now, chance=chance())
    return Polled(source=read, entries=len(reading.entries), new=new, revised=len(revised))


async def _worth_arriving(
    store: Store, source: Source, entries: Sequence[Draft]
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """The entries not seen before, the oldest first, and those whose text the publisher has changed since."""
    async with store.read() as tx:
        known = await tx.arrivals.articles_of(source.id, [entry.key for entry in entries if entry.key])
        brought = await tx.articles.by_ids([article for article in known.values() if article is not None])
    fresh = tuple(entry for entry in reversed(entries) if entry.key is None or entry.key not in known)
    revised = []
    for entry in entries:
        if not isinstance(entry, ArticleDraft) or entry.key is None or entry.key not in known:
            continue
        article = brought.get(known[entry.key] or 0)
        # One without an article could not be read when it first came.
        if known[entry.key] is None or (
            article is not None and (is_revised(article, entry, source) or gains(article, entry, source))
        ):
            revised.append(entry)
    return fresh, tuple(revised)


async def _unchanged(store: Store, source: Source, fetched: Fetched, *, now: datetime, chance: float) -> Polled:
    at = next_poll(now, usual_gap=source.usual_gap, jitter=chance, hints=PollHints(max_age=fetched.max_age))
    fields: dict[str, Any] = {"interval": at - now, "next_poll_at": at}
    if not fetched.not_modified:
        fields |= {"etag": fetched.etag, "last_modified": fetched.last_modified}
    return Polled(source=await after_success(store, source, fields, new=0, now=now), unchanged=True)


async def _read(
    store: Store,
    source: Source,
    reading: FeedReading,
    fetched: Fetched,
    body_hash: str | None,
    new: int,
    *,
    now: datetime,
    chance: float,
) -> Source:
    """Remember, after everything has arrived, that this body was read."""
    first = source.first_read_at is None
    dates = [entry.published_at for entry in reading.entries if isinstance(entry, ArticleDraft)]
    if first:
        gap = typical_gap([date for date in dates if date is not None and date <= now])
    else:
        gap = smoothed_gap(source.usual_gap, last_arrival_at=source.last_arrival_at, now=now, arrived=new)
    hints = PollHints(
        max_age=fetched.max_age, ttl=reading.ttl, skip_hours=reading.skip_hours, skip_days=reading.skip_days
    )
    at = next_poll(now, usual_gap=gap, jitter=chance, hints=hints)
    fields: dict[str, Any] = {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": body_hash,
        "first_read_at": source.first_read_at or now,
        "usual_gap": gap,
        "interval": at - now,
        "next_poll_at": at,
    }
    if first or new:
        fields["last_arrival_at"] = now
    if source.title in (source.url, without_credentials(source.url)) and reading.title:
        fields["title"] = reading.title
    if source.site_url is None and reading.site_url:
        fields["site_url"] = reading.site_url
    return await after_success(store, source, fields, new=new, now=now, moved_to=fetched.permanent_url)


def _with_proposal(error: UnreadableDocument, fetched: Fetched) -> UnreadableDocument:
    """Where the address answered with a page, the feeds that the page names."""
    if not is_page(fetched.body):
        return error
    feeds = page_feeds(fetched.body, url=fetched.url, content_type=fetched.content_type)
    return UnreadableDocument(f"The address answers with a web page, not a feed. {proposal(feeds)}")


_FAULT: Final = WirewatchError("The feed could not be read because of a fault in this bot. Its log says more.")
