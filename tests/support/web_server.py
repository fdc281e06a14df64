"""The web server on a free loopback port, with a real store, for requests by a browser or a program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp

from bot.console.messenger import ConsoleMessenger
from bot.web.access import Tokens
from bot.web.app import WebParts, create_web
from bot.web.health import Health, Part
from bot.web.server import serve
from handlers.commands.dispatch import Commands
from handlers.delivery.deliver import Deliver
from handlers.ingest.ingest import Ingest
from handlers.sources.fetch.client import open_fetcher
from storage.records import SHARED, Channel, Pace, Platform
from storage.store import Store
from storage.topics import NewTopic
from tests.support.fakes import FakeClock
from tests.support.stores import make_channel

ARTICLE = """MTS and Huawei agree to build 5G in Russia

The agreement was signed in Moscow on Wednesday between MTS and Huawei and covers pilot 5G networks in 2019 and 2020.

The two companies will build the first stations in Moscow, and the operator expects to open them to customers in spring.
"""


@dataclass(slots=True)
class Site:
    """A running server and its parts."""

    url: str
    store: Store
    messenger: ConsoleMessenger
    ingest: Ingest
    deliver: Deliver
    clock: FakeClock
    session: aiohttp.ClientSession
    channel: Channel
    health: Health

    async def deliver_all(self) -> None:
        """Post everything that is due now."""
        while await self.deliver.run_once(self.clock()):
            self.clock.advance(timedelta(seconds=5))

    def channel_url(self, part: str = "") -> str:
        return f"{self.url}channels/{self.channel.id}{part}"


@asynccontextmanager
async def open_site(
    store: Store,
    clock: FakeClock,
    *,
    token: str | None = None,
    api_token: str | None = None,
    read_token: str | None = None,
    **more: Any,
) -> AsyncIterator[Site]:
    """Serve the console with two channels: #general, subscribed to Huawei, and #other, without subscriptions.

    `more` are further fields of WebParts.
    """
    channel = await _two_channels(store, clock)
    async with open_fetcher(user_agent="Wirewatch test") as fetcher, aiohttp.ClientSession() as session:
        ingest = Ingest(store)
        messenger = ConsoleMessenger(store, clock)
        site = Site(
            url="",
            store=store,
            messenger=messenger,
            ingest=ingest,
            deliver=Deliver(store, {Platform.CONSOLE: messenger}),
            clock=clock,
            session=session,
            channel=channel,
            health=Health(parts=(Part(name="database", ok=True),)),
        )

        async def health() -> Health:
            return site.health

        parts = WebParts(
            store=store,
            commands=Commands(store, ingest=ingest, fetcher=fetcher, wake=_ignore),
            ingest=ingest,
            messenger=messenger,
            tokens=Tokens(page=token, documents=api_token, reading=read_token),
            health=health,
            alive=lambda: site.health,
            clock=clock,
            **more,
        )
        async with serve(create_web(parts), host="127.0.0.1", port=0, stall=parts.stall) as (url, _):
            site.url = url
            yield site


async def _two_channels(store: Store, clock: FakeClock) -> Channel:
    """Return #general."""
    async with store.begin() as tx:
        general = await make_channel(tx, clock(), "general")
        await make_channel(tx, clock(), "other")
        topic = await tx.topics.add(
            NewTopic(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", color="#cf0a2c"), clock()
        )
        assert topic is not None
        await tx.subscriptions.ensure(
            channel_id=general.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="you", now=clock()
        )
    return general


def _ignore() -> None:
    """Tests post deliveries themselves, with `Site.deliver_all`."""
