"""Measures how soon the first click after a start is acknowledged, while everything that it needs is still unloaded."""

import asyncio
import os
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.archive import fill
from benchmarks.crowd import connected, start_bot
from benchmarks.machine import progress, spread
from bot.config import read_settings
from bot.core import open_core
from bot.slack.block_kit import BUTTON_ID
from storage.records import Platform
from tests.support.discord_guild import GUILD_ID
from tests.support.discord_server import DiscordServer, discord_server
from tests.support.slack_server import SlackServer, slack_server

STARTS: Final = int(os.environ.get("BENCH_STARTS", "10"))
ARTICLES: Final = 500
ACTION: Final = "brief:1:7d"
"""The button Brief of the catalogue's first topic. Its answer needs the archive, a summary and a picture."""
_LIMIT_S: Final = 60


class _Arrivals(list[Any]):
    """A list that records when its first item arrives, by `time.perf_counter`."""

    def __init__(self) -> None:
        super().__init__()
        self.first = asyncio.Event()
        self.at = 0.0

    def append(self, item: Any) -> None:
        super().append(item)
        self.at = self.at or time.perf_counter()
        self.first.set()


async def _click_on_slack(slack: SlackServer) -> float:
    acks = slack.acknowledged = _Arrivals()
    started = time.perf_counter()
    await slack.send(
        "interactive", slack.click({"action_id": f"{BUTTON_ID}:0", "type": "button", "value": ACTION}), "first"
    )
    await asyncio.wait_for(acks.first.wait(), _LIMIT_S)
    return acks.at - started


async def _click_on_discord(discord: DiscordServer) -> tuple[float, float]:
    """Return the seconds until the acknowledgement, and until the answer with its picture."""
    acks, answers = _Arrivals(), _Arrivals()
    discord.callbacks, discord.follow_ups = acks, answers
    started = time.perf_counter()
    await discord.interact(3, {"custom_id": ACTION, "component_type": 2})
    await asyncio.wait_for(acks.first.wait(), _LIMIT_S)
    await asyncio.wait_for(answers.first.wait(), _LIMIT_S)
    return acks.at - started, answers.at - started


async def _fill(folder: Path) -> None:
    """Create the database with some articles, so that the brief has stories and a picture."""
    settings, now = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None), datetime.now(UTC)
    async with open_core(settings) as core:
        async with core.store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "Wire", now=now)
            channel = await tx.channels.ensure(home.id, "77", "intel", now=now)
        await fill(core.store, channel, articles=ARTICLES, now=now)


async def _measure(folder: Path) -> None:
    await _fill(folder)
    on_slack, on_discord, answered = [], [], []
    for number in range(1, STARTS + 1):
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(slack_server())
            discord = await stack.enter_async_context(discord_server())
            bot = await stack.enter_async_context(start_bot(folder, slack, discord))
            await connected(bot, slack, discord, folder / "bot.log")
            if number % 2:
                acknowledged_s, answered_s = await _click_on_discord(discord)
                on_discord.append(acknowledged_s)
                answered.append(answered_s)
            else:
                on_slack.append(await _click_on_slack(slack))
        progress(f"{number} of {STARTS} starts")
    print(f"first click after a start, acknowledged on Discord: {spread(on_discord)}")
    print(f"first click after a start, acknowledged on Slack:   {spread(on_slack)}")
    print(f"first click after a start, answered on Discord:     {spread(answered)}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
