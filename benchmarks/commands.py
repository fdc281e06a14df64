"""Measures commands over 100,000 articles: one by one, then up to fifty per second on Slack and Discord."""

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
from benchmarks.crowd import TOPICS, measure_crowd
from benchmarks.machine import progress, spread
from bot.config import read_settings
from bot.core import open_core
from handlers.commands.dispatch import Commands
from handlers.commands.request import Person, Request
from storage.records import Platform
from tests.support.discord_guild import GUILD_ID

ARTICLES: Final = int(os.environ.get("BENCH_ARTICLES", "100000"))
ROUNDS: Final = 40
"""How often each command is measured by itself."""
RATES: Final = (10, 50)
"""Commands per second, on both platforms together."""


def commands_to_measure(urls: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return (command, words) of each call, by the label under which its times are printed."""
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


async def measure_one_by_one(commands: Commands, calls: Mapping[str, list[tuple[str, str]]]) -> None:
    """Print how long a person waits for an answer while nobody else uses the bot."""
    person = Person(external_id="1", name="Ann", may_manage=True, time_zone="Europe/Berlin")
    for name, lines in calls.items():
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
            watcher = asyncio.create_task(longest_block())
            started = time.perf_counter()
            await commands.answer(request)
            times.append(time.perf_counter() - started)
            watcher.cancel()
            worst_lag = max(worst_lag, await watcher)
        print(f"{name:24} {spread(times)}; event loop blocked for at most {worst_lag * 1000:.0f} ms", flush=True)


async def longest_block() -> float:
    """Return the longest time in seconds for which the event loop was blocked. Measures until it is cancelled."""
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
        progress(f"stored {ARTICLES:,} articles in {time.perf_counter() - started:.0f} s")
        await measure_one_by_one(core.commands, commands_to_measure(urls))
    await measure_crowd(folder, RATES)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
