"""The ends of Discord's tests: a small Discord on loopback, real commands on a real store, the gateway, a messenger."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway, Timing, open_discord
from bot.discord.http import ApiClient
from bot.discord.messenger import DiscordMessenger
from bot.discord.publish import open_publisher
from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Ingest
from handlers.sources.fetch.client import open_fetcher
from storage.records import SHARED
from storage.store import Store
from tests.support.discord_server import BOT_ID, TOKEN, DiscordServer, discord_server

QUICK = Timing(servers=0.1, between_shards=0.0)
Opening = Callable[..., AbstractAsyncContextManager[DiscordGateway]]


def clock() -> datetime:
    return datetime.now(UTC)


async def until(is_so: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait for it, at most some seconds."""
    for _ in range(500):
        so = is_so()
        if so if isinstance(so, bool) else await so:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        yield running


@pytest.fixture
async def commands(sqlite_store: Store) -> AsyncIterator[Commands]:
    async with sqlite_store.begin() as tx:
        await tx.topics.add(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", now=clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        yield Commands(sqlite_store, ingest=Ingest(sqlite_store), fetcher=fetcher)


@pytest.fixture
def opening(server: DiscordServer, commands: Commands, sqlite_store: Store) -> Opening:
    """Opens the gateway, as often as a test starts it."""

    def opened(**more: Any) -> AbstractAsyncContextManager[DiscordGateway]:
        given: dict[str, Any] = {"token": TOKEN, "api_url": server.api_url, "commands": commands}
        return open_discord(**{**given, "store": sqlite_store, "clock": clock, "timing": QUICK, **more})

    return opened


@pytest.fixture
async def gateway(opening: Opening) -> AsyncIterator[DiscordGateway]:
    async with opening() as opened:
        yield opened


@pytest.fixture
async def messenger(server: DiscordServer) -> AsyncIterator[DiscordMessenger]:
    """Logged in, with no gateway: it asks for what it does not know."""
    async with ApiClient(api_url=server.api_url) as client:
        await client.login(TOKEN)
        async with open_publisher(client.http, bot_id=BOT_ID) as publisher:
            yield DiscordMessenger(client, publisher, bot_id=BOT_ID)
