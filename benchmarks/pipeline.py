"""The whole line on one machine: articles a second, start-up, idle memory, delay from a file's arrival to its alert."""

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

from benchmarks.invented import Newsroom
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
"""Ten a channel: two more in ten minutes would be a burst, and folded."""
_WAIT_S: Final = 15


async def _articles_a_second(folder: Path) -> None:
    news = Newsroom(1)
    bodies = [news.event(hits=(0, 1, 3)[number % 3]).text.encode() for number in range(ARTICLES)]
    now = datetime.now(UTC)
    async with open_core(read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None)) as core:
        async with core.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=SHARED, kind=SourceKind.COMMAND_LINE, url="bench", title="Bench"), now
            )
        owed, rates, reading = 0, [], 0.0
        cpu = time.process_time()
        for place in range(0, ARTICLES, BATCH):
            started = time.perf_counter()
            drafts = [
                draft
                for number, body in enumerate(bodies[place : place + BATCH], place)
                for draft in read_document(body, content_type="text/plain", name=f"{number}.txt")
            ]
            reading += time.perf_counter() - started
            owed += sum(arrived.deliveries for arrived in await core.ingest(drafts, source=source, now=now))
            rates.append(BATCH / (time.perf_counter() - started))
            if (place + BATCH) % 250 == 0:
                progress(f"{place + BATCH} of {ARTICLES} articles")
        cpu = time.process_time() - cpu
    seconds = sum(BATCH / rate for rate in rates)
    print(
        f"document to stored match and owed delivery: {ARTICLES / seconds:.0f} articles/s ({ARTICLES} articles, "
        f"{owed} owed; median of {len(rates)} batches {statistics.median(rates):.0f}/s; {cpu / ARTICLES * 1000:.1f} ms "
        f"of processor an article; reading the documents is {reading / seconds:.0%} of the time)"
    )


async def _watch_channels(folder: Path) -> None:
    """Channels of the console that each watch a word of their own."""
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


def _listen(bot: Running, seen: "queue.SimpleQueue[tuple[float, int]]") -> None:
    """What an open console page hears, as it hears it: (when, message)."""
    page = http.client.HTTPConnection(urlsplit(bot.address).netloc, timeout=60)
    page.request("GET", "/events?channel=0")
    answer = page.getresponse()
    try:
        while line := answer.readline():
            if line.startswith(b"data: "):
                seen.put((time.perf_counter(), json.loads(line[6:])["id"]))
    except (OSError, http.client.HTTPException):  # the bot stops
        pass
    finally:
        page.close()


def _delays_s(bot: Running, folder: Path) -> list[float]:
    """One file after another; each waits until the page has its alert."""
    seen: queue.SimpleQueue[tuple[float, int]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(bot, seen), daemon=True).start()
    known, delays = set[int](), []
    inbox = folder / "inbox"
    for number in range(FILES):
        # Each in words of its own: a story that is told again would be an edit of its alert.
        told = Newsroom(1000 + number).event(hits=0, mark=_mark(number % CHANNELS))
        hidden = inbox / f".{number}.txt"
        hidden.write_text(told.text, encoding="utf-8")
        started = time.perf_counter()
        hidden.rename(inbox / f"{number}.txt")
        try:
            while True:
                at, message = seen.get(timeout=_WAIT_S)
                if message not in known:
                    break
        except queue.Empty:
            progress(f"file {number} has no alert after {_WAIT_S} s")
            continue
        known.add(message)
        delays.append(at - started)
        if (number + 1) % 25 == 0:
            progress(f"{number + 1} of {FILES} files")
    return delays


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_articles_a_second(Path(folder)))
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
        f"start-up to ready: {statistics.median(first):.2f} s with a new database, {statistics.median(again):.2f} s "
        f"after that (medians of {STARTS})"
    )
    print(f"memory when idle: {statistics.median(idle):.0f} MB (median of {STARTS})")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_watch_channels(Path(name)))
        with running(Path(name)) as bot:
            delays = _delays_s(bot, Path(name))
    print(f"file to alert on an open page: {spread(delays)}; the first, before anything is warm: {delays[0]:.2f} s")


if __name__ == "__main__":
    main()
