"""Health is open to all: it says which part is not well, never where our things are."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.web.health import database_part
from storage.store import Store


async def test_a_database_that_is_gone_is_not_named_in_public_but_in_the_log(
    sqlite_store: Store, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await asyncio.to_thread(sqlite_file.unlink)

    with caplog.at_level(logging.WARNING):
        part = await database_part(sqlite_store)

    assert (part.ok, part.detail) == (False, "the database does not answer")
    assert str(sqlite_file) in caplog.text


async def test_a_database_that_answers_is_well(sqlite_store: Store) -> None:
    assert (await database_part(sqlite_store)).ok
