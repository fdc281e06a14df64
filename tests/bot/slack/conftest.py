"""The ends of Slack's tests: a local Slack, the real commands on a real store, and the gateway between them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.slack.chart_files import Pictures
from bot.slack.gateway import SlackGateway, open_slack
from bot.slack.messenger import SlackMessenger
from bot.slack.oauth import Many
from bot.slack.teams import OneWorkspace, Speaker, web_client
from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Arrive
from handlers.sources.fetch.client import open_fetcher
from storage.records import SHARED
from storage.store import Store
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, TEAM, SlackServer, slack_server


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with slack_server() as running:
        yield running


@asynccontextmanager
async def commands_over(store: Store) -> AsyncIterator[Commands]:
    """The real commands, with the topic huawei in the catalogue."""
    async with store.begin() as tx:
        await tx.topics.add(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", now=clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        yield Commands(store, arrive=Arrive(store), fetcher=fetcher)


@pytest.fixture
async def commands(sqlite_store: Store) -> AsyncIterator[Commands]:
    async with commands_over(sqlite_store) as opened:
        yield opened


def connected(
    server: SlackServer,
    commands: Commands,
    store: Store,
    *,
    bot_token: str | None = BOT_TOKEN,
    app_token: str | None = APP_TOKEN,
    signing_secret: str | None = None,
    many: Many | None = None,
) -> AbstractAsyncContextManager[SlackGateway]:
    """The gateway, connected to the local Slack; by default by socket, for one workspace."""
    return open_slack(
        bot_token=bot_token,
        app_token=app_token,
        signing_secret=signing_secret,
        api_url=server.api_url,
        commands=commands,
        store=store,
        clock=clock,
        many=many,
    )


@pytest.fixture
async def gateway(server: SlackServer, commands: Commands, sqlite_store: Store) -> AsyncIterator[SlackGateway]:
    """By socket, for one workspace."""
    async with connected(server, commands, sqlite_store) as opened:
        yield opened


@pytest.fixture
async def messenger(server: SlackServer) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        speaker = Speaker(
            client=web_client(BOT_TOKEN, api_url=server.api_url, session=session),
            team_id=TEAM,
            team_name="wire",
            bot_user=BOT,
            bot_id="B1",
        )
        yield SlackMessenger(OneWorkspace(speaker), Pictures(session))
