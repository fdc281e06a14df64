"""Builds an archive of 1,000,000 articles on SQLite, and measures commands over it one by one.

`BENCH_ARTICLES` sets another number. `BENCH_FOLDER` names a folder in which the archive is kept for the next run.
"""

import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.archive import fill
from benchmarks.commands import commands_to_measure, measure_one_by_one
from benchmarks.machine import progress
from bot.config import read_settings
from bot.core import open_core
from storage.records import Platform
from storage.upkeep import optimise
from tests.support.discord_guild import GUILD_ID

ARTICLES: Final = int(os.environ.get("BENCH_ARTICLES", "1000000"))


async def _measure(folder: Path) -> None:
    settings, now = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None), datetime.now(UTC)
    started, used = time.perf_counter(), time.process_time()
    async with open_core(settings) as core:
        async with core.store.begin() as tx:
            home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "Wire", now=now)
            channel = await tx.channels.ensure(home.id, "77", "intel", now=now)
            is_filled = await tx.search.candidates([["1"]], 0, since=None, limit=1) != ()
        if not is_filled:
            await fill(core.store, channel, articles=ARTICLES, now=now)
            await optimise(core.store)
            took = f"{time.perf_counter() - started:,.0f} s, {time.process_time() - used:,.0f} s of processor time"
            progress(f"stored {ARTICLES:,} articles in {took}")
    file = settings.database_file
    if file is not None:
        print(f"{file.stat().st_size / 1_000_000:,.0f} MB")
    async with open_core(settings) as core:
        urls = [f"https://wire.example/{number}" for number in range(1, ARTICLES, max(1, ARTICLES // 1_000))]
        await measure_one_by_one(core.commands, commands_to_measure(urls))


def main() -> None:
    kept = os.environ.get("BENCH_FOLDER")
    if kept:
        asyncio.run(_measure(Path(kept)))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
