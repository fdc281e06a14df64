"""Health checks are public: they name the part that fails, and no file or host of ours."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.web.health import Health, Part, database_part
from storage.store import Store
from tests.bot.web.conftest import page
from tests.support.web_server import Site


async def test_the_path_of_a_missing_database_is_logged_and_not_published(
    sqlite_store: Store, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(sqlite_file.unlink)

    with caplog.at_level(logging.WARNING):
        part = await database_part(sqlite_store)

    assert (part.ok, part.detail) == (False, "the database does not answer")
    assert str(sqlite_file) in caplog.text


async def test_a_database_that_answers_is_healthy(sqlite_store: Store) -> None:
    assert (await database_part(sqlite_store)).ok


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
