"""Watches an inbox with short intervals, and waits for what can be observed from outside."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from handlers.ingest.inbox import Timing, watch_inbox
from handlers.ingest.ingest import Ingest
from storage.store import Store

T = TypeVar("T")


@asynccontextmanager
async def watched(store: Store, folder: Path) -> AsyncIterator[None]:
    """Watch the folder until the block ends."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        watching = watch_inbox(
            folder,
            store,
            Ingest(store),
            clock=lambda: datetime.now(UTC),
            stop=stop,
            timing=Timing(stable=timedelta(milliseconds=10), retry=timedelta(milliseconds=250)),
        )
        tasks.create_task(watching)
        try:
            yield
        finally:
            stop.set()


async def seen(what: str, look: Callable[[], T]) -> T:
    """Call `look` until it returns something true, and return that. `what` describes it in the error."""
    for _ in range(1000):
        if found := look():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"not seen: {what}")
