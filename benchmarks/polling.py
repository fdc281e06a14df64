"""Measures how many due feeds the running bot polls, compared with a bare aiohttp loop and with PyPI's `reader`.

Usage: python -m benchmarks.polling [--feeds 10000] [--reader PYTHON] [--peer-feeds 2000]

PYTHON is the interpreter of an environment with reader 3.26; without it, that comparison is left out. Figures are feeds
per second of processor time, because other processes share the machine.
"""

import argparse
import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select

from benchmarks.feed_hosts import ETAG, body_of, feed_hosts, is_silent, url_of
from benchmarks.machine import Running, processor_s, progress, running
from storage.records import SHARED, SourceKind, SourceState
from storage.store import Store, open_store
from storage.tables import sources

SILENT: Final = 0.03
"""The share of hosts that accept connections and never answer."""
FEEDS_PER_HOST: Final = 2
LONGEST_S: Final = 1_800


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=10_000)
    options.add_argument("--peer-feeds", type=int, default=2_000, help="feeds that each peer polls in a turn")
    options.add_argument("--reader", default="", help="the Python of an environment with reader 3.26")
    chosen = options.parse_args()
    hosts = max(chosen.feeds // FEEDS_PER_HOST, 1)
    with feed_hosts(hosts, silent=SILENT) as port, tempfile.TemporaryDirectory() as folder:
        urls = [url_of(feed, hosts=hosts, port=port) for feed in range(chosen.feeds)]
        part = urls[: chosen.peer_feeds]
        bare = [_peer(sys.executable, "aiohttp", part, folder)]
        reader = [_peer(chosen.reader, "reader", part, folder)] if chosen.reader else []
        bot = asyncio.run(_bot(Path(folder) / "bot", urls, hosts))
        bare.append(_peer(sys.executable, "aiohttp", part, folder))
        if chosen.reader:
            reader.append(_peer(chosen.reader, "reader", part, folder))
    print(f"{chosen.feeds} feeds on {hosts} hosts, {SILENT:.0%} of them silent")
    print(f"the bot: {bot:.0f} feeds a processor second")
    for name, rates in (("bare aiohttp", bare), ("reader", reader)):
        if rates:
            mean = sum(rates) / len(rates)
            print(f"{name}: {mean:.0f} ({', '.join(f'{rate:.0f}' for rate in rates)}); the bot is {bot / mean:.2f} x")


def _peer(python: str, name: str, urls: list[str], folder: str) -> float:
    """Return the feeds that a peer polls in a second of processor time."""
    progress(f"{name}, {len(urls)} feeds")
    listed = Path(folder) / "urls"
    listed.write_text("\n".join(urls), encoding="utf-8")
    script = Path(__file__).with_name("polling_peers.py")
    done = subprocess.run([python, str(script), name, str(listed)], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    progress(f"{name}: {result}")
    return float(result["feeds"] / result["processor_s"])


async def _bot(folder: Path, urls: list[str], hosts: int) -> float:
    """Return the feeds that a bot polls in a second of processor time, after it has started."""
    progress(f"the bot, {len(urls)} feeds")
    with running(folder):
        pass  # creates the database
    url = f"sqlite:///{folder}/wirewatch.sqlite3"
    async with open_store(url, migrate=False) as store:
        await _add_feeds(store, urls)
        with running(folder, log_level="ERROR") as bot:
            return await _measure(bot, store, len(urls), hosts)


async def _add_feeds(store: Store, urls: list[str]) -> None:
    """Store the feeds as they are after a first reading, and due."""
    now = datetime.now(UTC)
    row = {
        "workspace_id": SHARED,
        "kind": SourceKind.FEED,
        "state": SourceState.ACTIVE,
        "etag": ETAG,
        "interval": timedelta(minutes=15),
        "next_poll_at": now,
        "first_read_at": now,
        "last_success_at": now,
        "failures": 0,
        "trouble_reported": False,
        "created_at": now,
    }
    async with store.begin() as tx:
        await tx.connection.execute(insert(sources), [row | _own(url) for url in urls])


def _own(url: str) -> dict[str, str]:
    body = body_of("/" + url.split("/", 3)[3])
    return {"url": url, "title": url, "body_hash": hashlib.sha256(body).hexdigest()}


async def _measure(bot: Running, store: Store, feeds: int, hosts: int) -> float:
    polled = select(func.count(sources.c.last_polled_at).label("polled"), func.sum(sources.c.failures).label("failed"))
    first, used, started = 0, processor_s(bot.pid), time.perf_counter()
    while time.perf_counter() - started < LONGEST_S:
        async with store.read() as tx:
            row = (await tx.connection.execute(polled)).one()
        first = first or row.polled
        if row.polled >= feeds:
            break
        await asyncio.sleep(0.5)
    seconds, processor = time.perf_counter() - started, processor_s(bot.pid) - used
    silent = sum(is_silent(feed % hosts, SILENT) for feed in range(feeds))
    progress(f"{row.polled - first} in {seconds:.0f} s, {processor:.1f} s of the processor, {bot.resident_mb:.0f} MB")
    print(f"stored: {row.polled} of {feeds} feeds, {row.failed} of {silent} on silent hosts failed")
    return float((row.polled - first) / processor)


if __name__ == "__main__":
    main()
