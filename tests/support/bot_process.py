"""The real process: `python -m bot run` on a free port, watched from outside and ended by its own id."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

ROOT: Final = Path(__file__).resolve().parents[2]
START_S: Final = 40
DRAIN_S: Final = 10
"""What hosts give after SIGTERM."""


@dataclass(slots=True)
class Bot:
    process: subprocess.Popen[bytes]
    port: int
    said: Path
    """What it wrote to its standard output and error."""

    @property
    def text(self) -> str:
        return self.said.read_text(encoding="utf-8", errors="replace")

    def wait_until_started(self) -> "Bot":
        """Every part opened, the example documents taken in."""
        wait_for("the start", lambda: self._alive() and " Started " in self.text, START_S)
        return self

    def get(self, path: str) -> Any:
        return self.ask(path)[1]

    def ask(self, path: str, *, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def alerts(self) -> list[str]:
        """The headlines of the alerts that stand in the console's channels."""
        messages = self.get("/api/messages?limit=200")["messages"]
        return [message["text"] for message in messages if message["post"]["type"] == "alert"]

    def stop(self) -> int:
        """SIGTERM; its exit code, within the time that hosts give."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=DRAIN_S)

    def _alive(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.text}"
        return True


def wait_for(what: str, look: Callable[[], T], limit_s: float = 20) -> T:
    """What it looks for, as soon as it is there."""
    end = time.monotonic() + limit_s
    while not (found := look()):
        assert time.monotonic() < end, f"no {what} within {limit_s} s"
        time.sleep(0.25)
    return found


@contextlib.contextmanager
def started(environment: dict[str, str], *words: str, said: Path) -> Iterator[Bot]:
    """`python -m bot run` with these words; killed at the end where it still runs."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(environment.get("PORT") or free.getsockname()[1])
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *words],
            cwd=ROOT,
            env=environment | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Bot(process=process, port=port, said=said)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
