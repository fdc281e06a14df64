"""Ingest drafts: store them, match them and enqueue the alerts that follow, each batch in one transaction."""

import asyncio
import gc
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from handlers.alerts.decide import AlertQueue
from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.batch import Batch
from handlers.ingest.duplicates import ArticleLookup
from handlers.ingest.prepare import IdentifiedDraft, PreparedArticle, identify, prepare_all
from handlers.ingest.results import IngestResult
from handlers.ingest.source_profile import LearnedBatch, learn, store_profile
from handlers.ingest.story_index import StoryAssigner
from handlers.ports import Wake
from handlers.topics.matcher import Matcher
from storage.database_thread import State
from storage.records import Article, Source, Topic
from storage.store import Store, Tx

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
        self._state: State | None = None
        """What was committed when the matcher was last up to date."""
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
        work = BatchWork(drafts, source, now)
        await self._store.look_up(partial(self._prepare, work))
        is_committed = False
        try:
            results, alerts = await self._store.write(partial(self._process, work))
            is_committed = True
        finally:
            if not is_committed:
                self._stories = StoryAssigner()  # the old one may hold articles that were never stored
                self._state = None
        if alerts.enqueued and self._wake is not None:
            self._wake()
        return results

    async def _prepare(self, work: "BatchWork", tx: Tx) -> None:
        """Prepare the articles of the batch, with the topics and articles that are stored now."""
        work.state = tx.state
        work.identified = await tx.compute(lambda: [identify(draft, work.source) for draft in work.articles])
        if tx.state is None or tx.state != self._state:
            await self._refresh_topics(tx)
        await self._stories.refresh(tx, work.now)
        lookup = work.lookup = await ArticleLookup.load(tx, work.identified, work.source, work.now)
        profile = await tx.source_profiles.get(work.source.id)
        refs = [lookup.find(draft) for draft in work.identified]
        work.pairs = [(draft, ref.article if ref else None) for draft, ref in zip(work.articles, refs, strict=True)]
        work.learned = await tx.compute(learn, profile, work.pairs)
        await self._match(work, tx)

    async def _match(self, work: "BatchWork", tx: Tx) -> None:
        work.version = self._version
        work.prepared = await tx.compute(prepare_all, work.pairs, work.source, self._matcher, work.learned.template)

    async def _process(self, work: "BatchWork", tx: Tx) -> tuple[list[IngestResult], AlertQueue]:
        """Store the prepared batch. What it was prepared with is read again if anything was committed meanwhile."""
        await tx.lock("arrive")
        is_current = tx.state is not None and tx.state == work.state
        if not is_current:
            await self._refresh_topics(tx)
            work.lookup = await ArticleLookup.load(tx, work.identified, work.source, work.now)
            await self._stories.refresh(tx, work.now)
        self._stories.begin(tx, work.now)
        if self._version != work.version:
            await self._match(work, tx)
        batch = Batch(
            tx,
            work.source,
            work.now,
            matcher=self._matcher,
            stories=self._stories,
            template=work.learned.template,
        )
        results = await batch.process(work.drafts, work.identified, work.prepared, work.lookup)
        of_articles = [
            result for draft, result in zip(work.drafts, results, strict=True) if isinstance(draft, ArticleDraft)
        ]
        await store_profile(tx, work.source.id, work.learned, of_articles, is_current=is_current)
        self._state = None if tx.state is None else tx.state.after_commit()
        return results, batch.alert_queue

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
            await tx.compute(_add_topics, matcher, page)
            after = page[-1].id
        if await tx.topics.count() != len(matcher.topics):
            removed = matcher.topics.keys() - await tx.topics.ids()
            await tx.compute(matcher.remove_all, removed)
        for topic_id, error in matcher.broken.items():
            logger.error("Topic %s matches nothing because its query is invalid: %s", topic_id, error)
        self._version = version


class BatchWork:
    """A batch of drafts, and what is prepared of it before its transaction."""

    def __init__(self, drafts: Sequence[Draft], source: Source, now: datetime) -> None:
        self.drafts = drafts
        self.source = source
        self.now = now
        self.articles = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
        self.state: State | None = None
        """What was committed before the batch was prepared."""
        self.identified: list[IdentifiedDraft] = []
        self.pairs: list[tuple[ArticleDraft, Article | None]] = []
        """The articles, each with the stored article that it repeats or revises."""
        self.lookup = ArticleLookup(source, now)
        self.learned = LearnedBatch()
        self.prepared: list[PreparedArticle | None] = []
        self.version: int | None = None
        """The version of the topics that the articles were matched with."""


def _add_topics(matcher: Matcher, page: Sequence[Topic]) -> None:
    """Add topics, and exclude a full page of them from garbage collection.

    With 100,000 topics, each full collection would hold the interpreter for most of a second. Removed topics are freed
    all the same, as they are not part of reference cycles.
    """
    matcher.put_all(page)
    if len(page) == PAGE:
        gc.collect(1)  # collects young garbage, which would be frozen otherwise
        gc.freeze()
