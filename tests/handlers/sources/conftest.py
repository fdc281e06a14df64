"""A local HTTP server, and a fetcher that may reach it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from tests.support.http_server import LocalServer, local_server


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    limits = Limits(delay=timedelta(0))
    async with open_fetcher(user_agent="Wirewatch/test", allow_private=True, limits=limits) as opened:
        yield opened
