"""Deliveries over real HTTP, whatever Slack does: a post arrives once, or its channel is paused with a reason."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import aiohttp
import pytest

from bot.charts.png import chart_png
from bot.slack.messenger import SlackMessenger
from handlers.answers.answer import Notice, Post
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
from storage.deliveries import NewDelivery
from storage.records import SHARED, Channel, ChannelState, Delivery, DeliveryKind, DeliveryState, Pace, Platform
from storage.store import Store
from storage.topics import NewTopic
from tests.bot.slack.conftest import clock, messenger_of
from tests.support.answers import CHART, digest
from tests.support.slack_server import TEAM, Fault, SlackServer


@dataclass(slots=True)
class Workspace:
    """A workspace with two subscribed channels."""

    store: Store
    server: SlackServer
    session: aiohttp.ClientSession
    intel: Channel
    general: Channel
    started: datetime

    def messenger(self) -> SlackMessenger:
        """The messenger of a process that has just started."""
        return messenger_of(self.server, self.session)

    async def enqueue(self, post: Post, channel: Channel | None = None) -> Delivery:
        async with self.store.begin() as tx:
            delivery, _ = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=(channel or self.intel).id,
                    kind=DeliveryKind.NOTICE,
                    subject=uuid4().hex,
                    due_at=self.started,
                    body=serialize(post),
                ),
                self.started,
            )
        return delivery

    async def deliver(self, rounds: int = 4, *, patience: float = 15) -> None:
        """Deliver once an hour for some hours. `patience` is the time limit of a call in seconds."""
        deliver = Deliver(self.store, {Platform.SLACK: self.messenger()}, call_timeout=timedelta(seconds=patience))
        for hour in range(rounds):
            await deliver.run_once(clock() + timedelta(hours=hour))

    async def state(self, delivery: Delivery) -> Delivery:
        async with self.store.read() as tx:
            found = await tx.deliveries.get(delivery.id)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def drawing_loaded() -> None:
    """Load the drawing library, because the first picture of a process takes longer."""
    chart_png(CHART)


@pytest.fixture
async def workspace(sqlite_store: Store, server: SlackServer) -> AsyncIterator[Workspace]:
    now = clock()
    async with sqlite_store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.SLACK, TEAM, "wire", now=now)
        general = await tx.channels.ensure(home.id, "C9", "general", now=now)
        intel = await tx.channels.ensure(home.id, "C1", "intel", now=now)
        topic = await tx.topics.add(NewTopic(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei"), now)
        assert topic is not None
        for channel in (intel, general):
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now
            )
    async with aiohttp.ClientSession() as session:
        yield Workspace(sqlite_store, server, session, intel, general, now)


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(status=429, error="ratelimited", headers={"Retry-After": "30"})],
        [Fault(status=503, error="service_unavailable")],
        [Fault(status=500, error="internal_error", after=True)],
        [Fault(status=200, error="fatal_error", after=True)],
        [Fault(hang_s=0.3)],
        [Fault(hang_s=0.3, after=True)],
        [Fault(drop=True)],
        [Fault(drop=True, after=True)],
        [Fault(drop=True), Fault(status=500, error="internal_error"), Fault(drop=True, after=True)],
    ],
    ids=["429", "503", "500, posted", "200 fatal, posted", "late", "late, posted", "reset", "reset, posted", "three"],
)
async def test_a_post_arrives_once_whatever_slack_answers(faults: list[Fault], workspace: Workspace) -> None:
    workspace.server.faults["chat.postMessage"] = faults
    pending = await workspace.enqueue(Notice(text="Hello"))

    await workspace.deliver(patience=0.25 if faults[0].hang_s else 15)

    (message,) = workspace.server.messages["C1"]
    assert message["text"] == "Hello"
    delivery = await workspace.state(pending)
    assert (delivery.state, delivery.external_ref) == (DeliveryState.SENT, message["ts"])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(error="channel_not_found"), "deleted"),
        (Fault(error="is_archived"), "archived"),
        (Fault(error="not_in_channel"), "/invite"),
        (Fault(error="restricted_action"), "only some people post"),
        (Fault(error="missing_scope", needed="chat:write"), "the scope chat:write"),
    ],
    ids=lambda value: value.error if isinstance(value, Fault) else "",
)
async def test_a_closed_channel_is_paused_and_another_channel_learns_why(
    fault: Fault, reason: str, workspace: Workspace
) -> None:
    workspace.server.faults["chat.postMessage"] = [fault]
    pending = await workspace.enqueue(Notice(text="Hello"))

    await workspace.deliver()

    assert workspace.server.messages["C1"] == []
    assert (await workspace.state(pending)).state is DeliveryState.DEAD
    async with workspace.store.read() as tx:
        (subscription,) = await tx.subscriptions.of_channel(workspace.intel.id)
        (other,) = await tx.subscriptions.of_channel(workspace.general.id)
    assert reason in str(subscription.paused_reason)
    assert other.paused_reason is None
    (notice,) = workspace.server.messages["C9"]
    assert reason in notice["text"]
    assert "#intel" in notice["text"]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_workspace_with_a_revoked_token_is_paused_as_a_whole(error: str, workspace: Workspace) -> None:
    workspace.server.faults["chat.postMessage"] = [Fault(error=error)]
    await workspace.enqueue(Notice(text="Hello"))

    await workspace.deliver()

    assert not workspace.server.messages["C1"] + workspace.server.messages["C9"]
    async with workspace.store.read() as tx:
        channels = await tx.channels.by_ids([workspace.intel.id, workspace.general.id])
    assert {channel.state for channel in channels.values()} == {ChannelState.GONE}
    assert all("Install the app again" in str(channel.gone_reason) for channel in channels.values())
    async with workspace.store.read() as tx:
        home = await tx.workspaces.get(workspace.intel.workspace_id)
    assert home.gone_at is not None, "the grace period has begun"


async def test_a_digest_shows_its_chart_as_a_picture_with_alternative_text(
    drawing_loaded: None, workspace: Workspace
) -> None:
    await workspace.enqueue(digest(1))

    await workspace.deliver(1)

    (message,) = workspace.server.messages["C1"]
    (picture,) = [block for block in message["blocks"] if block["type"] == "image"]
    file = workspace.server.files[picture["slack_file"]["id"]]
    assert file["body"].startswith(b"\x89PNG")
    assert file["alt"] == picture["alt_text"] == "Mentions a day: 0, 2, 1, 0, 4, 3, 7."
    assert file["channel"] is None  # visible only through the message


async def test_a_restart_between_upload_and_post_leaves_one_digest(drawing_loaded: None, workspace: Workspace) -> None:
    pending = await workspace.enqueue(digest(1))
    workspace.server.faults["chat.postMessage"] = [Fault(drop=True)]

    await workspace.deliver(1)
    await workspace.deliver(3)

    assert len(workspace.server.messages["C1"]) == 1
    assert len(workspace.server.files) == 2  # the second process does not know the first file, which nobody sees
    assert all(file["channel"] is None for file in workspace.server.files.values())
    assert (await workspace.state(pending)).state is DeliveryState.SENT


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.getUploadURLExternal", Fault(error="missing_scope")),
        ("files.getUploadURLExternal", Fault(status=429, error="ratelimited", headers={"Retry-After": "60"})),
        ("files.completeUploadExternal", Fault(drop=True)),
        ("files.info", Fault(status=500, error="internal_error")),
        ("chat.postMessage", Fault(error="invalid_blocks")),
    ],
    ids=["no scope", "429", "reset", "500", "refused in the message"],
)
async def test_a_chart_whose_picture_fails_is_shown_as_text(
    method: str, fault: Fault, drawing_loaded: None, workspace: Workspace
) -> None:
    workspace.server.faults[method] = [fault]
    await workspace.enqueue(digest(1))

    await workspace.deliver(1)

    (message,) = workspace.server.messages["C1"]
    assert "image" not in [block["type"] for block in message["blocks"]]
    assert "▁" in json.dumps(message["blocks"], ensure_ascii=False)


async def test_a_direct_message_is_posted_once_and_can_be_edited(workspace: Workspace) -> None:
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["chat.postMessage"] = [Fault(drop=True, after=True)]
    workspace.server.faults["conversations.open"] = [Fault(status=500, error="internal_error")]
    await workspace.enqueue(Notice(text="News of your story"), direct)

    await workspace.deliver()

    (message,) = workspace.server.messages["D7"]
    await workspace.messenger().edit(direct, message["ts"], Notice(text="More news"))
    assert message["text"] == "More news"


async def test_direct_messages_to_a_closed_account_are_paused_silently(workspace: Workspace) -> None:
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["conversations.open"] = [Fault(error="user_disabled")]
    await workspace.enqueue(Notice(text="News of your story"), direct)

    await workspace.deliver()

    async with workspace.store.read() as tx:
        channel = await tx.channels.get(direct.id)
    assert channel is not None
    assert "closed" in str(channel.gone_reason)
    assert not workspace.server.messages["C9"]
