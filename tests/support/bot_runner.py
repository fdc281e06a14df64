"""The bot as a process that is started, killed and started anew: by its command, or forked from one that imported it.

Run as `python -m tests.support.bot_lives` it is the parent: it lives through one life itself, then forks one for each
line on its standard input, a Life, and answers with the process id, so that a test can kill dozens in a minute. The
line "wait" answers with the exit status of the last one. What runs in the child is `run_bot`, whole, with Settings from
the environment; it differs from the command in its lease alone.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import uvloop

from tests.support.paths import ROOT

_LIMIT_S: Final = 60
_ALONE: Final = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How one process is started."""

    folder: str
    """Its working directory, where it finds no .env; what it says goes into bot.log there."""
    environment: Mapping[str, str]
    """Its settings; no other is set."""
    lease: float
    """Seconds. The command has no such option: it takes the bot's own."""


class Lives:
    """One process at a time, and how many were killed."""

    def __init__(self, parent: "subprocess.Popen[str]") -> None:
        self._parent = parent
        self._own: asyncio.subprocess.Process | None = None
        self._pid = 0
        self.kills = 0

    async def begin(self, life: Life) -> None:
        """Forked from the parent that has the bot imported."""
        await self._bury()
        self._pid = int(await self._ask(json.dumps(asdict(life))))

    async def begin_by_command(self, life: Life) -> None:
        """`python -m bot run`, as everybody starts it."""
        await self._bury()
        with (Path(life.folder) / "bot.log").open("ab") as log:
            self._own = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                cwd=life.folder,
                env=_environment(life),
                stdout=log,
                stderr=log,
            )
        self._pid = self._own.pid

    def kill(self) -> None:
        """`kill -9`, wherever it is."""
        self._signal(signal.SIGKILL)

    async def killed(self) -> None:
        """Wait for its end, which must be ours: it may not die of anything else."""
        status = await self._ended()
        assert status == -signal.SIGKILL, f"the bot ended by itself, with {status}; see bot.log"
        self.kills += 1

    async def stop(self) -> int:
        """SIGTERM, and the exit code that follows."""
        self._signal(signal.SIGTERM)
        return await self._ended()

    async def _bury(self) -> None:
        """What a test that failed has left running."""
        if self._pid:
            self.kill()
            await self._ended()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._pid:
                os.kill(self._pid, number)

    async def _ended(self) -> int:
        if self._own is not None:
            async with asyncio.timeout(_LIMIT_S):
                status = await self._own.wait()
            self._own = None
        else:
            status = os.waitstatus_to_exitcode(int(await self._ask("wait")))
        self._pid = 0
        return status

    async def _ask(self, line: str) -> str:
        async with asyncio.timeout(_LIMIT_S):
            return await asyncio.to_thread(self._asked, line)

    def _asked(self, line: str) -> str:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()
        answer = self._parent.stdout.readline().strip()
        assert answer, "the bot's parent is gone"
        return answer


@contextmanager
def open_lives() -> Iterator[Lives]:
    """The parent, its imports done."""
    parent = subprocess.Popen(
        (sys.executable, "-m", "tests.support.bot_lives"),
        cwd=ROOT,
        env=os.environ | _ALONE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    lives = Lives(parent)
    with parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline().strip() == "ready"
            yield lives
        finally:
            lives.kill()
            parent.kill()


def _environment(life: Life) -> dict[str, str]:
    from bot.config import setting_rows

    others = {name: value for name, value in os.environ.items() if name not in {row[0] for row in setting_rows()}}
    return {**others, **_ALONE, **life.environment}


def _parent() -> None:
    _rehearse()
    gc.freeze()  # what they share is not copied by their first collection
    print("ready", flush=True)
    pid = 0
    for line in sys.stdin:
        if line.strip() == "wait":
            print(os.waitpid(pid, 0)[1], flush=True)
            pid = 0
            continue
        pid = os.fork()
        if pid == 0:
            _child(Life(**json.loads(line)))
        print(pid, flush=True)
    if pid:  # the test is gone
        os.kill(pid, signal.SIGKILL)


def _rehearse() -> None:
    """One whole life with the example documents: what a process works out once, the forked ones have from here."""
    import bot.discord.gateway
    import bot.logs
    import bot.slack.gateway  # noqa: F401
    from bot.app import Role, run_bot
    from bot.config import read_settings, setting_rows

    kept = dict(os.environ)
    for name, _, _ in setting_rows():
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(WIREWATCH_DATA_DIR=folder, PORT="0", WIREWATCH_STARTER_FEEDS="false")
        settings = read_settings()
        uvloop.run(run_bot(settings, role=Role.ALL, ready=lambda address: signal.raise_signal(signal.SIGTERM)))
    os.environ.clear()
    os.environ.update(kept)


def _child(life: Life) -> None:
    from bot.app import Role, run_bot
    from bot.config import read_settings
    from bot.logs import set_up_logs

    log = os.open(Path(life.folder) / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(life.folder)
    environment = _environment(life)
    os.environ.clear()
    os.environ.update(environment)
    code = 1
    try:
        settings = read_settings()
        set_up_logs(
            level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets, folder=settings.logs
        )
        uvloop.run(run_bot(settings, role=Role.ALL, ready=lambda address: None, lease=timedelta(seconds=life.lease)))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


if __name__ == "__main__":
    _parent()
