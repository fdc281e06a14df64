"""The straight line: one arrival, one transaction. New or known, matched, in a story, owed, counted; or none of it."""

import asyncio
import gc
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.batch import Arrived as Arrived
from handlers.ingest.batch import Line
from handlers.ingest.duplicates import Names
from handlers.ingest.prepare import identify, read_all
from handlers.ingest.story_index import Stories
from handlers.ports import Wake
from handlers.topics.matcher import Matcher
from storage.records import Source, Topic
from storage.store import Store, Tx

T = TypeVar("T")
logger = logging.getLogger(__name__)

BATCH: Final = 50
"""Drafts in one transaction: nobody else waits for the writer for long, and commands need it too."""
PAGE: Final = 500
"""Topics read at once: their rows take the event loop some milliseconds."""


class Arrive:
    """Takes drafts in. Any number of processes may: what is kept in memory is brought up to the database each time."""

    def __init__(self, store: Store, *, wake: Wake | None = None) -> None:
        self._store = store
        self._wake = wake
        self._lock = asyncio.Lock()
        self._matcher = Matcher()
        self._version: int | None = None
        self._stories = Stories()

    @property
    def matcher(self) -> Matcher:
        """All topics of all workspaces, as of the last arrival."""
        return self._matcher

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> tuple[Arrived, ...]:
        """Store what they say and enqueue what follows. Doing it again is harmless and completes what was missing.

        One transaction fifty drafts: a failure leaves whole batches done, or not at all. Raises: StorageError.
        """
        arrived: list[Arrived] = []
        for start in range(0, len(drafts), BATCH):
            async with self._lock:
                arrived += await self._batch(drafts[start : start + BATCH], source, now)
        return tuple(arrived)

    async def _batch(self, drafts: Sequence[Draft], source: Source, now: datetime) -> list[Arrived]:
        # What costs time is done before the writer is taken; what could have changed meanwhile is asked again inside.
        articles = [draft for draft in drafts if isinstance(draft, ArticleDraft)]
        identified = await asyncio.to_thread(lambda: [identify(draft, source) for draft in articles])
        async with self._store.read() as tx:
            await self._refresh_topics(tx)
            names = await Names.read(tx, identified, source)
        version = self._version
        known = [names.find(one) for one in identified]
        pairs = [(draft, kept.article if kept else None) for draft, kept in zip(articles, known, strict=True)]
        readings = await _whole(partial(read_all, pairs, source, self._matcher))
        is_committed = False
        try:
            async with self._store.begin() as tx:
                await tx.serialise("arrive")
                await self._refresh_topics(tx)
                await self._stories.refresh(tx, now)
                if self._version != version:
                    readings = await _whole(partial(read_all, pairs, source, self._matcher))
                line = Line(tx, source, now, matcher=self._matcher, topics=self._matcher.topics, stories=self._stories)
                arrived = await line.take(drafts, identified, readings)
            is_committed = True
        finally:
            if not is_committed:
                self._stories = Stories()  # it may hold articles that were never stored
        if line.alert_queue.enqueued and self._wake is not None:
            self._wake()
        return arrived

    async def _refresh_topics(self, tx: Tx) -> None:
        """Bring the matcher up to the stored topics, which any process may have changed: only what is newer is read.

        A page at a time, and read by a thread, so that even the first time the event loop is never held for long.
        """
        version = await tx.topics.version()
        if version == self._version:
            return
        known, after = -1 if self._version is None else self._version, 0
        matcher = self._matcher
        while page := await tx.topics.changed_since(known, after=after, limit=PAGE):
            await _whole(partial(_enter, matcher, page))
            after = page[-1].id
        if await tx.topics.count() != len(matcher.topics):
            gone = matcher.topics.keys() - await tx.topics.ids()
            await _whole(partial(matcher.remove_all, gone))
        for topic_id, error in matcher.broken.items():
            logger.error("Topic %s matches nothing, its query does not hold: %s", topic_id, error)
        self._version = version


def _enter(matcher: Matcher, page: Sequence[Topic]) -> None:
    """Many topics are there to stay: the garbage collector need not walk through them, which at 100,000 topics would
    hold the interpreter for most of a second each time. Those that go are freed all the same, as nothing goes round."""
    matcher.put_all(page)
    if len(page) == PAGE:
        gc.collect(1)  # what would be frozen for nothing: what is young
        gc.freeze()


async def _whole(work: Callable[[], T]) -> T:
    """Let a thread work with the matcher. Who is cancelled meanwhile waits for its end: no two do at once."""
    done = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise
