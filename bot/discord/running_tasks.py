"""The event handlers that are running, so that the bot can let them finish before it stops."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any


class RunningTasks:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextlib.contextmanager
    def track(self) -> Iterator[None]:
        """Count the current task as running until the block ends."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  (the library runs every event handler in a task)
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def drain(self, timeout_s: float) -> None:
        """Wait until all tracked tasks are done, at most so many seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=timeout_s)
