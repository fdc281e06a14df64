"""Starts `make run` as a newcomer would, waits for an alert, and stops it with SIGTERM. Nothing may be lost."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

TIMEOUT_S = 60


def get(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return json.load(answer)


def wait_for(what: str, look: Any) -> Any:
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        try:
            found = look()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            found = None
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"smoke: no {what} within {TIMEOUT_S} s")


def main() -> None:
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "WIREWATCH_DATA_DIR": folder,
            "PORT": "0",
            "WIREWATCH_STARTER_FEEDS": "false",
        }
        for name in ("DATABASE_URL", "SLACK_BOT_TOKEN", "DISCORD_TOKEN"):
            environment.pop(name, None)
        started = time.monotonic()
        output = Path(folder) / "output.txt"
        with output.open("wb") as out:
            bot = subprocess.Popen(
                ["make", "--no-print-directory", "run"], cwd=root, env=environment, stdout=out, stderr=out
            )
        try:
            address = wait_for("address", lambda: re.search(r"http://127\.0\.0\.1:[1-9]\d*", output.read_text()))[0]
            wait_for("health", lambda: get(f"{address}/healthz"))
            wait_for("readiness", lambda: get(f"{address}/readyz"))
            alerts = wait_for(
                "alert",
                lambda: [m for m in get(f"{address}/api/messages")["messages"] if m["post"]["type"] == "alert"],
            )
            print(f"smoke: first alert seen {time.monotonic() - started:.1f} s after the start")
            print(f"smoke: {alerts[0]['post']['headline']['text']!r}")
        finally:
            for pid in (child_of(bot.pid), bot.pid):
                if pid is not None and bot.poll() is None:
                    os.kill(pid, signal.SIGTERM)
                    break
            try:
                code = bot.wait(timeout=20)
            except subprocess.TimeoutExpired:
                bot.kill()
                raise SystemExit("smoke: not drained within 20 s of SIGTERM") from None
            finally:
                print(output.read_text())
        if code != 0:
            raise SystemExit(f"smoke: ended with {code}, not 0")
        ledger = json.loads(
            subprocess.run(
                [sys.executable, "-m", "bot", "ledger", "--json"],
                cwd=root,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        if not ledger["agrees"]:
            raise SystemExit(f"smoke: the ledger's sums do not agree: {ledger}")
        print(f"smoke: drained, ledger agrees: {ledger['arrivals']} arrivals")


def child_of(pid: int) -> int | None:
    """Return the id of the bot process that make started; None if make replaced itself with the bot."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                    return int(entry.name)
            except (OSError, IndexError, ValueError):
                continue
    return None


if __name__ == "__main__":
    main()
