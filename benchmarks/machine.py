"""What the benchmarks of the whole bot share: a running bot, figures of a process, and how figures are said."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
START_S: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    address: str
    pid: int
    ready_s: float
    """From the start of the process until /readyz says so."""

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
            return json.load(answer)

    @property
    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """`python -m bot run` on this data folder, alone: no feeds, no examples, no platform; stopped by SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    away = ("DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN")
    environment = {name: value for name, value in os.environ.items() if name not in away} | {
        "WIREWATCH_DATA_DIR": str(folder),
        "PORT": str(port),
        "WIREWATCH_STARTER_FEEDS": "false",
        "WIREWATCH_EXAMPLES": "false",
        "WIREWATCH_LOG_LEVEL": "WARNING",
    }
    started = time.perf_counter()
    bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(address, started)
        yield Running(address=address, pid=bot.pid, ready_s=time.perf_counter() - started)
    finally:
        bot.send_signal(signal.SIGTERM)
        bot.wait(timeout=20)


def _wait_until_ready(address: str, started: float) -> None:
    while time.perf_counter() - started < START_S:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise SystemExit(f"the bot was not ready within {START_S} s")


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest time that this share of them does not pass."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * share // 1) - 1))]


def spread(times_s: Sequence[float]) -> str:
    """ "p50 12 ms, p99 40 ms, worst 41 ms (n=100)"."""
    if not times_s:
        return "no figure"
    p50, p99 = statistics.median(times_s), percentile(times_s, 0.99)
    return f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, worst {max(times_s) * 1000:.0f} ms (n={len(times_s)})"


def progress(said: str) -> None:
    """What is under way, on standard error: standard output holds the figures."""
    print(f"   ... {said}", file=sys.stderr, flush=True)


def processor_s(pid: int) -> float:
    """Seconds of processor that a process and its threads have taken so far: proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
