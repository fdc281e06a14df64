"""Ingest drafts: store them, match them and enqueue the alerts that follow, each batch in one transaction."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.batch import Batch
from handlers.ingest.duplicates import ArticleLookup
from handlers.ingest.prepare import identify, prepare_all
from handlers.ingest.results import IngestResult
from handlers.ingest.source_profile import learn, store_profile
from handlers.ingest.story_index import StoryAssigner
from handlers.ports import Wake
from handlers.topics.matcher import Matcher
from storage.records import Source, Topic
from storage.store import Store, Tx

T = TypeVar("T")
logger = logging.getLogger(__name__)

BATCH: Final = 50
"""Drafts in one transaction, so that commands and other writers do not wait long."""
PAGE: Final = 500
"""Topics read at once: their rows occupy the event loop for some milliseconds."""


class Ingest:
    """Ingests drafts. Several processes may run one each: what is kept in memory is refreshed for each batch."""

    def __init__(self, store: Store, *, wake: Wake | None = None) -> None:
        self._store = store
        self._wake = wake
        self._lock = asyncio.Lock()
        self._matcher = Matcher()
        self._version: int | None = None
        """The version of the stored topics that the matcher holds."""
        self._stories = StoryAssigner()

    @property
    def matcher(self) -> Matcher:
        """The topics of all workspaces, as of the last batch."""
        return self._matcher

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> tuple[IngestResult, ...]:
        """Store the drafts and enqueue the alerts that follow. Returns a result for each draft, in order.

        Each batch of 50 drafts is one transaction: after a failure, whole batches are done or not done. A repeated call
        stores nothing twice and completes what is missing. `now` is the time of arrival, UTC. Raises: StorageError.
        """
        results: list[IngestResult] = []
        for start in range(0, len(drafts), BATCH):
            async with self._lock:
                results += await self._batch(drafts[start : start + BATCH], source, now)
        return tuple(results)

    async def _batch(self, drafts: Sequence[Draft], source: Source, now: datetime) -> list[IngestResult]:
        # Slow work is done before the write transaction; what may have changed meanwhile is checked again inside it.
        articles = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
        identified = await asyncio.to_thread(lambda: [identify(draft, source) for draft in articles])
        async with self._store.read() as tx:
            await self._refresh_topics(tx)
            lookup = await ArticleLookup.load(tx, identified, source, now)
            profile = await tx.source_profiles.get(source.id)
        version = self._version
        refs = [lookup.find(draft) for draft in identified]
        pairs = [(draft, ref.article if ref else None) for draft, ref in zip(articles, refs, strict=True)]
        learned = await asyncio.to_thread(learn, profile, pairs)
        work = partial(prepare_all, pairs, source, self._matcher, learned.template)
        prepared = await _to_thread(work)
        is_committed = False
        try:
            async with self._store.begin() as tx:
                await tx.lock("arrive")
                await self._refresh_topics(tx)
                await self._stories.refresh(tx, now)
                if self._version != version:
                    prepared = await _to_thread(work)
                batch = Batch(tx, source, now, matcher=self._matcher, stories=self._stories, template=learned.template)
                results = await batch.process(drafts, identified, prepared)
                of_articles = [
                    result for draft, result in zip(drafts, results, strict=True) if isinstance(draft, ArticleDraft)
                ]
                await store_profile(tx, source.id, learned, of_articles)
            is_committed = True
        finally:
            if not is_committed:
                self._stories = StoryAssigner()  # the old one may hold articles that were never stored
        if batch.alert_queue.enqueued and self._wake is not None:
            self._wake()
        return results

    async def _refresh_topics(self, tx: Tx) -> None:
        """Bring the matcher up to date with the stored topics, which any process may have changed.

        Reads only newer topics, one page at a time, and adds them in a thread, so that the event loop is never blocked
        for long.
        """
        version = await tx.topics.version()
        if version == self._version:
            return
        last_version, after = -1 if self._version is None else self._version, 0
        matcher = self._matcher
        while page := await tx.topics.changed_since(last_version, after=after, limit=PAGE):
            await _to_thread(partial(_add_topics, matcher, page))
            after = page[-1].id
        if await tx.topics.count() != len(matcher.topics):
            removed = matcher.topics.keys() - await tx.topics.ids()
            await _to_thread(partial(matcher.remove_all, removed))
        for topic_id, error in matcher.broken.items():
            logger.error("Topic %s matches nothing because its query is invalid: %s", topic_id, error)
        self._version = version


def _add_topics(matcher: Matcher, page: Sequence[Topic]) -> None:
    """Add topics, and exclude a full page of them from garbage collection.

    With 100,000 topics, each full collection would hold the interpreter for most of a second. Removed topics are freed
    all the same, as they are not part of reference cycles.
    """
    matcher.put_all(page)
    if len(page) == PAGE:
        gc.collect(1)  # collects young garbage, which would be frozen otherwise
        gc.freeze()


async def _to_thread(work: Callable[[], T]) -> T:
    """Run work with the matcher in a thread. If cancelled, wait for its end: only one thread may use the matcher."""
    done = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise
