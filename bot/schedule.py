"""Runs work at intervals ("ticks"). What is due is a query of the database, so a restart loses nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from storage.errors import WirewatchError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Work that is repeated."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Schedule:
    """Runs each tick as a task of its own, so that running work can end when the schedule does."""

    def __init__(self, ticks: Sequence[Tick]) -> None:
        self._ticks = tuple(ticks)
        self._running: dict[str, asyncio.Task[None]] = {}
        self.last_error: dict[str, str] = {}
        """The error of each tick whose last run failed, by name."""

    def start(self, name: str) -> None:
        """Run this tick now, unless it is still running."""
        task = self._running.get(name)
        if task is None or task.done():
            tick = next(tick for tick in self._ticks if tick.name == name)
            self._running[name] = asyncio.get_running_loop().create_task(self._run(tick), name=f"tick {name}")

    async def repeat(self, tick: Tick) -> None:
        """Run the tick now and then at its interval, by the monotonic clock: the wall clock may be put right.

        Runs that are missed while the machine is suspended are not made up for.
        """
        while True:
            self.start(tick.name)
            await asyncio.sleep(tick.every.total_seconds())

    async def _run(self, tick: Tick) -> None:
        try:
            await tick.run()
            if self.last_error.pop(tick.name, None) is not None:
                logger.info("A tick works again: %s", tick.name)
        except WirewatchError as error:  # its text is enough, and the same one is logged once
            if self.last_error.get(tick.name) != str(error):
                logger.error("A tick failed and will be tried again: %s. %s", tick.name, error)
            self.last_error[tick.name] = str(error)
        except Exception as error:  # a failed tick must not end the bot; the next run tries again
            self.last_error[tick.name] = str(error)
            logger.exception("A tick failed and will be tried again: %s", tick.name)

    async def drain(self, limit: timedelta) -> None:
        """Wait until running ticks have ended, then cancel those that take longer than `limit`."""
        tasks = [task for task in self._running.values() if not task.done()]
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=limit.total_seconds())
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)


@asynccontextmanager
async def open_schedule(ticks: Sequence[Tick], *, drain: timedelta) -> AsyncIterator[Schedule]:
    """Run the ticks, each at once and then at its interval. When the block ends, start no more of them and drain."""
    schedule = Schedule(ticks)
    loop = asyncio.get_running_loop()
    repeating = [loop.create_task(schedule.repeat(tick), name=f"schedule of {tick.name}") for tick in ticks]
    try:
        yield schedule
    finally:
        for task in repeating:
            task.cancel()
        await asyncio.gather(*repeating, return_exceptions=True)
        await schedule.drain(drain)
