"""Fixtures of Slack's tests: a local Slack, the real commands on a real store, and the gateway that connects them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.slack.chart_files import ChartFiles
from bot.slack.gateway import SlackGateway, SlackOptions, open_slack
from bot.slack.messenger import SlackMessenger
from bot.slack.teams import SingleTeam, SlackTeam, web_client
from handlers.commands.dispatch import Commands
from handlers.delivery.recheck import ChannelAccess
from handlers.ingest.ingest import Ingest
from handlers.ports import Messenger
from handlers.sources.fetch.client import open_fetcher
from storage.records import SHARED, Platform, Workspace
from storage.store import Store
from storage.topics import NewTopic
from tests.support.slack_server import APP_TOKEN, BOT, BOT_TOKEN, TEAM, SlackServer, slack_server


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with slack_server() as running:
        yield running


@asynccontextmanager
async def commands_over(store: Store, messengers: dict[Platform, Messenger] | None = None) -> AsyncIterator[Commands]:
    """The real commands, with the topic huawei in the catalogue."""
    async with store.begin() as tx:
        await tx.topics.add(NewTopic(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei"), clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        access = ChannelAccess(store, {} if messengers is None else messengers)
        yield Commands(store, ingest=Ingest(store), fetcher=fetcher, access=access)


@pytest.fixture
def messengers() -> dict[Platform, Messenger]:
    """The connected platforms, as the commands know them."""
    return {}


@pytest.fixture
async def commands(sqlite_store: Store, messengers: dict[Platform, Messenger]) -> AsyncIterator[Commands]:
    async with commands_over(sqlite_store, messengers) as opened:
        yield opened


def connected(
    server: SlackServer, commands: Commands, store: Store, **options: Any
) -> AbstractAsyncContextManager[SlackGateway]:
    """Connect to the local Slack. `options` are fields of SlackOptions; by default one workspace, by socket."""
    defaults = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN}
    return open_slack(
        SlackOptions(api_url=server.api_url, **(defaults | options)), commands=commands, store=store, clock=clock
    )


@pytest.fixture
async def gateway(
    server: SlackServer, commands: Commands, sqlite_store: Store, messengers: dict[Platform, Messenger]
) -> AsyncIterator[SlackGateway]:
    """The gateway of one workspace, connected by socket."""
    async with connected(server, commands, sqlite_store) as opened:
        messengers[Platform.SLACK] = opened.messenger
        yield opened


def messenger_of(server: SlackServer, session: aiohttp.ClientSession) -> SlackMessenger:
    """The messenger of a process that has just started, for the one workspace."""
    team = SlackTeam(
        client=web_client(BOT_TOKEN, api_url=server.api_url, session=session),
        id=TEAM,
        name="wire",
        bot_user_id=BOT,
        bot_id="B1",
    )
    return SlackMessenger(SingleTeam(team), ChartFiles(session))


@pytest.fixture
async def messenger(server: SlackServer) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession() as session:
        yield messenger_of(server, session)


async def workspace_of(store: Store, team: str = TEAM) -> Workspace:
    """The stored workspace of a team, which must exist."""
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, team)
    assert workspace is not None
    return workspace


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened
