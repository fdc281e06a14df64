"""Measures the bot on one machine: articles per second, time to start, idle memory, and delay from file to alert."""

import asyncio
import http.client
import json
import queue
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from benchmarks.invented import NewsGenerator
from benchmarks.machine import Running, progress, running, spread
from bot.config import read_settings
from bot.core import open_core
from handlers.sources.documents.document import read_document
from storage.records import SHARED, Pace, SourceKind
from storage.sources import NewSource
from storage.topics import NewTopic

ARTICLES: Final = 1000
BATCH: Final = 50
STARTS: Final = 3
CHANNELS: Final = 10
FILES: Final = 100
"""Ten per channel. With more than twelve in ten minutes, a channel would get a roll-up instead of alerts."""
_WAIT_S: Final = 15


async def _articles_per_second(folder: Path) -> None:
    news = NewsGenerator(1)
    bodies = [news.article(topic_sentences=(0, 1, 3)[number % 3]).text.encode() for number in range(ARTICLES)]
    now = datetime.now(UTC)
    async with open_core(read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None)) as core:
        async with core.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=SHARED, kind=SourceKind.COMMAND_LINE, url="bench", title="Bench"), now
            )
        enqueued, rates, reading = 0, [], 0.0
        cpu = time.process_time()
        for first in range(0, ARTICLES, BATCH):
            started = time.perf_counter()
            drafts = [
                draft
                for number, body in enumerate(bodies[first : first + BATCH], first)
                for draft in read_document(body, content_type="text/plain", name=f"{number}.txt")
            ]
            reading += time.perf_counter() - started
            enqueued += sum(result.deliveries for result in await core.ingest(drafts, source=source, now=now))
            rates.append(BATCH / (time.perf_counter() - started))
            if (first + BATCH) % 250 == 0:
                progress(f"{first + BATCH} of {ARTICLES} articles")
        cpu = time.process_time() - cpu
    seconds = sum(BATCH / rate for rate in rates)
    print(
        f"from document to stored match and pending delivery: {ARTICLES / seconds:.0f} articles/s "
        f"({ARTICLES} articles, {enqueued} deliveries; median of {len(rates)} batches "
        f"{statistics.median(rates):.0f}/s; {cpu / ARTICLES * 1000:.1f} ms of processor time per article; "
        f"reading the documents takes {reading / seconds:.0%} of the time)"
    )


async def _watch_channels(folder: Path) -> None:
    """Create channels of the console, each subscribed to a different word."""
    now = datetime.now(UTC)
    settings = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None)
    async with open_core(settings) as core, core.store.begin() as tx:
        for number in range(CHANNELS):
            channel = await tx.channels.ensure(core.console.id, f"c{number}", f"c{number}", now=now)
            topic = await tx.topics.add(
                NewTopic(workspace_id=core.console.id, name=_mark(number), title=_mark(number), query=_mark(number)),
                now,
            )
            if topic is not None:
                await tx.subscriptions.ensure(
                    channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="bench", now=now
                )


def _mark(number: int) -> str:
    return f"zubject{number}"


def _listen(bot: Running, received: "queue.SimpleQueue[tuple[float, int]]") -> None:
    """Receive live changes as an open console page does; put (time, message id) of each into the queue."""
    page = http.client.HTTPConnection(urlsplit(bot.address).netloc, timeout=60)
    page.request("GET", "/events?channel=0")
    answer = page.getresponse()
    try:
        while line := answer.readline():
            if line.startswith(b"data: "):
                received.put((time.perf_counter(), json.loads(line[6:])["id"]))
    except (OSError, http.client.HTTPException):  # the bot stops
        pass
    finally:
        page.close()


def _delays_s(bot: Running, folder: Path) -> list[float]:
    """Return the delay of each file. The next file is written when the page has received the alert of the last."""
    received: queue.SimpleQueue[tuple[float, int]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(bot, received), daemon=True).start()
    alerts, delays = set[int](), []
    inbox = folder / "inbox"
    for number in range(FILES):
        # The words of each file differ, because a second report of a story would edit its alert.
        article = NewsGenerator(1000 + number).article(topic_sentences=0, mark=_mark(number % CHANNELS))
        hidden = inbox / f".{number}.txt"
        hidden.write_text(article.text, encoding="utf-8")
        started = time.perf_counter()
        hidden.rename(inbox / f"{number}.txt")
        try:
            while True:
                at, message = received.get(timeout=_WAIT_S)
                if message not in alerts:
                    break
        except queue.Empty:
            progress(f"file {number} has no alert after {_WAIT_S} s")
            continue
        alerts.add(message)
        delays.append(at - started)
        if (number + 1) % 25 == 0:
            progress(f"{number + 1} of {FILES} files")
    return delays


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_articles_per_second(Path(folder)))
    first, again, idle = [], [], []
    for number in range(STARTS):
        with tempfile.TemporaryDirectory() as name:
            with running(Path(name)) as bot:
                first.append(bot.ready_s)
            with running(Path(name)) as bot:
                again.append(bot.ready_s)
                time.sleep(3)
                idle.append(bot.resident_mb)
        progress(f"{number + 1} of {STARTS} starts")
    print(
        f"from start to ready: {statistics.median(first):.2f} s with a new database, {statistics.median(again):.2f} s "
        f"with an existing one (medians of {STARTS})"
    )
    print(f"memory when idle: {statistics.median(idle):.0f} MB (median of {STARTS})")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_watch_channels(Path(name)))
        with running(Path(name)) as bot:
            delays = _delays_s(bot, Path(name))
    print(f"from file to alert on an open page: {spread(delays)}; the first one, with cold caches: {delays[0]:.2f} s")


if __name__ == "__main__":
    main()
