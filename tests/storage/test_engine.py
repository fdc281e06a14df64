"""Database URLs, and an SQLite file that is moved while it is open."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from storage.engine import read_url
from storage.errors import StorageError
from storage.store import open_store
from tests.support.database import ping
from tests.support.stores import make_source


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///data/wirewatch.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////var/lib/wirewatch.db", "sqlite+aiosqlite"),
        ("postgres://user@host/name", "postgresql+asyncpg"),
        ("postgresql://user@host/name?sslmode=require", "postgresql+asyncpg"),
        ("postgresql+asyncpg://user@host/name", "postgresql+asyncpg"),
    ],
)
def test_the_urls_of_hosting_services_are_accepted(url: str, driver: str) -> None:
    parsed = read_url(url)

    assert parsed.drivername == driver
    assert "sslmode" not in parsed.query


@pytest.mark.parametrize("url", ["", "wirewatch.db", "mysql://user:secret@host/name", "sqlite://", "://:secret@"])
def test_other_urls_are_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(StorageError) as caught:
        read_url(url)

    assert "sqlite:///" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_nothing_is_written_to_a_file_that_was_moved_while_it_was_open(sqlite_url: str, now: datetime) -> None:
    path = Path(str(read_url(sqlite_url).database))
    async with open_store(sqlite_url) as store:
        await asyncio.to_thread(path.rename, path.with_name("elsewhere.db"))

        with pytest.raises(StorageError, match="removed, moved or replaced"):
            async with store.begin() as tx:
                await make_source(tx, now)
        with pytest.raises(StorageError, match="removed, moved or replaced"):
            await ping(store)
        await asyncio.to_thread(path.with_name("elsewhere.db").rename, path)

        async with store.begin() as tx:
            assert await tx.sources.all() == ()
