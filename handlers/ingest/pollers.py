"""Polls all feeds that are due: several at the same time, one request to each host, and each claimed by one process."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from handlers.answers.errors import WirewatchError
from handlers.ingest.feed_claims import Clock, FeedClaims
from handlers.ingest.feed_health import FailedPoll
from handlers.ingest.official_list import poll_list
from handlers.ingest.poll import INTERNAL_ERROR, request_feed, store_answer, unchanged_poll
from handlers.ingest.poll_batch import PollBatch
from handlers.ingest.poll_meter import PollMeter
from handlers.ingest.polled import IngestEntries, Polled
from handlers.queries.poll_lag import store_load
from handlers.sources.fetch.client import Fetched, Fetcher
from storage.errors import StorageError
from storage.polls import UnchangedPoll
from storage.records import Source, SourceKind
from storage.store import Store

logger = logging.getLogger(__name__)

POLLERS: Final = 64
"""Feeds polled at the same time. A silent host occupies a poller for 15 s, until its request times out, and another one
for about 0.3 s. With 3 % of silent hosts, 64 pollers read 85 feeds a second: 10,000 feeds in two minutes."""
MAX_INGESTING: Final = 4
"""Changed feeds that are parsed and ingested at the same time. The others wait, each with a body of at most 10 MB."""


@dataclass(slots=True)
class _Run:
    """What one run of the pollers has done so far."""

    batch: PollBatch
    polled: int = 0
    unchanged: int = 0
    new: int = 0
    failed: int = 0
    fault: Exception | None = None
    """A failure of the database, which ends the run."""
    tasks: dict[asyncio.Task[None], Source] = field(default_factory=dict)
    """The running polls."""
    requesting: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """Those of them, by source id, that wait for an answer or for their turn to be ingested, and lose nothing if they
    are cancelled."""
    cancelled: list[Source] = field(default_factory=list)

    def count(self, polled: Polled) -> None:
        self.polled += 1
        self.unchanged += polled.unchanged
        self.new += polled.new
        self.failed += polled.error is not None


class Pollers:
    """Polls the feeds that are due. Several processes may have one each: leases keep them apart."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        ingest: IngestEntries,
        *,
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._ingest = ingest
        self._clock = clock
        self._chance = chance
        self._claims = FeedClaims(store, clock=clock, host_gap=fetcher.host_delay)
        self._meter = PollMeter(pollers=POLLERS, ingesting=MAX_INGESTING, now=clock())
        self._woken = asyncio.Event()
        self._ingesting = asyncio.Semaphore(MAX_INGESTING)

    async def poll_due(self, stop: asyncio.Event | None = None) -> int:
        """Poll the feeds that are due or become due meanwhile, until none is left, and return their number.

        When `stop` is set, requests that wait for an answer are given up and their feeds released, and what was
        answered is stored. Raises: StorageError.
        """
        run = _Run(batch=PollBatch(self._store))
        stop = stop or asyncio.Event()
        stopping = asyncio.ensure_future(stop.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        try:
            await self._poll_until_idle(run, stop)
            await self._finish(run)
            await self._store_load()
        finally:
            stopping.cancel()
            self._claims.clear()
            for task in run.tasks:  # none are left, unless this coroutine was cancelled
                task.cancel()
            await asyncio.gather(*run.tasks, return_exceptions=True)
        if run.polled:
            logger.info(
                "Polled feeds: %d, unchanged: %d, new entries: %d, failed: %d",
                *(run.polled, run.unchanged, run.new, run.failed),
            )
        if run.fault is not None:
            raise run.fault
        return run.polled

    async def _poll_until_idle(self, run: _Run, stop: asyncio.Event) -> None:
        try:
            while run.fault is None and not stop.is_set():
                self._woken.clear()
                self._start_polls(run)
                await self._store_load()
                if _needs_feeds(run, self._claims) and await self._claims.claim(self._meter):
                    continue
                if not run.tasks and not self._claims.waiting:
                    break
                await self._wait(run)
                if run.batch.due_at is not None and run.batch.due_at <= _time():
                    with self._meter.storing():
                        await run.batch.store()
        except StorageError as error:
            run.fault = error

    async def _finish(self, run: _Run) -> None:
        """Give up the requests that wait, let the other polls end, and store what is left to store."""
        left = self._claims.clear()
        for task in run.requesting.values():
            task.cancel()
        if run.tasks:
            await asyncio.wait(run.tasks)
        await run.batch.store()
        await self._claims.release([*left, *run.cancelled])

    async def _store_load(self) -> None:
        """Store what the pollers spend their time on, once a minute, for those who ask why feeds are late."""
        if self._meter.is_due():
            async with self._store.begin() as tx:
                await store_load(tx, self._meter.take(self._clock()))

    def _start_polls(self, run: _Run) -> None:
        while len(run.tasks) < POLLERS and (turn := self._claims.take()) is not None:
            host, source = turn
            task = asyncio.get_running_loop().create_task(self._poll(run, host, source), name=f"poll {source.id}")
            run.tasks[task] = source
            run.requesting[source.id] = task
            task.add_done_callback(lambda task: self._ended(run, task))

    async def _wait(self, run: _Run) -> None:
        """Wait until a poll ends, a host may be asked again, or something is due to be claimed or stored."""
        now, waits = _time(), []
        if len(run.tasks) < POLLERS:
            rest = self._claims.rest()
            waits = [max(self._claims.next_claim - now, 0.0), *([] if rest is None else [rest])]
        if run.batch.due_at is not None:
            waits.append(max(run.batch.due_at - now, 0.0))
        try:
            async with asyncio.timeout(min(waits, default=None)):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _poll(self, run: _Run, host: str, source: Source) -> None:
        store, ingest = self._store, self._ingest
        try:
            with self._meter.requesting():
                if source.kind is SourceKind.LIST:  # it may take minutes, and loses nothing if it is cancelled
                    now, chance = self._clock(), self._chance()
                    return run.count(await poll_list(store, self._fetcher, ingest, source, now=now, chance=chance))
                answer = await request_feed(store, self._fetcher, source, chance=self._chance())
        finally:
            self._claims.finish(host)
            self._woken.set()
        now, chance = self._clock(), self._chance()
        if not isinstance(answer, Fetched):
            return await self._store_later(run, FailedPoll(source=source, error=answer, at=now, chance=chance))
        if unchanged := unchanged_poll(source, answer, now=now, chance=chance):
            return await self._store_later(run, unchanged)
        async with self._ingesting:
            run.requesting.pop(source.id, None)
            with self._meter.ingesting():
                polled = await store_answer(store, ingest, source, answer, now=now, chance=chance)
        run.count(polled)

    async def _store_later(self, run: _Run, poll: UnchangedPoll | FailedPoll) -> None:
        run.requesting.pop(poll.source.id, None)
        run.polled += 1
        run.unchanged += isinstance(poll, UnchangedPoll)
        run.failed += isinstance(poll, FailedPoll)
        await run.batch.add(poll)

    def _ended(self, run: _Run, task: asyncio.Task[None]) -> None:
        """Note how a poll ended."""
        self._woken.set()
        run.requesting.pop((source := run.tasks.pop(task)).id, None)
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            run.cancelled.append(source)
        elif isinstance(error, WirewatchError):
            run.fault = error
        elif error is not None:
            run.polled, run.failed = run.polled + 1, run.failed + 1
            logger.error("Feed %s could not be polled because of an internal error", source.id, exc_info=error)
            run.batch.put(FailedPoll(source=source, error=INTERNAL_ERROR, at=self._clock(), chance=self._chance()))


def _needs_feeds(run: _Run, claims: FeedClaims) -> bool:
    return len(run.tasks) < POLLERS and claims.waiting < POLLERS and claims.next_claim <= _time()


def _time() -> float:
    """Return the time of the event loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
