"""Sends the bot sixteen large requests at once that Slack did not sign, and measures how fast /healthz answers."""

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.machine import ROOT, START_S, Running, processor_s, progress, spread
from tests.support.slack_server import BOT_TOKEN, SIGNING_SECRET, slack_server
from tests.support.slack_signing import signed

AT_ONCE: Final = 16
BODY: Final = b"text=" + b"x" * 1_900_000
ROUNDS: Final = 50
_EVERY_S: Final = 0.005


def _headers() -> Mapping[str, Mapping[str, str]]:
    """Return request headers, by what is wrong with them. Only with a wrong signature does the bot read the body."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return {
        "without a signature": form,
        "signed an hour ago": form | signed(BODY, age_s=3600),
        "with a wrong signature": form | signed(BODY, secret="another-secret"),
    }


def _send(address: str, headers: Mapping[str, str], done: Connection) -> None:
    """Send the requests, and put the number of responses by status into `done`.

    Runs in a process of its own, so that sending does not delay the measured requests.
    """

    async def rounds() -> Counter[int]:
        statuses: Counter[int] = Counter()

        async def send_request() -> None:
            async with session.post(f"{address}/slack/events", data=BODY, headers=headers) as answer:
                await answer.read()
                statuses[answer.status] += 1

        async with aiohttp.ClientSession() as session:
            for _ in range(ROUNDS):
                await asyncio.gather(*(send_request() for _ in range(AT_ONCE)))
        return statuses

    done.send(asyncio.run(rounds()))


async def _measure_undisturbed(bot: Running) -> None:
    """Print how fast /healthz answers without other requests. Other programs on this machine delay it too."""
    times = []
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            times.append(await _ask(bot, session))
    print(f"without other requests: /healthz {spread(times)}")


async def _ask(bot: Running, session: aiohttp.ClientSession) -> float:
    """Return how long /healthz takes, in seconds."""
    await asyncio.sleep(_EVERY_S)
    started = time.perf_counter()
    async with session.get(f"{bot.address}/healthz") as answer:
        await answer.read()
    return time.perf_counter() - started


async def _measure(bot: Running, name: str, headers: Mapping[str, str]) -> None:
    receiving, sending = multiprocessing.Pipe(duplex=False)
    sender = multiprocessing.get_context("spawn").Process(target=_send, args=(bot.address, headers, sending))
    sender.start()
    times: list[float] = []
    peak, bot_s = bot.resident_mb, processor_s(bot.pid)
    async with aiohttp.ClientSession() as session:
        while not receiving.poll():
            if not sender.is_alive() and not receiving.poll():
                sys.exit("The sender ended without a result.")
            times.append(await _ask(bot, session))
            peak = max(peak, bot.resident_mb)
    sender.join()
    bot_ms = (processor_s(bot.pid) - bot_s) / (AT_ONCE * ROUNDS) * 1000
    print(f"{name}: answers {dict(receiving.recv())}; /healthz {spread(times)}")
    print(f"  {bot_ms:.1f} ms of processor time per request, including /healthz; at most {peak:.0f} MB resident memory")


async def _run(folder: Path) -> None:
    async with slack_server() as slack:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "WIREWATCH_DATA_DIR": str(folder),
            "PORT": "0",
            "WIREWATCH_STARTER_FEEDS": "false",
            "WIREWATCH_EXAMPLES": "false",
            "WIREWATCH_LOG_LEVEL": "DEBUG",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
        }
        log = folder / "bot.log"
        with log.open("w") as out:
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            started = time.perf_counter()
            address = await _address(log)
            running = Running(address=address, pid=bot.pid, ready_s=time.perf_counter() - started)
            await asyncio.sleep(5)  # until the work after the start has ended
            await _measure_undisturbed(running)
            for name, headers in _headers().items():
                await _measure(running, name, headers)
            print(f"{log.stat().st_size / 1000:.0f} kB of log at level DEBUG")
        finally:
            with suppress(ProcessLookupError):
                bot.terminate()
            await bot.wait()


async def _address(log: Path) -> str:
    for _ in range(START_S * 10):
        text = await asyncio.to_thread(log.read_text, "utf-8")
        if "Console page: " in text:
            return text.partition("Console page: ")[2].split()[0].rstrip("/")
        await asyncio.sleep(0.1)
    sys.exit(f"The bot did not start within {START_S} s.")


def main() -> None:
    progress(f"{AT_ONCE} requests of {len(BODY) / 1e6:.1f} MB at once, {ROUNDS} times each")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(Path(folder)))


if __name__ == "__main__":
    main()
