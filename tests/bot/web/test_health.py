"""Health checks are public: they name the part that fails, and no file or host of ours."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.web.health import Health, Part, database_health
from storage.store import Store
from tests.bot.web.conftest import page
from tests.support.stores import make_source
from tests.support.web_server import Site


async def test_the_path_of_a_missing_database_is_logged_and_not_published(
    sqlite_store: Store, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(sqlite_file.unlink)

    with caplog.at_level(logging.WARNING):
        health = await database_health(sqlite_store, datetime.now(UTC))

    assert health.reasons == ("database: the database does not answer",)
    assert str(sqlite_file) in caplog.text


async def test_a_database_that_answers_is_healthy(sqlite_store: Store) -> None:
    health = await database_health(sqlite_store, datetime.now(UTC))

    assert (health.ready, health.warnings) == (True, ())


async def test_late_feeds_are_a_warning_and_the_bot_stays_ready(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        await make_source(tx, now - timedelta(minutes=12), "https://a.example/")

    health = await database_health(sqlite_store, now)

    assert health.ready
    assert health.warnings == ("feeds are 12 minutes late because no process polls them",)


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
