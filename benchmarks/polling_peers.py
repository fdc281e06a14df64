"""The peers of the polling benchmark, each run in a process of its own so that its processor time can be measured.

Usage: python polling_peers.py aiohttp|reader LIST, where LIST is a file with one URL a line. Prints a JSON object. With
`reader` this runs in an environment that has only that package, so nothing of the project is imported here.
"""

import asyncio
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

CONCURRENCY = 64
READ_S = 15
ETAG = '"v1"'


def with_aiohttp(urls: Sequence[str]) -> int:
    """Request each URL with its ETag, by as many tasks as the bot has pollers, and store nothing."""
    import aiohttp

    async def run() -> int:
        waiting, done = iter(urls), 0
        timeout = aiohttp.ClientTimeout(total=30, sock_read=READ_S)
        connector = aiohttp.TCPConnector(limit=CONCURRENCY)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:

            async def work() -> None:
                nonlocal done
                for url in waiting:
                    try:
                        async with session.get(url, headers={"If-None-Match": ETAG}) as answer:
                            await answer.read()
                        done += 1
                    except TimeoutError:
                        pass

            await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        return done

    return asyncio.run(run())


def prepare_reader(urls: Iterable[str], folder: str) -> Any:
    """Return a reader whose feeds were updated once with this ETag, as far as its database says."""
    import sqlite3

    make_reader = importlib.import_module("reader").make_reader
    path = f"{folder}/reader.sqlite"
    reader = make_reader(path, session_timeout=(3.05, READ_S))
    for url in urls:
        reader.add_feed(url)
    read_at = "2026-11-30 00:00:00"
    with sqlite3.connect(path) as database:
        values = (json.dumps({"etag": ETAG}), read_at, read_at)
        database.execute("UPDATE feeds SET caching_info = ?, last_updated = ?, updated = ?", values)
    database.close()
    return reader


def with_reader(reader: Any) -> int:
    """Update all feeds with as many workers as the bot has pollers."""
    return sum(not isinstance(result.value, Exception) for result in reader.update_feeds_iter(workers=CONCURRENCY))


def main() -> None:
    urls = Path(sys.argv[2]).read_text(encoding="utf-8").split()
    with tempfile.TemporaryDirectory() as folder:
        reader = prepare_reader(urls, folder) if sys.argv[1] == "reader" else None
        started, used = time.perf_counter(), time.process_time()
        answered = with_aiohttp(urls) if reader is None else with_reader(reader)
        result = {
            "feeds": len(urls),
            "answered": answered,
            "seconds": time.perf_counter() - started,
            "processor_s": time.process_time() - used,
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
