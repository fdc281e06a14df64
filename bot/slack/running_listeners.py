"""Tracks Bolt listeners that are running, so that the gateway can wait for them before it closes."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any


class RunningListeners:
    """The tasks of all listeners that are running. Bolt starts listeners in tasks that it does not keep."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def track(self, listener: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """Return a listener that does the same and is tracked. `wraps` keeps the argument names that Bolt reads."""

        @functools.wraps(listener)
        async def run(**arguments: Any) -> None:
            task = asyncio.current_task()
            if task is None:
                raise RuntimeError("a listener runs in a task")
            self._tasks.add(task)
            try:
                await listener(**arguments)
            finally:
                self._tasks.discard(task)

        return run

    async def drain(self, *, timeout_s: float) -> None:
        """Wait until all running listeners have ended, then cancel those that took longer than `timeout_s`."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
