"""A crowd that asks the real bot on Slack and Discord at once: when each command is acknowledged and answered."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from benchmarks.invented import Newsroom
from benchmarks.machine import ROOT, START_S, processor_s, progress, spread
from tests.support.discord_guild import member
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer, slack_server

SECONDS: Final = 20
PEOPLE: Final = 40
TOPICS: Final = ("huawei", "5g", "sanctions", "zte", "tariffs", "export-controls", "entity-list")
_SETTLE_S: Final = 60
"""For what is not answered when the crowd has gone."""


class _Timed(list[Any]):
    """What a server was told, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def append(self, one: Any) -> None:
        self.times.append(time.perf_counter())
        super().append(one)


class _Crowd:
    """Says commands on both platforms at an even rate, and sees when each is acknowledged and answered."""

    def __init__(self, slack: SlackServer, discord: DiscordServer, rate: int) -> None:
        self._slack, self._discord, self._rate = slack, discord, rate
        self._acks, self._calls, self._shown, self._said_back = _Timed(), _Timed(), _Timed(), _Timed()
        slack.acknowledged, slack.views, slack.responses = self._acks, self._shown, self._said_back
        discord.calls = self._calls
        self._said: dict[str, float] = {}
        self._kinds: dict[str, str] = {}
        self.late_s = 0.0
        """How far the crowd itself fell behind its rate, at most."""

    async def say(self, lines: Sequence[tuple[str, dict[str, Any]]], seconds: float) -> None:
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
                self._said[key] = time.perf_counter()
                payload = self._slack.command(name, rest, user_id=f"U{who}", user_name=f"p{who}")
                await self._slack.send("slash_commands", payload, key)
            else:
                started = time.perf_counter()
                await self._discord.interact(2, data, member=member(f"5{who}"))
                key = f"token-{self._discord.last_id}"
                self._said[key] = started
            self._kinds[key] = name

    async def settled(self) -> bool:
        """Until everything is answered, or the time is over, which is False."""
        end = time.perf_counter() + _SETTLE_S
        while self.unanswered:
            if time.perf_counter() > end:
                return False
            await asyncio.sleep(0.2)
        return True

    @property
    def unanswered(self) -> int:
        on_slack = sum(key.startswith("slack") for key in self._said)
        slack = on_slack - len(self._shown) - len(self._said_back)
        return len(self._said) - on_slack - len(self._answered()) + max(slack, 0)

    def refusals(self) -> int:
        """Answers on Slack that say that something went wrong on our side."""
        return sum("went wrong" in str(said.get("text")) for said in self._said_back)

    def acknowledgements(self) -> tuple[list[float], list[float]]:
        """Slack's and Discord's, in seconds after the command was said."""
        slack = [
            at - self._said[ack["envelope_id"]]
            for ack, at in zip(self._acks, self._acks.times, strict=True)
            if ack.get("envelope_id") in self._said
        ]
        discord = []
        for (method, path), at in zip(self._calls, self._calls.times, strict=True):
            if method == "POST" and path.endswith("/callback"):
                token = path.split("/")[-2]
                if token in self._said:
                    discord.append(at - self._said[token])
        return slack, discord

    def answers(self) -> dict[str, list[float]]:
        """Discord's, by command: there an answer says which command it is for."""
        by_command: dict[str, list[float]] = defaultdict(list)
        for token, seconds in self._answered().items():
            by_command[self._kinds[token]].append(seconds)
        return by_command

    def _answered(self) -> dict[str, float]:
        by_token: dict[str, float] = {}
        for (method, path), at in zip(self._calls, self._calls.times, strict=True):
            if method == "PATCH" and "/webhooks/" in path:
                token = path.split("/")[-3]
                if token in self._said:
                    by_token.setdefault(token, at - self._said[token])
        return by_token

    @property
    def said(self) -> int:
        return len(self._said)


def _lines() -> list[tuple[str, dict[str, Any]]]:
    """The words for Slack, and the same as Discord's typed options."""

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


async def crowded(folder: Path, rates: Sequence[int], *, seconds: float = SECONDS) -> None:
    """The real process, both platforms as servers on the loopback: at each rate, first alone, then amid arrivals."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(slack_server())
        discord = await stack.enter_async_context(discord_server())
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
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stack.enter_context((folder / "bot.log").open("w")),
        )
        try:
            await _connected(bot, slack, discord, folder / "bot.log")
            progress(f"the bot runs as process {bot.pid}")
            # Everything once, so that nothing is cold; the first arrival reads the stories of the last days.
            await _first_arrival(folder)
            warm = _Crowd(slack, discord, 10)
            await warm.say(_lines(), 4)
            await warm.settled()
            for arriving in (False, True):
                for rate in rates:
                    await _round(_Crowd(slack, discord, rate), bot.pid, seconds, folder if arriving else None)
        finally:
            with suppress(ProcessLookupError):
                bot.terminate()
            try:
                await asyncio.wait_for(bot.wait(), 30)
            except TimeoutError:
                progress("the bot did not end when it was told to")
                bot.kill()


async def _connected(bot: Process, slack: SlackServer, discord: DiscordServer, log: Path) -> None:
    """Wait until the bot is on both platforms; where it ends, or takes too long, so does this."""
    here = asyncio.create_task(_both(slack, discord))
    ended = asyncio.create_task(bot.wait())
    await asyncio.wait([here, ended], timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not here.done():
        here.cancel()
        sys.exit(f"The bot did not come:\n{await asyncio.to_thread(log.read_text, 'utf-8')}")


async def _both(slack: SlackServer, discord: DiscordServer) -> int:
    await slack.connected.wait()
    await discord.socket.ready.wait()
    return 0


async def _round(crowd: _Crowd, pid: int, seconds: float, arrivals: Path | None) -> None:
    """One crowd: figures of it, and of the processor that the bot and the crowd with its two servers took."""
    bot_s, own_s, begun = processor_s(pid), time.process_time(), time.perf_counter()
    dropping = asyncio.create_task(_drop(arrivals / "inbox")) if arrivals is not None else None
    before = 0 if arrivals is None else _arrived(arrivals)
    await crowd.say(_lines(), seconds)
    took = time.perf_counter() - begun
    part = (processor_s(pid) - bot_s) / took, (time.process_time() - own_s) / took
    if dropping is not None:
        dropping.cancel()
    came = "alone" if arrivals is None else f"amid arrivals ({_arrived(arrivals) - before} files taken in)"
    whole = await crowd.settled()
    bot_s = processor_s(pid) - bot_s
    if arrivals is not None:
        await asyncio.to_thread(_clear, arrivals / "inbox")
    slack, discord = crowd.acknowledgements()
    print(f"{crowd.said / seconds:.0f} commands a second, {came}, {crowd.said} said:")
    print(f"  Slack acknowledged:   {spread(slack)}")
    print(f"  Discord acknowledged: {spread(discord)}")
    for name, times in sorted(crowd.answers().items()):
        print(f"  /{name:14} answered: {spread(times)}")
    print(
        f"  processor: the bot {part[0]:.0%} of a core, the crowd and its servers {part[1]:.0%}, of {os.cpu_count()} "
        f"cores; {bot_s / crowd.said * 1000:.1f} ms of the bot a command{'' if arrivals is None else ' and arrivals'}"
    )
    if crowd.late_s > 0.1:
        print(f"  the crowd itself was late by up to {crowd.late_s:.1f} s: this machine has no processor left for it")
    if not whole or crowd.refusals():
        print(
            f"  {crowd.unanswered} were not answered within {_SETTLE_S} s, {crowd.refusals()} told that it went wrong"
        )
    sys.stdout.flush()


async def _drop(inbox: Path) -> None:
    """Ten files a second."""
    news = Newsroom(time.time_ns())
    for number in count(time.time_ns()):
        aside = inbox / f".late{number}.txt"
        aside.write_text(news.event(hits=number % 3).text, encoding="utf-8")
        aside.rename(inbox / f"late{number}.txt")
        await asyncio.sleep(0.1)


def _clear(inbox: Path) -> None:
    """What was not taken in is not of the next round."""
    for path in inbox.glob("*late*.txt"):
        path.unlink(missing_ok=True)


async def _first_arrival(folder: Path) -> None:
    (folder / "inbox" / "first.txt").write_text(Newsroom(time.time_ns()).event().text, encoding="utf-8")
    begun, before = time.perf_counter(), _arrived(folder)
    while _arrived(folder) == before and time.perf_counter() - begun < START_S:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    progress(f"the first arrival took {time.perf_counter() - begun:.0f} s")


def _arrived(folder: Path) -> int:
    done = folder / "inbox" / "done"
    return len(list(done.iterdir())) if done.exists() else 0
