"""Polls one feed: fetches and parses it, ingests its entries, and only then stores that it was read.

After a crash at any point the feed is read again, so that no entry is lost.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from handlers.answers.errors import FetchError, UnreadableDocument, WirewatchError
from handlers.drafts import ArticleDraft
from handlers.ingest.feed_entries import FeedEntries, sort_entries
from handlers.ingest.feed_health import FailedPoll, ReadFeed, after_failures, after_success, is_uneventful
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
from storage.polls import UnchangedPoll
from storage.records import Source, SourceKind
from storage.sealing import SealError
from storage.store import Store


async def request_feed(
    store: Store, fetcher: Fetcher, source: Source, *, chance: float
) -> Fetched | FetchError | SealError:
    """Return the answer of the feed's server, or why there is none. `chance`: as for `validators_to_send`."""
    try:
        address = store.addresses.full_address(source)
        validators = validators_to_send(source.etag, source.last_modified, chance=chance)
        return await fetcher.fetch(address, **validators, max_bytes=MAX_FEED_BYTES)
    except (FetchError, SealError) as error:
        return error


async def _becomes_list(store: Store, source: Source, now: datetime) -> Polled:
    """Store that what was added as a feed is an official list, which is due at once."""
    async with store.begin() as tx:
        listed = await tx.sources.update(source.id, kind=SourceKind.LIST, next_poll_at=now, leased_until=None)
    return Polled(source=listed, unchanged=True)


def unchanged_poll(source: Source, fetched: Fetched, *, now: datetime, chance: float) -> UnchangedPoll | None:
    """Return the poll to store if the answer changes nothing and there is nothing to report; None if it may.

    `source`: as claimed for this poll. `chance`, from 0 to 1, spreads the next polls.
    """
    if not is_unchanged(source, fetched):
        return None
    read = _unchanged_reading(source, fetched, now=now, chance=chance)
    if not is_uneventful(source, read, now=now):
        return None
    return UnchangedPoll(
        source=source,
        etag=read.fields.get("etag", source.etag),
        last_modified=read.fields.get("last_modified", source.last_modified),
        polled_at=now,
        next_poll_at=read.fields["next_poll_at"],
    )


def is_unchanged(source: Source, fetched: Fetched) -> bool:
    """Return whether the feed is the same as when it was last read."""
    return fetched.not_modified or (source.body_hash is not None and _hash(fetched) == source.body_hash)


def _hash(fetched: Fetched) -> str:
    return hashlib.sha256(fetched.body).hexdigest()


async def store_answer(
    store: Store,
    ingest: IngestEntries,
    source: Source,
    answer: Fetched | FetchError | SealError,
    *,
    now: datetime,
    chance: float,
) -> Polled:
    """Ingest the entries of a feed that was fetched, and store the result of its poll. Raises: StorageError."""
    if not isinstance(answer, Fetched):
        return await _store_failure(store, FailedPoll(source=source, error=answer, at=now, chance=chance))
    if is_unchanged(source, answer):
        read = _unchanged_reading(source, answer, now=now, chance=chance)
        return Polled(source=await after_success(store, source, read, now=now), unchanged=True)
    if source.first_read_at is None and format_of(answer.body) is not None:
        return await _becomes_list(store, source, now)
    try:
        address = store.addresses.full_address(source)
        reading = await asyncio.to_thread(read_fetched, answer, address=address)
    except UnreadableDocument as error:
        explained = await asyncio.to_thread(_with_proposal, error, answer)
        return await _store_failure(store, FailedPoll(source=source, error=explained, at=now, chance=chance))

    async with store.read() as tx:
        entries = await sort_entries(tx, source, reading.entries, now)
    results = await ingest(entries.to_ingest, source=source, now=now) if entries.to_ingest else ()
    read_entries = _Reading(
        feed=reading,
        fetched=answer,
        entries=entries,
        listed=entries.listed | {result.article.id for result in results if result.article is not None},
    )
    updated = await _store_read(store, source, read_entries, now=now, chance=chance)
    new = sum(result.state == "new" for result in results)
    return Polled(source=updated, entries=len(reading.entries), new=new, revised=len(entries.known))


async def _store_failure(store: Store, poll: FailedPoll) -> Polled:
    async with store.begin() as tx:
        await after_failures(tx, [poll])
        failed = await tx.sources.get(poll.source.id) or poll.source
    return Polled(source=failed, error=failed.error)


def _unchanged_reading(source: Source, fetched: Fetched, *, now: datetime, chance: float) -> ReadFeed:
    at = next_poll(now, usual_gap=source.usual_gap, jitter=chance, hints=PollHints(max_age=fetched.max_age))
    fields: dict[str, Any] = {"interval": at - now, "next_poll_at": at}
    fields |= validators_to_store(fetched.etag, fetched.last_modified, not_modified=fetched.not_modified)
    # The same entries as last time: a redirect seen then led to entries known before it, or still leads to others.
    has_known_entries = source.moved_to is None or source.moved_times > 0
    return ReadFeed(fields=fields, redirects_to=fetched.permanent_url, has_known_entries=has_known_entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A reading of a feed whose entries were ingested."""

    feed: FeedReading
    fetched: Fetched
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
        "body_hash": _hash(fetched),
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


INTERNAL_ERROR: Final = WirewatchError("The feed could not be read because of an error in this bot. See its log.")
