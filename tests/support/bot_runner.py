"""Starts and kills the bot many times: by its command, or forked from a process that has imported it.

Run as `python -m tests.support.bot_runner`, this is that process. It runs the bot once itself, and then forks a child
for each BotSetup on its standard input, and answers with the process id, so that a test can kill dozens of bots in a
minute. It answers the line "wait" with the exit status of the last child. The child runs all of `run_bot` with Settings
from the environment; only the lease differs from the command.
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
class BotSetup:
    """How a bot is started."""

    folder: str
    """The working directory, without a .env file. The output is appended to bot.log there."""
    environment: Mapping[str, str]
    """The settings. No others are set."""
    lease: float
    """Seconds. The command has no such option, so it uses the default."""


class BotRunner:
    """Runs one bot at a time, and counts how many were killed."""

    def __init__(self, parent: "subprocess.Popen[str]") -> None:
        self._parent = parent
        self._by_command: asyncio.subprocess.Process | None = None
        self._pid = 0
        self.kills = 0

    async def start(self, setup: BotSetup) -> None:
        """Fork a bot from the process that has imported it."""
        await self._kill_leftover()
        self._pid = int(await self._ask(json.dumps(asdict(setup))))

    async def start_by_command(self, setup: BotSetup) -> None:
        """Start a bot as people do: `python -m bot run`."""
        await self._kill_leftover()
        with (Path(setup.folder) / "bot.log").open("ab") as log:
            self._by_command = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                cwd=setup.folder,
                env=_environment(setup),
                stdout=log,
                stderr=log,
            )
        self._pid = self._by_command.pid

    def kill(self) -> None:
        """Kill the bot with SIGKILL, whatever it is doing."""
        self._signal(signal.SIGKILL)

    async def wait_killed(self) -> None:
        """Wait until the bot has ended. It must have ended because of SIGKILL."""
        status = await self._exit_status()
        assert status == -signal.SIGKILL, f"the bot ended by itself, with {status}; see bot.log"
        self.kills += 1

    async def stop(self) -> int:
        """Stop the bot with SIGTERM, and return its exit status."""
        self._signal(signal.SIGTERM)
        return await self._exit_status()

    async def _kill_leftover(self) -> None:
        """Kill the bot that a failed test has left running."""
        if self._pid:
            self.kill()
            await self._exit_status()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._pid:
                os.kill(self._pid, number)

    async def _exit_status(self) -> int:
        if self._by_command is not None:
            async with asyncio.timeout(_LIMIT_S):
                status = await self._by_command.wait()
            self._by_command = None
        else:
            status = os.waitstatus_to_exitcode(int(await self._ask("wait")))
        self._pid = 0
        return status

    async def _ask(self, line: str) -> str:
        async with asyncio.timeout(_LIMIT_S):
            return await asyncio.to_thread(self._ask_now, line)

    def _ask_now(self, line: str) -> str:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()
        answer = self._parent.stdout.readline().strip()
        assert answer, "the parent process has ended"
        return answer


@contextmanager
def open_bot_runner() -> Iterator[BotRunner]:
    """Start the process that forks bots, and wait until it has imported the bot."""
    parent = subprocess.Popen(
        (sys.executable, "-m", "tests.support.bot_runner"),
        cwd=ROOT,
        env=os.environ | _ALONE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    runner = BotRunner(parent)
    with parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline().strip() == "ready"
            yield runner
        finally:
            runner.kill()
            parent.kill()


def _environment(setup: BotSetup) -> dict[str, str]:
    from bot.config import setting_rows

    others = {name: value for name, value in os.environ.items() if name not in {row[0] for row in setting_rows()}}
    return {**others, **_ALONE, **setup.environment}


def _parent() -> None:
    _warm_up()
    gc.freeze()  # so that a collection in a child does not copy the shared memory
    print("ready", flush=True)
    pid = 0
    for line in sys.stdin:
        if line.strip() == "wait":
            print(os.waitpid(pid, 0)[1], flush=True)
            pid = 0
            continue
        pid = os.fork()
        if pid == 0:
            _child(BotSetup(**json.loads(line)))
        print(pid, flush=True)
    if pid:  # the test has ended
        os.kill(pid, signal.SIGKILL)


def _warm_up() -> None:
    """Run the bot once with the example documents, so that forked bots inherit what a process computes only once."""
    import bot.discord.gateway
    import bot.logs
    import bot.slack.gateway  # noqa: F401
    from bot.app import Role, run_bot
    from bot.config import read_settings, setting_rows

    environment = dict(os.environ)
    for name, _, _ in setting_rows():
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(WIREWATCH_DATA_DIR=folder, PORT="0", WIREWATCH_STARTER_FEEDS="false")
        settings = read_settings()
        uvloop.run(run_bot(settings, role=Role.ALL, ready=lambda address: signal.raise_signal(signal.SIGTERM)))
    os.environ.clear()
    os.environ.update(environment)


def _child(setup: BotSetup) -> None:
    from bot.app import Role, run_bot
    from bot.config import read_settings
    from bot.logs import set_up_logs

    log = os.open(Path(setup.folder) / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(setup.folder)
    environment = _environment(setup)
    os.environ.clear()
    os.environ.update(environment)
    code = 1
    try:
        settings = read_settings()
        set_up_logs(
            level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets, folder=settings.logs
        )
        uvloop.run(run_bot(settings, role=Role.ALL, ready=lambda address: None, lease=timedelta(seconds=setup.lease)))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


if __name__ == "__main__":
    _parent()
