"""Lookups after a crash within the limits that Slack sets for distributed apps: one call a minute, 15 messages each."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.slack.chart_files import ChartFiles
from bot.slack.messenger import SlackMessenger
from bot.slack.teams import SingleTeam, SlackTeam, web_client
from handlers.answers.answer import Notice
from handlers.delivery.deliver import Deliver
from storage.records import Channel, DeliveryState, Platform
from storage.store import Store
from tests.bot.slack.outbox import Workspace, open_workspace
from tests.support.slack_api import HistoryLimit
from tests.support.slack_server import BOT, BOT_TOKEN, TEAM, Fault, SlackServer

CHANNELS = 10
OTHERS = 40
"""Messages of other people in one of the channels, in the minute of the lost post."""


@pytest.fixture
async def workspace(sqlite_store: Store, server: SlackServer) -> AsyncIterator[Workspace]:
    async with open_workspace(sqlite_store, server) as opened:
        yield opened


class Distributed(SingleTeam):
    """A workspace that has installed an app of somebody else."""

    is_distributed = True


def messenger_of(server: SlackServer, session: aiohttp.ClientSession, *, is_distributed: bool) -> SlackMessenger:
    client = web_client(BOT_TOKEN, api_url=server.api_url, session=session)
    team = SlackTeam(client=client, id=TEAM, name="wire", bot_user_id=BOT, bot_id="B1")
    return SlackMessenger((Distributed if is_distributed else SingleTeam)(team), ChartFiles(session))


async def make_channels(workspace: Workspace) -> list[Channel]:
    async with workspace.store.begin() as tx:
        return [
            await tx.channels.ensure(workspace.intel.workspace_id, f"C2{number}", f"c{number}", now=workspace.now)
            for number in range(CHANNELS)
        ]


async def lose_posts(workspace: Workspace, deliver: Deliver, channels: list[Channel]) -> None:
    """Post one message in each channel, and lose Slack's answers to them. Every second one was not stored."""
    server = workspace.server
    for _ in range(OTHERS // 2):
        server.api_answer("chat.postMessage", {"channel": channels[0].external_id, "text": "chat"}, TEAM)
    faults = [Fault(drop=True, after=number % 2 == 0) for number in range(CHANNELS)]
    server.faults["chat.postMessage"] = faults
    for channel in channels:
        await workspace.enqueue(Notice(text=f"for {channel.name}"), channel)
        await deliver.run_once(workspace.now)
    for _ in range(OTHERS // 2):
        server.api_answer("chat.postMessage", {"channel": channels[0].external_id, "text": "chat"}, TEAM)


@pytest.mark.parametrize("is_distributed", [True, False], ids=["known to be limited", "learnt from a refusal"])
async def test_ten_channels_are_settled_within_twelve_minutes_of_one_call_each(
    is_distributed: bool, workspace: Workspace
) -> None:
    server, started = workspace.server, workspace.now
    server.clock = lambda: workspace.now.timestamp()
    server.history_limit = HistoryLimit(clock=lambda: workspace.now)
    channels = await make_channels(workspace)
    messenger = messenger_of(server, workspace.session, is_distributed=is_distributed)
    deliver = Deliver(workspace.store, {Platform.SLACK: messenger})
    await lose_posts(workspace, deliver, channels)

    while workspace.now < started + timedelta(minutes=12):
        workspace.now += timedelta(seconds=5)
        await deliver.run_once(workspace.now)

    for channel in channels:
        texts = [message["text"] for message in server.messages[channel.external_id] if message["text"] != "chat"]
        assert texts == [f"for {channel.name}"]
    async with workspace.store.read() as tx:
        counts = await tx.deliveries.counts()
    assert (counts[DeliveryState.SENT], sum(counts.values())) == (CHANNELS, CHANNELS)
    assert server.history_limit.refused <= (0 if is_distributed else CHANNELS)
    assert all(_is_narrow(body, started) for name, body in server.calls if name == "conversations.history")


def _is_narrow(body: dict[str, str], started: datetime) -> bool:
    """Return whether a lookup is limited to the time around the attempts."""
    since, until = float(body["oldest"]), float(body["latest"])
    return since <= started.timestamp() <= until and until - since <= timedelta(minutes=3).total_seconds()


async def test_all_lost_posts_of_a_channel_are_found_with_one_call(workspace: Workspace) -> None:
    messenger = workspace.messenger()
    deliver = Deliver(workspace.store, {Platform.SLACK: messenger})
    workspace.server.clock = lambda: workspace.now.timestamp()
    posts = [await workspace.enqueue(Notice(text=f"n{number}")) for number in range(3)]
    async with workspace.store.begin() as tx:
        for post in posts:
            workspace.server.api_answer(
                "chat.postMessage",
                {
                    "channel": "C1",
                    "text": "posted",
                    "metadata": {"event_type": "wirewatch_delivery", "event_payload": {"key": post.key}},
                },
                TEAM,
            )
            claimed = await tx.deliveries.claim(workspace.intel.id, now=workspace.now, lease=timedelta(seconds=1))
            assert claimed is not None
            await tx.deliveries.retry(
                claimed.id, reason="lost", due_at=workspace.now, state=DeliveryState.UNKNOWN, failing_since=LONG_AGO
            )

    for _ in range(4):
        workspace.now += timedelta(minutes=1)
        await deliver.run_once(workspace.now)

    assert [(await workspace.state(post)).state for post in posts] == [DeliveryState.SENT] * 3
    assert [name for name, _ in workspace.server.calls].count("conversations.history") == 1


LONG_AGO = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
"""Deliveries that fail for this long no longer hold back newer ones."""
