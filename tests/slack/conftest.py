"""The ends of Slack's tests: a local Slack, the real commands on a real store, and the gateway between them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.slack.clients import OneWorkspace, Speaker, web_client
from bot.slack.gateway import SlackGateway, open_slack
from bot.slack.messenger import SlackMessenger
from bot.slack.pictures import Pictures
from handlers.arrive import Arrive
from handlers.commands import Commands
from handlers.sources.http import open_fetcher
from storage.records import SHARED
from storage.store import Store
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, TEAM, SlackServer, slack_server


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with slack_server() as running:
        yield running


@pytest.fixture
async def commands(sqlite_store: Store) -> AsyncIterator[Commands]:
    async with sqlite_store.begin() as tx:
        await tx.topics.add(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", now=clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        yield Commands(sqlite_store, arrive=Arrive(sqlite_store), fetcher=fetcher)


@pytest.fixture
async def gateway(server: SlackServer, commands: Commands, sqlite_store: Store) -> AsyncIterator[SlackGateway]:
    """By socket, for one workspace."""
    async with open_slack(
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=None,
        api_url=server.api_url,
        commands=commands,
        store=sqlite_store,
        clock=clock,
    ) as opened:
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
