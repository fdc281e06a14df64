"""Stores the results of polls without news, and of failed ones, about a hundred in one transaction."""

import asyncio
from datetime import timedelta
from typing import Final

from handlers.ingest.feed_health import FailedPoll, after_failures
from storage.polls import UnchangedPoll
from storage.store import Store

BATCH: Final = 100
"""Polls in one transaction."""
LONGEST_WAIT: Final = timedelta(seconds=1)
"""How long a poll waits for others at most."""


class PollBatch:
    """Polls that wait to be stored. A crash loses them, and their feeds are polled again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unchanged: list[UnchangedPoll] = []
        self._failed: list[FailedPoll] = []
        self.due_at: float | None = None
        """When they must be stored, by the event loop's clock; None if there are none."""

    async def add(self, poll: UnchangedPoll | FailedPoll) -> None:
        """Add a poll, and store the batch if it is full. Raises: StorageError."""
        self.put(poll)
        if len(self._unchanged) + len(self._failed) >= BATCH:
            await self.store()

    def put(self, poll: UnchangedPoll | FailedPoll) -> None:
        """Add a poll without storing anything yet."""
        if isinstance(poll, FailedPoll):
            self._failed.append(poll)
        else:
            self._unchanged.append(poll)
        if self.due_at is None:
            self.due_at = asyncio.get_running_loop().time() + LONGEST_WAIT.total_seconds()

    async def store(self) -> None:
        """Store what waits. Raises: StorageError."""
        unchanged, failed = self._unchanged, self._failed
        self._unchanged, self._failed, self.due_at = [], [], None
        if unchanged or failed:
            async with self._store.begin() as tx:
                await tx.polls.store_unchanged(unchanged)
                await after_failures(tx, failed)
