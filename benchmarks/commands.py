"""Commands over a store of 100,000 articles: each by itself, then fifty a second on Slack and Discord amid arrivals."""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.archive import fill
from benchmarks.crowd import TOPICS, crowded
from benchmarks.machine import progress, spread
from bot.config import read_settings
from bot.core import open_core
from handlers.commands.dispatch import Commands
from handlers.commands.request import Person, Request
from storage.records import Platform
from tests.support.discord_guild import GUILD_ID

ARTICLES: Final = int(os.environ.get("BENCH_ARTICLES", "100000"))
ROUNDS: Final = 40
"""How often each question is asked by itself."""
RATES: Final = (10, 50)
"""Commands a second, on both platforms together."""


def _questions(urls: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """What is asked, by what is told of it."""
    chance = random.Random(3)

    def topic() -> str:
        return chance.choice(TOPICS)

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
    await crowded(folder, RATES)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
