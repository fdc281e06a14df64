"""Fixtures for the tests of polling and of the inbox."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.sources.fetch.client import Limits, open_fetcher
from storage.store import Store
from tests.support.http_server import local_server
from tests.support.polling import Polling
from tests.support.stores import make_channel, make_workspace

LIMITS = Limits(total=timedelta(milliseconds=250), delay=timedelta(0))


@pytest.fixture
async def polling(store: Store, now: datetime) -> AsyncIterator[Polling]:
    async with store.begin() as tx:
        await make_workspace(tx, now)
        channel = await make_channel(tx, now)
    async with local_server() as server, open_fetcher(user_agent="test", allow_private=True, limits=LIMITS) as fetcher:
        yield Polling(store, fetcher, server, channel, now)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
