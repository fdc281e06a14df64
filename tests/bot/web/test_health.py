"""Health checks are public: they name the part that fails, and no file or host of ours."""

import asyncio
import contextlib
import logging
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.web.health import DatabaseCheck, Health, Part, poll_warnings
from storage.store import Store
from storage.upkeep import find_damage
from tests.bot.web.conftest import page
from tests.support.stores import damage_index, make_source
from tests.support.web_server import Site


async def test_the_path_of_a_missing_database_is_logged_and_not_published(
    sqlite_store: Store, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(sqlite_file.unlink)

    with caplog.at_level(logging.WARNING):
        part = await DatabaseCheck(sqlite_store).part()

    assert (part.ok, part.detail) == (False, "the database does not answer")
    assert str(sqlite_file) in caplog.text


async def test_a_database_that_can_be_written_and_read_is_healthy(store: Store) -> None:
    assert (await DatabaseCheck(store).part()).ok


async def test_a_database_that_can_only_be_read_is_not_healthy(sqlite_store: Store, sqlite_file: Path) -> None:
    check = DatabaseCheck(sqlite_store, limit_s=0.05)
    with contextlib.closing(sqlite3.connect(sqlite_file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        parts = [await check.part() for _ in range(2)]

        assert [(part.ok, part.detail) for part in parts] == [(False, "the database does not answer within 0.05 s")] * 2
        holder.execute("ROLLBACK")
    await check.close()

    assert (await DatabaseCheck(sqlite_store).part()).ok


async def test_a_damaged_page_is_reported_once_it_is_found(sqlite_store: Store, sqlite_file: Path) -> None:
    await asyncio.to_thread(damage_index, sqlite_file, "ix_articles_received_at")
    assert (await DatabaseCheck(sqlite_store).part()).ok

    await find_damage(sqlite_store)

    part = await DatabaseCheck(sqlite_store).part()
    assert (part.ok, part.detail) == (False, "a page of the file is damaged: restore a backup")


async def test_late_feeds_are_a_warning(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        await make_source(tx, now - timedelta(minutes=12), "https://a.example/")

    assert await poll_warnings(sqlite_store, now) == ("feeds are 12 minutes late because no process polls them",)


async def test_warnings_are_shown_by_readyz_and_on_the_status_page(site: Site) -> None:
    site.health = Health(warnings=("feeds are 12 minutes late because the database is busy",))

    async with site.session.get(site.url + "readyz") as answer:
        ready = await answer.json()

    assert (answer.status, ready["status"], ready["warnings"]) == (200, "ready", list(site.health.warnings))
    assert "feeds are 12 minutes late because the database is busy" in await page(site, "status")


async def test_health_checks_report_the_parts_that_fail(site: Site) -> None:
    async def ask(path: str) -> tuple[int, list[str]]:
        async with site.session.get(site.url + path) as answer:
            return answer.status, (await answer.json())["reasons"]

    assert await ask("healthz") == (200, [])
    assert await ask("readyz") == (200, [])
    site.health = Health(parts=(Part(name="database", ok=False, detail="it does not answer"),))
    assert await ask("healthz") == (200, [])
    assert await ask("readyz") == (503, ["database: it does not answer"])
    site.health = Health(parts=(Part(name="slack", ok=False, vital=True),))
    assert await ask("healthz") == (503, ["slack: dead"])
    assert "slack: unhealthy" in await page(site, "status")
