"""Ticks. What is due is a query, so a restart forgets nothing; a tick that still runs is not started again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import WirewatchError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Schedule:
    """Starts each tick's work as a task that we own: APScheduler's shutdown would cancel it half-way."""

    def __init__(self, ticks: Sequence[Tick]) -> None:
        self._ticks = tuple(ticks)
        self._running: dict[str, asyncio.Task[None]] = {}
        self.last_error: dict[str, str] = {}

    def start(self, name: str) -> None:
        """Run this tick now unless it still runs."""
        task = self._running.get(name)
        if task is None or task.done():
            tick = next(tick for tick in self._ticks if tick.name == name)
            self._running[name] = asyncio.get_running_loop().create_task(self._run(tick), name=f"tick {name}")

    async def tick(self, name: str) -> None:
        """What APScheduler calls; a coroutine, because it runs plain functions in a thread without our loop."""
        self.start(name)

    async def _run(self, tick: Tick) -> None:
        try:
            await tick.run()
            if self.last_error.pop(tick.name, None) is not None:
                logger.info("A tick works again: %s", tick.name)
        except WirewatchError as error:  # its text says what happened; a database that is away is told once
            if self.last_error.get(tick.name) != str(error):
                logger.error("A tick failed and will be tried again: %s. %s", tick.name, error)
            self.last_error[tick.name] = str(error)
        except Exception as error:  # a tick must not end the bot: the next one tries again
            self.last_error[tick.name] = str(error)
            logger.exception("A tick failed and will be tried again: %s", tick.name)

    async def drain(self, limit: timedelta) -> None:
        """Let running ticks end by themselves, then cancel what is left."""
        tasks = [task for task in self._running.values() if not task.done()]
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=limit.total_seconds())
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)


@asynccontextmanager
async def open_schedule(ticks: Sequence[Tick], *, drain: timedelta) -> AsyncIterator[Schedule]:
    """Tick until the block ends; then start nothing new and drain."""
    schedule = Schedule(ticks)
    scheduler = AsyncIOScheduler(timezone=UTC)
    for tick in ticks:
        # misfire_grace_time=None, coalesce=True: a late tick still runs, once.
        scheduler.add_job(
            schedule.tick,
            "interval",
            args=[tick.name],
            seconds=tick.every.total_seconds(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()
    try:
        for tick in ticks:
            schedule.start(tick.name)
        yield schedule
    finally:
        scheduler.shutdown(wait=False)
        await schedule.drain(drain)
