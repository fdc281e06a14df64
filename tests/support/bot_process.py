"""The bot as a process: `python -m bot run`, observed from outside and stopped by its process id.

The bot chooses its port itself, because another program may take a port that a test has found free.
"""

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from tests.support.paths import ROOT

T = TypeVar("T")

START_S: Final = 40
DRAIN_S: Final = 10
"""How long hosts wait after SIGTERM."""
_ADDRESS: Final = re.compile(r"Console page: (http://127\.0\.0\.1:[1-9][0-9]*)/")


@dataclass(slots=True)
class Bot:
    process: subprocess.Popen[bytes]
    said: Path
    """The file with its standard output and error."""

    @property
    def text(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")

    @property
    def address(self) -> str:
        """The address of the console page that it prints, without the final slash."""
        return wait_for("address", lambda: _ADDRESS.search(self.text) if self._alive() else None)[1]

    def wait_until_started(self) -> "Bot":
        """Wait until all parts have started and the example documents are stored."""
        wait_for("the start", lambda: self._alive() and " Started " in self.text, START_S)
        return self

    def get(self, path: str) -> Any:
        return self.ask(path)[1]

    def ask(self, path: str, *, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Return the status and the JSON of an answer."""
        request = urllib.request.Request(f"{self.address}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def alerts(self) -> list[str]:
        """Return the headlines of the alerts in the console's channels."""
        messages = self.get("/api/messages?limit=200")["messages"]
        return [message["text"] for message in messages if message["post"]["type"] == "alert"]

    def stop(self) -> int:
        """Stop it with SIGTERM and return its exit code. It must end within the time that hosts wait."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=DRAIN_S)

    def _alive(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.text}"
        return True


def wait_for(what: str, look: Callable[[], T | None], limit_s: float = 20) -> T:
    """Call `look` until it returns something true, and return that."""
    end = time.monotonic() + limit_s
    while not (found := look()):
        assert time.monotonic() < end, f"no {what} within {limit_s} s"
        time.sleep(0.25)
    return found


@contextlib.contextmanager
def started(environment: dict[str, str], *words: str, said: Path) -> Iterator[Bot]:
    """Run `python -m bot run` with these arguments, and kill it when the block ends if it still runs."""
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *words],
            cwd=ROOT,
            env=environment | {"PORT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Bot(process=process, said=said)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
