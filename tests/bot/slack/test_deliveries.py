"""Whatever Slack does, over real HTTP: a message arrives once, or the channel is paused with a reason that is told."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.charts.png import chart_png
from bot.slack.chart_files import Pictures
from bot.slack.messenger import SlackMessenger
from bot.slack.teams import OneWorkspace, Speaker, web_client
from handlers.answers.answer import Notice, Post
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import Deliver
from handlers.delivery.settle import new_key
from storage.records import SHARED, Channel, ChannelState, Delivery, DeliveryKind, DeliveryState, Pace, Platform
from storage.store import Store
from tests.bot.slack.conftest import clock
from tests.support.answers import CHART, digest
from tests.support.slack_server import BOT, BOT_TOKEN, TEAM, Fault, SlackServer


@dataclass(slots=True)
class Room:
    """Two channels of a workspace; one is owed a post."""

    store: Store
    server: SlackServer
    session: aiohttp.ClientSession
    intel: Channel
    general: Channel
    started: datetime

    def messenger(self) -> SlackMessenger:
        """Of a process that has just begun."""
        client = web_client(BOT_TOKEN, api_url=self.server.api_url, session=self.session)
        speaker = Speaker(client=client, team_id=TEAM, team_name="wire", bot_user=BOT, bot_id="B1")
        return SlackMessenger(OneWorkspace(speaker), Pictures(self.session))

    async def enqueue(self, post: Post, channel: Channel | None = None) -> Delivery:
        async with self.store.begin() as tx:
            owed, _ = await tx.deliveries.enqueue(
                channel_id=(channel or self.intel).id,
                kind=DeliveryKind.NOTICE,
                subject=new_key(),
                key=new_key(),
                due_at=self.started,
                now=self.started,
                body=serialize(post),
            )
        return owed

    async def deliver(self, rounds: int = 4, *, patience: float = 15) -> None:
        """As time goes on: an hour between two rounds. `patience` is in seconds."""
        deliver = Deliver(self.store, {Platform.SLACK: self.messenger()}, patience=timedelta(seconds=patience))
        for hour in range(rounds):
            await deliver.once(clock() + timedelta(hours=hour))

    async def state(self, delivery: Delivery) -> Delivery:
        async with self.store.read() as tx:
            found = await tx.deliveries.get(delivery.id)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def drawn() -> None:
    """The library that draws is loaded; the first picture of a process takes its time."""
    chart_png(CHART)


@pytest.fixture
async def room(sqlite_store: Store, server: SlackServer) -> AsyncIterator[Room]:
    now = clock()
    async with sqlite_store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.SLACK, TEAM, "wire", now=now)
        general = await tx.channels.ensure(home.id, "C9", "general", now=now)
        intel = await tx.channels.ensure(home.id, "C1", "intel", now=now)
        topic = await tx.topics.add(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", now=now)
        assert topic is not None
        for channel in (intel, general):
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now
            )
    async with aiohttp.ClientSession() as session:
        yield Room(sqlite_store, server, session, intel, general, now)


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
async def test_a_message_arrives_once(faults: list[Fault], room: Room) -> None:
    room.server.faults["chat.postMessage"] = faults
    owed = await room.enqueue(Notice(text="Hello"))

    await room.deliver(patience=0.25 if faults[0].hang_s else 15)

    (message,) = room.server.messages["C1"]
    assert message["text"] == "Hello"
    delivery = await room.state(owed)
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
async def test_a_channel_that_is_closed_is_paused_and_another_hears_why(fault: Fault, reason: str, room: Room) -> None:
    room.server.faults["chat.postMessage"] = [fault]
    owed = await room.enqueue(Notice(text="Hello"))

    await room.deliver()

    assert room.server.messages["C1"] == []
    assert (await room.state(owed)).state is DeliveryState.DEAD
    async with room.store.read() as tx:
        (subscription,) = await tx.subscriptions.of_channel(room.intel.id)
        (other,) = await tx.subscriptions.of_channel(room.general.id)
    assert reason in str(subscription.paused_reason)
    assert other.paused_reason is None
    (told,) = room.server.messages["C9"]
    assert reason in told["text"]
    assert "#intel" in told["text"]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_workspace_whose_token_is_gone_is_paused_as_a_whole(error: str, room: Room) -> None:
    room.server.faults["chat.postMessage"] = [Fault(error=error)]
    await room.enqueue(Notice(text="Hello"))

    await room.deliver()

    assert not room.server.messages["C1"] + room.server.messages["C9"]
    async with room.store.read() as tx:
        channels = await tx.channels.by_ids([room.intel.id, room.general.id])
    assert {one.state for one in channels.values()} == {ChannelState.GONE}
    assert all("Install the app again" in str(one.gone_reason) for one in channels.values())
    async with room.store.read() as tx:
        home = await tx.workspaces.get(room.intel.workspace_id)
    assert home.gone_at is not None, "its time of grace has begun"


async def test_a_digests_chart_is_a_picture_with_its_words(drawn: None, room: Room) -> None:
    await room.enqueue(digest(1))

    await room.deliver(1)

    (message,) = room.server.messages["C1"]
    (picture,) = [block for block in message["blocks"] if block["type"] == "image"]
    file = room.server.files[picture["slack_file"]["id"]]
    assert file["body"].startswith(b"\x89PNG")
    assert file["alt"] == picture["alt_text"] == "Mentions a day: 0, 2, 1, 0, 4, 3, 7."
    assert file["channel"] is None  # shown by the message alone


async def test_a_process_that_is_killed_between_upload_and_post_leaves_one_digest(drawn: None, room: Room) -> None:
    owed = await room.enqueue(digest(1))
    room.server.faults["chat.postMessage"] = [Fault(drop=True)]

    await room.deliver(1)
    await room.deliver(3)

    assert len(room.server.messages["C1"]) == 1
    assert len(room.server.files) == 2  # another process cannot know of the first, which nobody sees
    assert all(file["channel"] is None for file in room.server.files.values())
    assert (await room.state(owed)).state is DeliveryState.SENT


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
async def test_a_picture_that_fails_is_drawn_in_characters(method: str, fault: Fault, drawn: None, room: Room) -> None:
    room.server.faults[method] = [fault]
    await room.enqueue(digest(1))

    await room.deliver(1)

    (message,) = room.server.messages["C1"]
    assert "image" not in [block["type"] for block in message["blocks"]]
    assert "▁" in json.dumps(message["blocks"], ensure_ascii=False)


async def test_a_direct_message_is_posted_found_again_and_edited(room: Room) -> None:
    async with room.store.begin() as tx:
        direct = await tx.channels.ensure(room.intel.workspace_id, "@U7", "@ada", now=room.started)
    room.server.faults["chat.postMessage"] = [Fault(drop=True, after=True)]
    room.server.faults["conversations.open"] = [Fault(status=500, error="internal_error")]
    await room.enqueue(Notice(text="News of your story"), direct)

    await room.deliver()

    (message,) = room.server.messages["D7"]
    await room.messenger().edit(direct, message["ts"], Notice(text="More news"))
    assert message["text"] == "More news"


async def test_a_person_who_cannot_be_written_to_is_paused_and_nobody_is_told(room: Room) -> None:
    async with room.store.begin() as tx:
        direct = await tx.channels.ensure(room.intel.workspace_id, "@U7", "@ada", now=room.started)
    room.server.faults["conversations.open"] = [Fault(error="user_disabled")]
    await room.enqueue(Notice(text="News of your story"), direct)

    await room.deliver()

    async with room.store.read() as tx:
        channel = await tx.channels.get(direct.id)
    assert channel is not None
    assert "closed" in str(channel.gone_reason)
    assert not room.server.messages["C9"]
