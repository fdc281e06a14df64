"""Measures how many bytes an article takes in an SQLite file, table by table, with everything searchable."""

import asyncio
import contextlib
import os
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.archive import fill
from bot.config import read_settings
from bot.core import open_core
from storage.upkeep import optimise

ARTICLES: Final = int(os.environ.get("BENCH_ARTICLES", "20000"))
_SMALLEST: Final = 20
"""Bytes an article below which tables and indexes are summed up."""


async def _measure(folder: Path) -> None:
    settings, now = read_settings(WIREWATCH_DATA_DIR=str(folder), DATABASE_URL=None), datetime.now(UTC)
    async with open_core(settings) as core:
        async with core.store.read() as tx:
            channel = (await tx.channels.of(core.console.id))[0]
        await fill(core.store, channel, articles=ARTICLES, now=now)
    file = settings.database_file
    if file is None:
        raise RuntimeError("the database is not a file")
    _print_table("as the articles arrive", file)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE matches SET trace = '{}'")
    async with open_core(settings) as core:
        await optimise(core.store)
    _print_table("after 90 days, without the traces of matches", file)


def _print_table(title: str, file: Path) -> None:
    """Print bytes an article of each table and index. Free pages are left out."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        (length,) = connection.execute("SELECT avg(length(words)) FROM search_texts").fetchone()
        rows = connection.execute(
            "SELECT name, sum(pgsize), sum(unused) FROM dbstat GROUP BY name ORDER BY 2 DESC"
        ).fetchall()
    print(f"\n{articles:,} articles, {title} (packed words: {length:.0f} bytes)")
    rest = 0.0
    for name, size, unused in rows:
        if size / articles >= _SMALLEST:
            print(f"  {name:36} {size / articles:6.0f} bytes an article, of these unused {unused / articles:.0f}")
        else:
            rest += size
    print(f"  {'everything else':36} {rest / articles:6.0f}")
    print(f"  {'in all':36} {sum(size for _, size, _ in rows) / articles:6.0f}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


if __name__ == "__main__":
    main()
