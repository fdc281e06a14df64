"""Polls an official list: fetches it, compares it with the last edition, and ingests an article about what changed.

The entries and the article are stored in one transaction, and the article is ingested after it. If the process ends in
between, the next poll ingests it. It is ingested once, because the same changes have the same key.
"""

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final
from zlib import crc32

from handlers.answers.errors import FetchError, UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.ingest.feed_health import FailedPoll, ReadFeed, after_failures, after_success
from handlers.ingest.feed_reports import FeedReport, enqueue_report
from handlers.ingest.list_editions import StoredEdition, store_edition
from handlers.ingest.list_series import is_series, unread_files
from handlers.ingest.polled import IngestEntries, Polled
from handlers.rules.poll_times import PollHints, next_poll
from handlers.sources.fetch.client import Fetcher
from handlers.sources.fetch.conditional import validators_to_send, validators_to_store
from handlers.sources.lists.formats import MAX_LIST_BYTES
from storage.addresses import without_credentials
from storage.records import Source
from storage.sealing import SealError
from storage.store import Store

logger = logging.getLogger(__name__)

_PIECE: Final = 1_000_000
"""Bytes that are read at a time."""
_GAP: Final = timedelta(hours=2)
"""A whole list, of up to 130 MB, is polled at half this time. It changes a few times a week."""
_GAP_OF_CHANGES: Final = timedelta(minutes=30)
"""The same for a small file of changes."""


async def poll_list(
    store: Store, fetcher: Fetcher, ingest: IngestEntries, source: Source, *, now: datetime, chance: float
) -> Polled:
    """Poll the list now. A repeated call stores nothing twice. `chance`, in 0..1, spreads polls.

    The first edition of a whole list is only stored: an article about 20,000 entries helps nobody.

    Raises: StorageError. Failures of the list are returned in `Polled.error` and stored with the source.
    """
    new = await _ingest_waiting(store, ingest, source, now)
    try:
        address = store.addresses.full_address(source)
        fetch = _fetch_series if is_series(address) else _fetch_list
        read = await fetch(store, fetcher, source, address, now=now, chance=chance)
    except (FetchError, SealError, UnreadableDocument) as error:
        new += await _ingest_waiting(store, ingest, source, now)
        async with store.begin() as tx:
            await after_failures(tx, [FailedPoll(source=source, error=error, at=now, chance=chance)])
            failed = await tx.sources.get(source.id) or source
        return Polled(source=failed, new=new, error=failed.error)
    new += await _ingest_waiting(store, ingest, source, now)
    updated = await _store_read(store, source, read, new=new, now=now, chance=chance)
    entries = sum(stored.entries for stored in read.stored)
    return Polled(source=updated, entries=entries, new=new, unchanged=not read.stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A list that was fetched, and its editions that are stored now."""

    fields: Mapping[str, Any]
    """What to store of the response for the next request."""
    stored: tuple[StoredEdition, ...] = ()
    max_age: timedelta | None = None
    redirects_to: str | None = None


async def _fetch_list(
    store: Store, fetcher: Fetcher, source: Source, address: str, *, now: datetime, chance: float
) -> _Read:
    """Fetch the file of the list, and store its edition if the file is another one than before."""
    stored: tuple[StoredEdition, ...] = ()
    with tempfile.TemporaryFile() as file:
        validators = validators_to_send(source.etag, source.last_modified, chance=chance)
        fetched = await fetcher.fetch(address, **validators, max_bytes=MAX_LIST_BYTES, into=file)
        body_hash = source.body_hash if fetched.not_modified else await asyncio.to_thread(_sha256, file)
        if body_hash != source.body_hash:
            stored = (await store_edition(store, source, file, now=now),)
    fields = validators_to_store(fetched.etag, fetched.last_modified, not_modified=fetched.not_modified)
    return _Read(
        fields={**fields, "body_hash": body_hash},
        stored=stored,
        max_age=fetched.max_age,
        redirects_to=fetched.permanent_url,
    )


async def _fetch_series(
    store: Store, fetcher: Fetcher, source: Source, address: str, *, now: datetime, chance: float
) -> _Read:
    """Fetch the files of a series that were not read yet, and store each."""
    async with store.read() as tx:
        known = None if source.first_read_at is None else await tx.official_lists.get(source.id)
    last, since = (None, now) if known is None else (known.number, known.read_at)
    stored = []
    for unread in await unread_files(fetcher, address, last=last, since=since, now=now):
        with tempfile.TemporaryFile() as file:
            await fetcher.fetch(unread.url, max_bytes=MAX_LIST_BYTES, into=file)
            stored.append(await store_edition(store, source, file, now=now, number=unread.number))
    return _Read(fields={}, stored=tuple(stored))


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


async def _ingest_waiting(store: Store, ingest: IngestEntries, source: Source, now: datetime) -> int:
    """Ingest the articles about editions that are stored, and return how many of them are new."""
    async with store.read() as tx:
        waiting = await tx.official_lists.publications(source.id)
    new = 0
    address = without_credentials(source.site_url or source.url)
    for publication in waiting:
        draft = ArticleDraft(
            title=publication.title,
            text=publication.text,
            url=address,
            shared_url=True,
            guid=f"list:{publication.key}",
            language="en",
            publisher=source.title,
            key=f"guid:list:{publication.key}",
            origin=address,
        )
        results = await ingest([draft], source=source, now=now)
        new += sum(result.state == "new" for result in results)
        async with store.begin() as tx:
            await tx.official_lists.remove_publication(source.id, publication.key)
    return new


async def _store_read(store: Store, source: Source, read: _Read, *, new: int, now: datetime, chance: float) -> Source:
    """Store that the list was read, after its articles were ingested."""
    states_changes = any(stored.states_changes for stored in read.stored)
    gap = _GAP_OF_CHANGES if states_changes else _GAP if read.stored else source.interval * 2
    at = next_poll(now, usual_gap=gap, jitter=chance, hints=PollHints(max_age=read.max_age))
    fields: dict[str, Any] = {
        **read.fields,
        "first_read_at": source.first_read_at or now,
        "interval": min(gap / 2, at - now),
        "next_poll_at": at,
    }
    if new:
        fields["last_arrival_at"] = now
    if read.stored and source.title in (source.url, without_credentials(source.url)):
        fields["title"] = read.stored[-1].title
    updated = await after_success(
        store, source, ReadFeed(fields=fields, new=new, redirects_to=read.redirects_to), now=now
    )
    remarks = dict.fromkeys(remark for stored in read.stored for remark in stored.remarks)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)  # the same remark is reported once a day at most
    for remark in remarks:
        logger.warning("List %s: %s", source.id, remark)
        async with store.begin() as tx:
            report = FeedReport(event=f"list {crc32(remark.encode())}", since=today, text=f"{source.title}: {remark}")
            await enqueue_report(tx, source, report, now)
    return updated
