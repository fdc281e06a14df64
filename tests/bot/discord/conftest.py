"""Fixtures of the Discord tests: a Discord server on loopback, and the real bot on a real store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.discord.client import Timing
from bot.discord.gateway import DiscordGateway, DiscordOptions, open_discord
from bot.discord.http import ApiClient
from bot.discord.messenger import DiscordMessenger
from bot.discord.publish import open_publisher
from handlers.commands.dispatch import Commands
from handlers.delivery.deliver import Deliver
from handlers.delivery.recheck import ChannelAccess
from handlers.drafts import ArticleDraft
from handlers.ingest.ingest import Ingest
from handlers.ports import Messenger
from handlers.sources.fetch.client import open_fetcher
from storage.records import SHARED, Pace, Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic
from tests.bot.discord.outbox import Outbox
from tests.support.discord_guild import BOT_ID, CHANNEL_ID, GUILD_ID, OTHER_ID
from tests.support.discord_server import TOKEN, DiscordServer, discord_server

QUICK = Timing(servers=0.1, between_shards=0.0)
Opening = Callable[..., AbstractAsyncContextManager[DiscordGateway]]


def clock() -> datetime:
    return datetime.now(UTC)


async def until(condition: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until the condition is true. Raises: AssertionError after some seconds."""
    for _ in range(500):
        found = condition()
        if found if isinstance(found, bool) else await found:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the condition never became true")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        yield running


@pytest.fixture
def messengers() -> dict[Platform, Messenger]:
    """The connected platforms, as the commands know them."""
    return {}


@pytest.fixture
async def commands(sqlite_store: Store, messengers: dict[Platform, Messenger]) -> AsyncIterator[Commands]:
    async with sqlite_store.begin() as tx:
        await tx.topics.add(NewTopic(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei"), clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        access = ChannelAccess(sqlite_store, messengers)
        yield Commands(sqlite_store, ingest=Ingest(sqlite_store), fetcher=fetcher, access=access)


@pytest.fixture
def opening(server: DiscordServer, commands: Commands, sqlite_store: Store) -> Opening:
    """Open the gateway, as often as a test starts the bot. Keyword arguments replace fields of DiscordOptions."""

    def open_gateway(**more: Any) -> AbstractAsyncContextManager[DiscordGateway]:
        options = replace(DiscordOptions(token=TOKEN, api_url=server.api_url, timing=QUICK), **more)
        return open_discord(options, commands=commands, store=sqlite_store, clock=clock)

    return open_gateway


@pytest.fixture
async def gateway(opening: Opening, messengers: dict[Platform, Messenger]) -> AsyncIterator[DiscordGateway]:
    async with opening() as opened:
        messengers[Platform.DISCORD] = opened.messenger
        yield opened


class MovedClock:
    """The event loop's clock, moved ahead with the clock of the outbox."""

    ahead_s = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead_s


@pytest.fixture
def http_clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def messenger(server: DiscordServer, http_clock: MovedClock) -> AsyncIterator[DiscordMessenger]:
    """A messenger without a gateway connection, which asks the API for what it does not know."""
    async with ApiClient(api_url=server.api_url, clock=http_clock) as client:
        await client.login(TOKEN)
        async with open_publisher(client.http, bot_id=BOT_ID) as publisher:
            yield DiscordMessenger(client, publisher, bot_id=BOT_ID)


@dataclass(frozen=True, slots=True)
class Bot:
    """The running bot: the Discord server that it is connected to, and its store."""

    server: DiscordServer
    gateway: DiscordGateway
    store: Store


@pytest.fixture
async def bot(server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store) -> Bot:
    return Bot(server, gateway, sqlite_store)


@pytest.fixture
async def outbox(
    sqlite_store: Store,
    commands: Commands,
    messenger: DiscordMessenger,
    server: DiscordServer,
    http_clock: MovedClock,
) -> Outbox:
    """The outbox of a server with two channels, of which #intel is subscribed to Huawei."""
    now = clock()
    async with sqlite_store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=now)
        intel = await tx.channels.ensure(workspace.id, str(CHANNEL_ID), "intel", now=now)
        await tx.channels.ensure(workspace.id, str(OTHER_ID), "other", now=now)
        (topic,) = await tx.topics.visible(workspace.id)
        await tx.subscriptions.ensure(
            channel_id=intel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=now
        )
    messengers = {Platform.DISCORD: messenger}
    deliver = Deliver(sqlite_store, messengers, call_timeout=timedelta(seconds=0.25))
    access = ChannelAccess(sqlite_store, messengers)
    return Outbox(
        store=sqlite_store,
        server=server,
        deliver=deliver,
        access=access,
        channel=intel,
        now=now,
        http_clock=http_clock,
    )


async def two_servers_with_a_source_each(store: Store) -> None:
    async with store.begin() as tx:
        for guild, title in ((str(GUILD_ID), "Our wire"), ("43", "Their wire")):
            workspace = await tx.workspaces.ensure(Platform.DISCORD, guild, "Desk", now=clock())
            await tx.sources.ensure(
                NewSource(
                    workspace_id=workspace.id, kind=SourceKind.FEED, url=f"https://example.com/{guild}", title=title
                ),
                clock(),
            )


async def ingest(store: Store, title: str, publisher: str) -> None:
    """Ingest an article."""
    now = clock()
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.API, url="api", title=publisher), now
        )
    text = f"{title}. The plant in Szeged will employ 500 people, the company said on Wednesday in Budapest."
    draft = ArticleDraft(
        title=title,
        text=text,
        url=f"https://example.com/{publisher.replace(' ', '-')}",
        publisher=publisher,
        language="en",
        published_at=now,
        origin="test",
    )
    await Ingest(store)([draft], source=source, now=now)
