"""What the benchmarks of the whole bot share: a running bot, figures of its process, and how figures are printed."""

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
    """Seconds from the start of the process until /readyz reports that it is ready."""

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
            return json.load(answer)

    @property
    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


@contextmanager
def running(folder: Path, *, log_level: str = "WARNING") -> Iterator[Running]:
    """Run `python -m bot run` on this data folder, without new feeds, examples and platforms; stop it with SIGTERM.

    It may fetch from this machine.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    removed = ("DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN")
    environment = {name: value for name, value in os.environ.items() if name not in removed} | {
        "WIREWATCH_DATA_DIR": str(folder),
        "PORT": str(port),
        "WIREWATCH_STARTER_FEEDS": "false",
        "WIREWATCH_EXAMPLES": "false",
        "WIREWATCH_ALLOW_PRIVATE_FETCH": "true",
        "WIREWATCH_LOG_LEVEL": log_level,
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
    """Return the smallest of the times that is not exceeded by this share of them (0 to 1)."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * share // 1) - 1))]


def spread(times_s: Sequence[float]) -> str:
    """Return "p50 12 ms, p99 40 ms, worst 41 ms (n=100)"."""
    if not times_s:
        return "no figure"
    p50, p99 = statistics.median(times_s), percentile(times_s, 0.99)
    return f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, worst {max(times_s) * 1000:.0f} ms (n={len(times_s)})"


def progress(text: str) -> None:
    """Print what is being done to standard error, because standard output has the figures."""
    print(f"   ... {text}", file=sys.stderr, flush=True)


def processor_s(pid: int) -> float:
    """Return the seconds of processor time that a process and its threads have used so far (proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
