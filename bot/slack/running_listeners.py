"""Listeners that are at work: Bolt starts them and forgets them; the gateway waits for them before it closes."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any


class UnderWay:
    """Every listener's task, from its start to its end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def tracked(self, listener: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """The same listener, counted. Bolt reads its arguments' names through `wraps`."""

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

    async def end(self, *, within_s: float) -> None:
        """Wait for what is at work; what takes longer is cancelled."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=within_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
