"""Commands over a store of 100,000 articles: each by itself, then fifty a second on Slack and Discord amid arrivals."""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.archive import fill
from benchmarks.invented import Newsroom
from benchmarks.machine import ROOT, progress, spread
from bot.config import read_settings
from bot.core import open_core
from handlers.commands import Commands
from handlers.requests import Person, Request
from storage.records import Platform
from tests.support.discord_server import GUILD_ID, DiscordServer, discord_server
from tests.support.discord_server import TOKEN as DISCORD_TOKEN
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer, slack_server

ARTICLES: Final = int(os.environ.get("BENCH_ARTICLES", "100000"))
ROUNDS: Final = 40
RATE: Final = 50
"""Commands a second, on both platforms together."""
SECONDS: Final = 20
_TOPICS: Final = ("huawei", "5g", "sanctions", "zte", "tariffs", "export-controls", "entity-list")


def _questions(urls: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """What is asked, by what is told of it."""
    chance = random.Random(3)

    def topic() -> str:
        return chance.choice(_TOPICS)

    return {
        "/brief TOPIC": [("brief", topic()) for _ in range(ROUNDS)],
        "/brief TOPIC 30d": [("brief", f"{topic()} 30d") for _ in range(ROUNDS)],
        "/find WORD": [("find", topic()) for _ in range(ROUNDS)],
        "/find rare phrase": [("find", f'huawei "{chance.randint(1, ARTICLES)}" 30d') for _ in range(ROUNDS)],
        "/trend TOPIC vs TOPIC": [("trend", f"{topic()} vs {topic()} 30d") for _ in range(ROUNDS)],
        "/topics test QUERY": [("topics", f"test {topic()} AND (contract OR monday)") for _ in range(ROUNDS // 2)],
        "/why URL": [("why", url) for url in chance.sample(list(urls), ROUNDS)],
        "/subscriptions": [("subscriptions", "") for _ in range(ROUNDS)],
        "/news health": [("news", "health") for _ in range(ROUNDS)],
    }


async def _alone(commands: Commands, asked: Mapping[str, list[tuple[str, str]]]) -> None:
    """One after another: how long a person waits when nobody else does anything."""
    person = Person(external_id="1", name="Ann", may_manage=True, time_zone="Europe/Berlin")
    for name, lines in asked.items():
        times, worst_lag = [], 0.0
        for command, words in lines:
            request = Request(
                platform=Platform.DISCORD,
                workspace=str(GUILD_ID),
                workspace_name="Wire",
                channel="77",
                channel_name="intel",
                person=person,
                command=command,
                words=words,
                now=datetime.now(UTC),
            )
            watch = asyncio.create_task(_lag())
            started = time.perf_counter()
            await commands.answer(request)
            times.append(time.perf_counter() - started)
            watch.cancel()
            worst_lag = max(worst_lag, await watch)
        print(f"{name:24} {spread(times)}; the loop stood still for {worst_lag * 1000:.0f} ms at most", flush=True)


async def _lag() -> float:
    """How long the event loop did not come round, at most, until cancelled."""
    worst = 0.0
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - before - 0.001)
    except asyncio.CancelledError:
        return worst


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

    def __init__(self, slack: SlackServer, discord: DiscordServer) -> None:
        self._slack, self._discord = slack, discord
        self._acks, self._calls = _Timed(), _Timed()
        slack.acknowledged, discord.calls = self._acks, self._calls
        self._said: dict[str, float] = {}
        self._kinds: dict[str, str] = {}

    async def say(self, lines: Sequence[tuple[str, dict[str, Any]]], seconds: float) -> None:
        begin = time.perf_counter()
        for number in range(int(seconds * RATE)):
            await asyncio.sleep(max(0.0, begin + number / RATE - time.perf_counter()))
            words, data = lines[number % len(lines)]
            name, _, rest = words.partition(" ")
            if number % 2:
                key = f"slack-{number}"
                self._said[key] = time.perf_counter()
                await self._slack.send("slash_commands", self._slack.command(name, rest), key)
            else:
                started = time.perf_counter()
                await self._discord.interact(2, data)
                key = f"token-{self._discord._last}"
                self._said[key] = started
            self._kinds[key] = name

    async def settled(self, limit: float) -> None:
        """Until everything is answered, or the time is over."""
        end = time.perf_counter() + limit
        asked = sum(key.startswith("token") for key in self._said)
        while time.perf_counter() < end and len(self.answers()[1]) < asked:  # noqa: ASYNC110
            await asyncio.sleep(0.2)

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

    def answers(self) -> tuple[dict[str, list[float]], dict[str, float]]:
        """Discord's, by command and by token: there an answer says which command it is for."""
        by_token: dict[str, float] = {}
        for (method, path), at in zip(self._calls, self._calls.times, strict=True):
            if method == "PATCH" and "/webhooks/" in path:
                token = path.split("/")[-3]
                if token in self._said:
                    by_token.setdefault(token, at - self._said[token])
        by_command: dict[str, list[float]] = defaultdict(list)
        for token, seconds in by_token.items():
            by_command[self._kinds[token]].append(seconds)
        return by_command, by_token

    @property
    def said(self) -> int:
        return len(self._said)


def _crowd_lines() -> list[tuple[str, dict[str, Any]]]:
    """The words for Slack, and the same as Discord's typed options."""

    def typed(name: str, **options: str) -> dict[str, Any]:
        return {
            "id": "1",
            "name": name,
            "type": 1,
            "options": [{"name": key, "type": 3, "value": value} for key, value in options.items()],
        }

    lines = [(f"brief {topic}", typed("brief", topic=topic)) for topic in _TOPICS]
    lines += [(f"trend {topic}", typed("trend", topic=topic)) for topic in _TOPICS[:3]]
    lines += [("subscriptions", typed("subscriptions"))] * 5
    lines += [(f"find {topic} contract", typed("find", query=f"{topic} contract")) for topic in _TOPICS[:2]]
    return lines


async def _crowded(folder: Path) -> None:
    """The real process, both platforms as servers on the loopback, documents dropped in all the while."""
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
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            await asyncio.wait_for(slack.connected.wait(), 120)
            await asyncio.wait_for(discord.socket.ready.wait(), 120)
            lines = _crowd_lines()
            await _Crowd(slack, discord).say(lines, 2)  # everything once, so that nothing is cold
            await asyncio.sleep(5)
            for arriving in (False, True):
                crowd = _Crowd(slack, discord)
                dropping = asyncio.create_task(_drop(folder / "inbox")) if arriving else None
                await crowd.say(lines, SECONDS)
                if dropping is not None:
                    dropping.cancel()
                await crowd.settled(60)
                amid = f"amid arrivals ({await _arrived(folder)} files taken in)" if arriving else "alone"
                acks = crowd.acknowledgements()
                print(f"{RATE} commands a second, {amid}, {crowd.said} said:")
                print(f"  Slack acknowledged:   {spread(acks[0])}")
                print(f"  Discord acknowledged: {spread(acks[1])}")
                by_command, _ = crowd.answers()
                for name, times in sorted(by_command.items()):
                    print(f"  /{name:14} answered: {spread(times)}", flush=True)
        finally:
            bot.terminate()
            await asyncio.wait_for(bot.wait(), 30)


async def _drop(inbox: Path) -> None:
    """Ten files a second."""
    number, news = 0, Newsroom(77)
    while True:
        number += 1
        aside = inbox / f".late{number}.txt"
        aside.write_text(news.event(hits=number % 3).text, encoding="utf-8")
        aside.rename(inbox / f"late{number}.txt")
        await asyncio.sleep(0.1)


async def _arrived(folder: Path) -> int:
    return len(list((folder / "inbox" / "done").iterdir()))


async def _measure(folder: Path) -> None:
    settings, now = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None), datetime.now(UTC)
    started = time.perf_counter()
    async with open_core(settings) as core:
        async with core.store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "Wire", now=now)
            channel = await tx.channels.ensure(home.id, "77", "intel", now=now)
        urls = await fill(core.store, channel, articles=ARTICLES, now=now)
        progress(f"a store of {ARTICLES:,} articles in {time.perf_counter() - started:.0f} s")
        await _alone(core.commands, _questions(urls))
    await _crowded(folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
