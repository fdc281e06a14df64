"""Runs work at intervals ("ticks"). What is due is a query of the database, so a restart loses nothing.

APScheduler computes the next run by the wall clock. If that clock is set back an hour, nothing would run for an hour,
so a watch by the monotonic clock makes all ticks due then.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import StorageError, WirewatchError

logger = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(seconds=5)
"""How often the clocks are compared."""
_TOLERATED: Final = timedelta(seconds=1)
RETRY: Final = timedelta(seconds=15)
"""A rare tick that failed is tried again after this time."""
OVERDUE: Final = timedelta(minutes=3)
"""How late a tick may be, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Work that is repeated."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    may_run_on: bool = False
    """A run may last as long as there is work, so that it is never overdue."""


class Schedule:
    """Runs each tick as a task of its own, because APScheduler would cancel running work when it shuts down."""

    def __init__(self, ticks: Sequence[Tick]) -> None:
        self._ticks = tuple(ticks)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._logged: dict[str, str] = {}
        """The error of each tick that was logged and whose end will be, by name."""
        self._retries: dict[str, asyncio.TimerHandle] = {}
        self._ended: dict[str, float] = {}
        """When the last run of each tick ended, or the schedule began, by the clock of the event loop."""
        self.last_error: dict[str, str] = {}
        """The error of each tick whose last run failed, by name."""

    def problems(self) -> dict[str, str]:
        """Return what is wrong with each tick that is overdue or whose last run failed, by its name."""
        found = {name: "the last run failed; see the log" for name in self.last_error}
        for name, late in self.overdue().items():
            found[name] = f"overdue for {late.total_seconds() // 60:.0f} minutes"
        return found

    def overdue(self, now: float | None = None) -> dict[str, timedelta]:
        """Return by name how late ticks are whose run should have ended. `now` is a time of the event loop's clock."""
        now = asyncio.get_running_loop().time() if now is None else now
        found = {}
        for tick in self._ticks:
            late = timedelta(seconds=now - self._ended.get(tick.name, now)) - tick.every
            if late > max(OVERDUE, 2 * tick.every) and not tick.may_run_on:
                found[tick.name] = late
        return found

    def start(self, name: str) -> None:
        """Run this tick now, unless it is still running."""
        task = self._running.get(name)
        if task is None or task.done():
            tick = next(tick for tick in self._ticks if tick.name == name)
            self._ended.setdefault(name, asyncio.get_running_loop().time())
            self._running[name] = asyncio.get_running_loop().create_task(self._run(tick), name=f"tick {name}")

    async def tick(self, name: str) -> None:
        """Do what `start` does. APScheduler calls this coroutine; it would run a plain function in another thread."""
        self.start(name)

    async def _run(self, tick: Tick) -> None:
        try:
            await tick.run()
            self.last_error.pop(tick.name, None)
            if self._logged.pop(tick.name, None) is not None:
                logger.info("A tick works again: %s", tick.name)
        except StorageError as error:  # the store logs when an outage begins and ends
            self.last_error[tick.name] = str(error)
        except WirewatchError as error:  # its text is enough, and the same one is logged once
            if self._logged.get(tick.name) != str(error):
                logger.error("A tick failed and will be tried again: %s. %s", tick.name, error)
            self.last_error[tick.name] = self._logged[tick.name] = str(error)
        except Exception as error:  # a failed tick must not end the bot; the next run tries again
            self.last_error[tick.name] = self._logged[tick.name] = str(error)
            logger.exception("A tick failed and will be tried again: %s", tick.name)
        loop = asyncio.get_running_loop()
        self._ended[tick.name] = loop.time()
        if tick.name in self.last_error and tick.every > RETRY:
            self._retries[tick.name] = loop.call_later(RETRY.total_seconds(), self.start, tick.name)

    async def drain(self, limit: timedelta) -> None:
        """Wait until running ticks have ended, then cancel those that take longer than `limit`. Nothing is retried."""
        for retry in self._retries.values():
            retry.cancel()
        tasks = [task for task in self._running.values() if not task.done()]
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=limit.total_seconds())
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)


async def run_after_clock_steps(
    scheduler: AsyncIOScheduler,
    *,
    wall: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
    every: timedelta = LOOK_EVERY,
) -> None:
    """Make all jobs due whenever the wall clock was set back. `wall` returns the time in UTC, `monotonic` seconds."""
    then, since = wall(), monotonic()
    while True:
        await asyncio.sleep(every.total_seconds())
        now, elapsed = wall(), monotonic()
        if then + timedelta(seconds=elapsed - since) - now > _TOLERATED:
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        then, since = now, elapsed


@asynccontextmanager
async def open_schedule(
    ticks: Sequence[Tick], *, drain: timedelta, wall: Callable[[], datetime]
) -> AsyncIterator[Schedule]:
    """Run the ticks, each at once and then at its interval. When the block ends, start no more of them and drain.

    `wall` returns the time of the wall clock in UTC.
    """
    schedule = Schedule(ticks)
    scheduler = AsyncIOScheduler(timezone=UTC)
    for tick in ticks:
        # misfire_grace_time=None and coalesce=True: a late tick still runs, but only once.
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
    watch = asyncio.get_running_loop().create_task(run_after_clock_steps(scheduler, wall=wall), name="clock steps")
    try:
        for tick in ticks:
            schedule.start(tick.name)
        yield schedule
    finally:
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        scheduler.shutdown(wait=False)
        await schedule.drain(drain)
