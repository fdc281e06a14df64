"""Polls an official list: fetches it, compares it with the last edition, and ingests an article about what changed.

The entries and the article are stored in one transaction, and the article is ingested after it. If the process ends in
between, the next poll ingests it. It is ingested once, because the same changes have the same key.
"""

import asyncio
import hashlib
import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final

from handlers.answers.errors import FetchError, UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.ingest.feed_health import ReadFeed, after_failure, after_success
from handlers.ingest.feed_reports import FeedReport, enqueue_report
from handlers.ingest.list_editions import StoredEdition, store_edition
from handlers.ingest.polled import IngestEntries, Polled
from handlers.rules.poll_times import PollHints, next_poll
from handlers.sources.fetch.client import Fetched, Fetcher
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
    stored = None
    try:
        address = store.addresses.full_address(source)
        with tempfile.TemporaryFile() as file:
            validators = validators_to_send(source.etag, source.last_modified, chance=chance)
            fetched = await fetcher.fetch(address, **validators, max_bytes=MAX_LIST_BYTES, into=file)
            body_hash = source.body_hash if fetched.not_modified else await asyncio.to_thread(_sha256, file)
            if body_hash != source.body_hash:
                stored = await store_edition(store, source, file, now)
    except (FetchError, SealError, UnreadableDocument) as error:
        failed = await after_failure(store, source, error, now=now, chance=chance)
        return Polled(source=failed, error=failed.error)
    new += await _ingest_waiting(store, ingest, source, now)
    read = _Read(fetched=fetched, body_hash=body_hash, stored=stored, new=new)
    updated = await _store_read(store, source, read, now=now, chance=chance)
    return Polled(source=updated, entries=0 if stored is None else stored.entries, new=new, unchanged=stored is None)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A list that was fetched, and whose edition is stored if it is another one."""

    fetched: Fetched
    body_hash: str | None
    stored: StoredEdition | None
    new: int


async def _store_read(store: Store, source: Source, read: _Read, *, now: datetime, chance: float) -> Source:
    """Store that the list was read, after its article was ingested."""
    fetched, stored = read.fetched, read.stored
    states_changes = stored is not None and stored.states_changes
    gap = _GAP_OF_CHANGES if states_changes else _GAP if stored is not None else source.interval * 2
    at = next_poll(now, usual_gap=gap, jitter=chance, hints=PollHints(max_age=fetched.max_age))
    fields: dict[str, Any] = {
        **validators_to_store(fetched.etag, fetched.last_modified, not_modified=fetched.not_modified),
        "body_hash": read.body_hash,
        "first_read_at": source.first_read_at or now,
        "interval": min(gap / 2, at - now),
        "next_poll_at": at,
    }
    if read.new:
        fields["last_arrival_at"] = now
    if stored is not None and source.title in (source.url, without_credentials(source.url)):
        fields["title"] = stored.title
    updated = await after_success(
        store, source, ReadFeed(fields=fields, new=read.new, redirects_to=fetched.permanent_url), now=now
    )
    for number, remark in enumerate(() if stored is None else stored.remarks):
        logger.warning("List %s: %s", source.id, remark)
        async with store.begin() as tx:
            report = FeedReport(event=f"list {number}", since=now, text=f"{source.title}: {remark}")
            await enqueue_report(tx, source, report, now)
    return updated
