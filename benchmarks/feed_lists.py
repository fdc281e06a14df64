"""Measures the answers that count or list sources, and /metrics, with 10,000 feeds.

Usage: python -m benchmarks.feed_lists [FEEDS]
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.commands import longest_block
from benchmarks.machine import spread
from bot.config import read_settings
from bot.core import Core, open_core
from bot.web.metrics import Metrics
from handlers.commands.request import Person, Request
from storage.records import SHARED, Platform, SourceKind, SourceState
from storage.store import Store
from storage.tables import sources

ROUNDS = 40
_PERSON = Person(external_id="1", name="Ann", may_manage=True, time_zone="Europe/Berlin")


async def add_feeds(store: Store, number: int, now: datetime) -> None:
    """Store feeds as they are after some weeks: each with a profile of 4 kB, every thirtieth failing."""
    rows = [
        {
            "workspace_id": SHARED,
            "kind": SourceKind.FEED,
            "url": f"https://paper-{feed}.example/feed",
            "title": f"Paper {feed}",
            "state": SourceState.ACTIVE,
            "interval": timedelta(minutes=15),
            "next_poll_at": now - timedelta(seconds=feed % 900),
            "last_success_at": now,
            "last_arrival_at": now,
            "failures": int(feed % 30 == 0),
            "error": "Its server answers 503." if feed % 30 == 0 else None,
            "trouble_since": now if feed % 30 == 0 else None,
            "trouble_reported": False,
            "created_at": now,
            "profile": bytes(4000),
        }
        for feed in range(number)
    ]
    async with store.begin() as tx:
        await tx.connection.execute(insert(sources), rows)


async def _time(name: str, work: Callable[[], Awaitable[object]]) -> None:
    times, worst, used = [], 0.0, time.process_time()
    for _ in range(ROUNDS):
        watcher = asyncio.create_task(longest_block())
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
        watcher.cancel()
        worst = max(worst, await watcher)
    processor = (time.process_time() - used) / ROUNDS
    blocked = f"event loop blocked for at most {worst * 1000:.0f} ms"
    print(f"{name:16} {spread(times)}; {processor * 1000:.1f} ms of the processor; {blocked}", flush=True)


async def _measure(core: Core, feeds: int) -> None:
    await add_feeds(core.store, feeds, datetime.now(UTC))
    for command, words in (("news", ""), ("news", "health"), ("sources", "list")):
        request = Request(
            platform=Platform.CONSOLE,
            workspace=core.console.external_id,
            workspace_name=core.console.name,
            channel="desk",
            channel_name="desk",
            person=_PERSON,
            command=command,
            words=words,
            now=datetime.now(UTC),
        )
        await _time(f"/{command} {words}".strip(), lambda asked=request: core.commands.answer(asked))  # type: ignore[misc]
    metrics = Metrics()

    async def read_metrics() -> None:
        await metrics.read(core.store, datetime.now(UTC))
        metrics.text()

    await _time("/metrics", read_metrics)


async def _run(folder: Path, feeds: int) -> None:
    async with open_core(read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None)) as core:
        print(f"{feeds:,} feeds")
        await _measure(core, feeds)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()
