"""Many people who send commands to the bot on Slack and Discord at once: times of acknowledgements and answers."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from benchmarks.invented import NewsGenerator
from benchmarks.machine import ROOT, START_S, processor_s, progress, spread
from tests.support.discord_guild import member
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer, slack_server

SECONDS: Final = 20
PEOPLE: Final = 40
TOPICS: Final = ("huawei", "5g", "sanctions", "zte", "tariffs", "export-controls", "entity-list")
_SETTLE_S: Final = 60
"""How long to wait for answers after the last command was sent."""


class _TimedList(list[Any]):
    """A list that records when each item is appended, in seconds of `time.perf_counter`."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, item: Any) -> None:
        self.times.append(time.perf_counter())
        super().append(item)


class _Crowd:
    """Sends commands on both platforms at an even rate, and records when each is acknowledged and answered."""

    def __init__(self, slack: SlackServer, discord: DiscordServer, rate: int) -> None:
        self._slack, self._discord, self._rate = slack, discord, rate
        self._acks, self._calls, self._views, self._responses = (_TimedList() for _ in range(4))
        slack.acknowledged, slack.views, slack.responses = self._acks, self._views, self._responses
        discord.calls = self._calls
        self._sent_at: dict[str, float] = {}
        self._names: dict[str, str] = {}
        self.late_s = 0.0
        """How far the sending fell behind its rate, at most."""

    async def send(self, lines: Sequence[tuple[str, dict[str, Any]]], seconds: float) -> None:
        """Send these commands in turn for that time. Each has its words for Slack and its data for Discord."""
        begin = time.perf_counter()
        for number in range(int(seconds * self._rate)):
            wait = begin + number / self._rate - time.perf_counter()
            self.late_s = max(self.late_s, -wait)
            await asyncio.sleep(max(0.0, wait))
            words, data = lines[number // 2 % len(lines)]
            name, _, rest = words.partition(" ")
            who = str(number % PEOPLE)
            if number % 2:
                key = f"slack-{number}"
                self._sent_at[key] = time.perf_counter()
                payload = self._slack.command(name, rest, user_id=f"U{who}", user_name=f"p{who}")
                await self._slack.send("slash_commands", payload, key)
            else:
                started = time.perf_counter()
                await self._discord.interact(2, data, member=member(f"5{who}"))
                key = f"token-{self._discord.last_id}"
                self._sent_at[key] = started
            self._names[key] = name

    async def settled(self) -> bool:
        """Wait until everything is answered. Return False if that takes more than a minute."""
        end = time.perf_counter() + _SETTLE_S
        while self.unanswered:
            if time.perf_counter() > end:
                return False
            await asyncio.sleep(0.2)
        return True

    @property
    def unanswered(self) -> int:
        on_slack = sum(key.startswith("slack") for key in self._sent_at)
        slack = on_slack - len(self._views) - len(self._responses)
        return len(self._sent_at) - on_slack - len(self._answered()) + max(slack, 0)

    def failures(self) -> int:
        """Return the number of answers on Slack that report an internal error."""
        return sum("went wrong" in str(response.get("text")) for response in self._responses)

    def acknowledgements(self) -> tuple[list[float], list[float]]:
        """Return the delays of Slack's and of Discord's acknowledgements, in seconds after the command was sent."""
        slack = [
            at - self._sent_at[ack["envelope_id"]]
            for ack, at in zip(self._acks, self._acks.times, strict=True)
            if ack.get("envelope_id") in self._sent_at
        ]
        discord = []
        for (method, path), at in zip(self._calls, self._calls.times, strict=True):
            if method == "POST" and path.endswith("/callback"):
                token = path.split("/")[-2]
                if token in self._sent_at:
                    discord.append(at - self._sent_at[token])
        return slack, discord

    def answers(self) -> dict[str, list[float]]:
        """Return the delays of Discord's answers by command. Slack's do not show which command they answer."""
        by_command: dict[str, list[float]] = defaultdict(list)
        for token, seconds in self._answered().items():
            by_command[self._names[token]].append(seconds)
        return by_command

    def _answered(self) -> dict[str, float]:
        by_token: dict[str, float] = {}
        for (method, path), at in zip(self._calls, self._calls.times, strict=True):
            if method == "PATCH" and "/webhooks/" in path:
                token = path.split("/")[-3]
                if token in self._sent_at:
                    by_token.setdefault(token, at - self._sent_at[token])
        return by_token

    @property
    def sent(self) -> int:
        """The number of commands that were sent."""
        return len(self._sent_at)


def _lines() -> list[tuple[str, dict[str, Any]]]:
    """Return commands, each as words for Slack and as data with typed options for Discord."""

    def typed(name: str, **options: str) -> dict[str, Any]:
        return {
            "id": "1",
            "name": name,
            "type": 1,
            "options": [{"name": key, "type": 3, "value": value} for key, value in options.items()],
        }

    lines = [(f"brief {topic}", typed("brief", topic=topic)) for topic in TOPICS]
    lines += [(f"trend {topic}", typed("trend", topic=topic)) for topic in TOPICS[:3]]
    lines += [("subscriptions", typed("subscriptions"))] * 5
    lines += [(f"find {topic} contract", typed("find", query=f"{topic} contract")) for topic in TOPICS[:2]]
    return lines


async def measure_crowd(folder: Path, rates: Sequence[int], *, seconds: float = SECONDS) -> None:
    """Run the bot on fake platforms, and print figures at each rate: first without arrivals, then with them."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(slack_server())
        discord = await stack.enter_async_context(discord_server())
        bot = await stack.enter_async_context(start_bot(folder, slack, discord))
        await connected(bot, slack, discord, folder / "bot.log")
        progress(f"the bot runs as process {bot.pid}")
        # Warm up: the first arrival reads the stories of the last three days, the first commands fill caches.
        await _first_arrival(folder)
        warm_up = _Crowd(slack, discord, 10)
        await warm_up.send(_lines(), 4)
        await warm_up.settled()
        for with_arrivals in (False, True):
            for rate in rates:
                await _measure(_Crowd(slack, discord, rate), bot.pid, seconds, folder if with_arrivals else None)


@asynccontextmanager
async def start_bot(folder: Path, slack: SlackServer, discord: DiscordServer) -> AsyncIterator[Process]:
    """Run the bot on these servers with its data in the folder; stop it with SIGTERM at the end."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "WIREWATCH_DATA_DIR": str(folder),
        "PORT": "0",
        "WIREWATCH_STARTER_FEEDS": "false",
        "WIREWATCH_EXAMPLES": "false",
        "WIREWATCH_LOG_LEVEL": "ERROR",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "DISCORD_API_URL": discord.api_url,
    }
    with (folder / "bot.log").open("w") as log:
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )
        try:
            yield bot
        finally:
            with suppress(ProcessLookupError):
                bot.terminate()
            try:
                await asyncio.wait_for(bot.wait(), 30)
            except TimeoutError:
                progress("the bot did not stop within 30 s of SIGTERM")
                bot.kill()


async def connected(bot: Process, slack: SlackServer, discord: DiscordServer, log: Path) -> None:
    """Wait until the bot is connected to both platforms. Exit if it ends or takes too long."""
    connected = asyncio.create_task(_both(slack, discord))
    ended = asyncio.create_task(bot.wait())
    await asyncio.wait([connected, ended], timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not connected.done():
        connected.cancel()
        sys.exit(f"The bot did not connect:\n{await asyncio.to_thread(log.read_text, 'utf-8')}")


async def _both(slack: SlackServer, discord: DiscordServer) -> int:
    await slack.connected.wait()
    await discord.socket.ready.wait()
    return 0


async def _measure(crowd: _Crowd, pid: int, seconds: float, folder: Path | None) -> None:
    """Send commands and print the figures. With the bot's data folder, documents arrive in its inbox meanwhile."""
    bot_s, own_s, begun = processor_s(pid), time.process_time(), time.perf_counter()
    arriving = asyncio.create_task(_drop_files(folder / "inbox")) if folder is not None else None
    before = 0 if folder is None else _count_ingested(folder)
    await crowd.send(_lines(), seconds)
    took = time.perf_counter() - begun
    shares = (processor_s(pid) - bot_s) / took, (time.process_time() - own_s) / took
    if arriving is not None:
        arriving.cancel()
    arrivals = "" if folder is None else f" and {_count_ingested(folder) - before} documents"
    all_answered = await crowd.settled()
    bot_s = processor_s(pid) - bot_s
    if folder is not None:
        await asyncio.to_thread(_clear, folder / "inbox")
    slack, discord = crowd.acknowledgements()
    print(f"{crowd.sent / seconds:.0f} commands per second, {crowd.sent} commands{arrivals}:")
    print(f"  Slack acknowledged:   {spread(slack)}")
    print(f"  Discord acknowledged: {spread(discord)}")
    for name, times in sorted(crowd.answers().items()):
        print(f"  /{name:14} answered: {spread(times)}")
    print(
        f"  processor: the bot {shares[0]:.0%} of a core, this benchmark with its two servers {shares[1]:.0%}, of "
        f"{os.cpu_count()} cores; the bot used {bot_s / crowd.sent * 1000:.1f} ms per command"
    )
    if crowd.late_s > 0.1:
        print(
            f"  commands were sent up to {crowd.late_s:.1f} s late, because this machine is too slow for the benchmark"
        )
    if not all_answered or crowd.failures():
        print(f"  {crowd.unanswered} not answered within {_SETTLE_S} s, {crowd.failures()} answered with an error")
    sys.stdout.flush()


async def _drop_files(inbox: Path) -> None:
    """Put ten files per second into the inbox until cancelled."""
    news = NewsGenerator(time.time_ns())
    for number in count(time.time_ns()):
        hidden = inbox / f".late{number}.txt"
        hidden.write_text(news.article(topic_sentences=number % 3).text, encoding="utf-8")
        hidden.rename(inbox / f"late{number}.txt")
        await asyncio.sleep(0.1)


def _clear(inbox: Path) -> None:
    """Remove files that were not ingested, so that they do not count in the next measurement."""
    for path in inbox.glob("*late*.txt"):
        path.unlink(missing_ok=True)


async def _first_arrival(folder: Path) -> None:
    (folder / "inbox").mkdir(exist_ok=True)  # the bot may not have come so far
    (folder / "inbox" / "first.txt").write_text(NewsGenerator(time.time_ns()).article().text, encoding="utf-8")
    begun, before = time.perf_counter(), _count_ingested(folder)
    while _count_ingested(folder) == before and time.perf_counter() - begun < START_S:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    progress(f"the first arrival took {time.perf_counter() - begun:.0f} s")


def _count_ingested(folder: Path) -> int:
    done = folder / "inbox" / "done"
    return len(list(done.iterdir())) if done.exists() else 0
