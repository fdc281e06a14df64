"""The whole line on one machine: articles a second, start-up, idle memory, delay from a file's arrival to its alert."""

import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.config import read_settings
from bot.core import open_core
from handlers.sources.document import read_document
from storage.records import SHARED, SourceKind

ROOT: Final = Path(__file__).resolve().parent.parent
ARTICLES: Final = 1000
DELAYS: Final = 12
"""As many alerts as a channel gets in ten minutes before they are folded."""
_WORDS: Final = [
    "agreement",
    "ministry",
    "network",
    "company",
    "market",
    "officials",
    "supply",
    "quarter",
    "export",
    "carrier",
    "growth",
    "minister",
    "statement",
    "region",
    "factory",
    "shipment",
    "review",
    "tender",
    "regulator",
    "investors",
    "partners",
    "output",
    "policy",
    "session",
    "report",
    "plan",
    "deal",
    "equipment",
    "spectrum",
    "vendor",
    "licence",
    "approval",
    "delegation",
    "summit",
    "border",
    "cargo",
    "customs",
    "levy",
    "refinery",
    "pipeline",
]
_HITS: Final = (
    "Huawei won the contract.",
    "The 5G launch was moved.",
    "New sanctions were announced.",
    "ZTE declined to comment.",
    "Washington raised tariffs again.",
    "Nothing else was said.",
    "The weather stayed dry.",
)


def _vocabulary(chance: random.Random) -> list[str]:
    """A few hundred invented names of an event's own, so that a thousand articles are many stories, as news are."""
    syllables = ("ba", "ker", "lin", "mo", "ta", "ves", "ru", "dan", "sio", "pel", "gor", "ny")
    own = ["".join(chance.choice(syllables) for _ in range(3)).capitalize() for _ in range(30)]
    return [*_WORDS, *own * 2]


def _document(number: int) -> bytes:
    """About 400 words; two in three mention a topic."""
    chance = random.Random(number)
    words = _vocabulary(chance)
    subject = " ".join(chance.choice(words) for _ in range(6)).capitalize()
    paragraphs = [
        " ".join(chance.choice(words) for _ in range(44)).capitalize() + f". {chance.choice(_HITS)}" for _ in range(8)
    ]
    return "\n\n".join([f"{subject} {number}", *paragraphs]).encode()


async def _articles_a_second(folder: Path) -> tuple[float, int]:
    settings = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None)
    now = datetime.now(UTC)
    bodies = [_document(number) for number in range(ARTICLES)]
    async with open_core(settings) as core:
        async with core.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                workspace_id=SHARED, kind=SourceKind.COMMAND_LINE, url="bench", title="Bench", now=now
            )
        started = time.perf_counter()
        owed = 0
        for place in range(0, ARTICLES, 50):
            drafts = [
                draft
                for number, body in enumerate(bodies[place : place + 50], place)
                for draft in read_document(body, content_type="text/plain", name=f"{number}.txt")
            ]
            owed += sum(arrived.deliveries for arrived in await core.arrive(drafts, source=source, now=now))
        return ARTICLES / (time.perf_counter() - started), owed


def _get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return json.load(answer)


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """(address, process, seconds until ready)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "WIREWATCH_DATA_DIR": str(folder),
        "PORT": str(port),
        "WIREWATCH_STARTER_FEEDS": "false",
        "WIREWATCH_EXAMPLES": "false",
        "WIREWATCH_LOG_LEVEL": "WARNING",
    }
    environment.pop("DATABASE_URL", None)
    started = time.perf_counter()
    bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while time.perf_counter() - started < 60:
            try:
                _get(f"{address}/readyz")
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        yield address, bot, time.perf_counter() - started
    finally:
        bot.send_signal(signal.SIGTERM)
        bot.wait(timeout=20)


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


def _delays_s(address: str, folder: Path) -> list[float]:
    delays = []
    for number in range(DELAYS):
        mark = f"Huawei order number {number} {' '.join(random.Random(number + 9000).sample(_WORDS, 4))}"
        body = f"{mark}\n\n{_document(number + 5000).decode()}"
        hidden = folder / "inbox" / f".{number}.txt"
        hidden.write_text(body, encoding="utf-8")
        started = time.perf_counter()
        hidden.rename(folder / "inbox" / f"{number}.txt")
        while time.perf_counter() - started < 10:
            messages = _get(f"{address}/api/messages?limit=20")["messages"]
            if any(message["post"].get("headline", {}).get("text") == mark for message in messages):
                delays.append(time.perf_counter() - started)
                break
            time.sleep(0.02)
    return delays


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        speed, owed = asyncio.run(_articles_a_second(Path(folder)))
        print(f"document to stored match and owed delivery: {speed:.0f} articles/s ({ARTICLES} articles, {owed} owed)")
    with tempfile.TemporaryDirectory() as name, _running(Path(name)) as (address, bot, ready):
        print(f"start-up to ready: {ready:.2f} s")
        time.sleep(3)
        print(f"memory when idle: {_resident_mb(bot.pid):.0f} MB")
        delays = sorted(_delays_s(address, Path(name)))
        if delays:
            p99 = delays[min(len(delays) - 1, int(len(delays) * 0.99))]
            print(
                f"file to alert: p50 {statistics.median(delays):.2f} s, p99 {p99:.2f} s "
                f"({len(delays)} of {DELAYS} files, one after another)"
            )


if __name__ == "__main__":
    main()
