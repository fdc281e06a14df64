"""The outbox on Discord: whatever fails, a message stands once, or the channel is closed with a reason people see."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.messenger import DiscordMessenger
from handlers.answers.answer import Note, Notice
from handlers.answers.parts import Quote
from handlers.answers.serialize import serialize
from handlers.commands.dispatch import Commands
from handlers.delivery.deliver import Deliver
from storage.deliveries import NewDelivery
from storage.records import Channel, ChannelState, DeliveryKind, DeliveryState, Pace, Platform
from storage.store import Store
from tests.bot.discord.conftest import clock, until
from tests.support.answers import LEAD
from tests.support.discord_guild import OTHER_ID, guild, overwrite
from tests.support.discord_server import CHANNEL_ID, FORUM, GUILD_ID, DiscordServer, Fault

CREATE = "POST /api/v10/channels/{channel}/messages"
BEGIN = "POST /api/v10/channels/{channel}/threads"
PROXY = {"Via": "1.1 google"}
NOTE = Note(label="New", quote=Quote(text="Washington said more."), source=LEAD)


@dataclass
class Desk:
    """Two subscribed channels, and the loop that posts, its clock moved on by hand."""

    store: Store
    deliver: Deliver
    intel: Channel
    other: Channel
    now: datetime

    async def enqueue(self, text: str, *, parent: int | None = None) -> int:
        async with self.store.begin() as tx:
            owed, _ = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=self.intel.id,
                    kind=DeliveryKind.NOTICE if parent is None else DeliveryKind.NOTE,
                    subject=text,
                    key=f"key{text}",
                    due_at=self.now,
                    parent_id=parent,
                    body=serialize(Notice(text=text) if parent is None else NOTE),
                ),
                self.now,
            )
        return owed.id

    async def post(self, turns: int = 6) -> None:
        """As the loop does, the waiting left out."""
        for _ in range(turns):
            await self.deliver.run_once(self.now)
            self.now += timedelta(minutes=20)

    async def state(self, id: int) -> tuple[DeliveryState, str | None]:
        async with self.store.read() as tx:
            found = await tx.deliveries.get(id)
        assert found is not None
        return found.state, found.reason

    async def paused(self) -> str | None:
        async with self.store.read() as tx:
            (held,) = await tx.subscriptions.of_channel(self.intel.id)
        return held.paused_reason

    async def channels(self) -> list[ChannelState]:
        async with self.store.read() as tx:
            return [one.state for one in await tx.channels.of(self.intel.workspace_id)]


@pytest.fixture
async def desk(sqlite_store: Store, commands: Commands, messenger: DiscordMessenger) -> AsyncIterator[Desk]:
    now = clock()
    async with sqlite_store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=now)
        intel = await tx.channels.ensure(home.id, str(CHANNEL_ID), "intel", now=now)
        other = await tx.channels.ensure(home.id, str(OTHER_ID), "other", now=now)
        (topic,) = await tx.topics.visible(home.id)
        await tx.subscriptions.ensure(
            channel_id=intel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=now
        )
    deliver = Deliver(sqlite_store, {Platform.DISCORD: messenger}, call_timeout=timedelta(seconds=0.25))
    yield Desk(store=sqlite_store, deliver=deliver, intel=intel, other=other, now=now)


def said(server: DiscordServer, place: int = CHANNEL_ID) -> list[str]:
    return [message["embeds"][0]["description"] for message in server.messages[str(place)]]


@pytest.mark.parametrize(
    ("fault", "nonces"),
    [
        (Fault(status=429, retry_after=90.0, headers=PROXY), False),
        (Fault(status=429, headers=PROXY), False),
        (Fault(status=429), False),
        (Fault(status=500), False),
        (Fault(status=503), False),
        (Fault(status=503, after=True), False),
        (Fault(status=520, after=True), True),
        (Fault(drop=True), False),
        (Fault(drop=True, after=True), False),
        (Fault(drop=True, after=True), True),
        (Fault(status=403), False),
        (Fault(status=200, wait=0.4, code=1), False),
    ],
    ids=[
        "429 with a time",
        "429 without one",
        "429 from before Discord",
        "500",
        "503",
        "503 though done",
        "520 though done",
        "reset",
        "reset though done",
        "reset though done, nonce remembered",
        "403 from before Discord",
        "no answer in time",
    ],
)
async def test_whatever_goes_wrong_on_the_way_each_message_stands_once_and_in_order(
    fault: Fault, nonces: bool, server: DiscordServer, desk: Desk
) -> None:
    server.remembers_nonces = nonces
    server.faults[CREATE] = [fault]
    first, second = await desk.enqueue("first"), await desk.enqueue("second")

    await desk.post()

    assert said(server) == ["first", "second"]
    assert [await desk.state(id) for id in (first, second)] == [(DeliveryState.SENT, None)] * 2


async def test_a_message_that_stands_only_after_the_bot_gave_up_waiting_is_the_same_message(
    server: DiscordServer, desk: Desk
) -> None:
    server.faults[CREATE] = [Fault(wait=0.6)]
    await desk.enqueue("first")

    await desk.post()
    await until(lambda: server.faults[CREATE] == [] and len(said(server)) > 0)
    await desk.post()

    assert said(server) == ["first"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(status=404, code=10003), "it was deleted"),
        (Fault(status=403, code=50001), "View Channel"),
        (Fault(status=403, code=50013), "Send Messages"),
        (Fault(status=400, code=50008), "not a text channel"),
    ],
    ids=["channel deleted", "no access", "missing right", "no text channel"],
)
async def test_a_channel_that_is_closed_to_the_bot_is_paused_and_another_channel_hears_why(
    fault: Fault, reason: str, server: DiscordServer, desk: Desk, commands: Commands
) -> None:
    server.faults[CREATE] = [fault]
    await desk.enqueue("first")

    await desk.post()
    asked = len(server.calls)
    await desk.enqueue("later")
    await desk.post(2)

    assert reason in (await desk.paused() or "")
    (heard,) = said(server, OTHER_ID)
    assert heard.count("can't post in") == 1 and reason in heard.replace("\\", "")
    assert len(server.calls) == asked, "what answered so is not called again"


async def test_a_server_that_removed_the_bot_is_closed_as_a_whole(server: DiscordServer, desk: Desk) -> None:
    server.faults[CREATE] = [Fault(status=404, code=10004)]
    await desk.enqueue("first")

    await desk.post()

    assert await desk.channels() == [ChannelState.GONE] * 2
    assert "removed from the server" in (await desk.paused() or "")


async def test_a_revoked_token_loses_nothing_and_is_not_used_again(server: DiscordServer, desk: Desk) -> None:
    server.faults[CREATE] = [Fault(status=401)]
    owed = await desk.enqueue("first")

    await desk.post()
    tried = [path for method, path in server.calls if method == "POST"]

    assert await desk.state(owed) == (DeliveryState.FAILED, "Discord no longer accepts DISCORD_TOKEN.")
    assert await desk.paused() is None
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(status=403, code=50013), "Create Public Threads"),
        (Fault(status=404, code=10008), "message was deleted"),
        (Fault(status=400, code=160006), "as many open threads"),
    ],
    ids=["missing right", "alert deleted", "too many threads"],
)
async def test_a_thread_that_cannot_be_made_ends_its_note_and_nothing_else(
    fault: Fault, reason: str, server: DiscordServer, desk: Desk
) -> None:
    server.faults["POST /api/v10/channels/{channel}/messages/{message}/threads"] = [fault]
    alert = await desk.enqueue("alert")
    await desk.post(1)
    note = await desk.enqueue("note", parent=alert)
    last = await desk.enqueue("last")

    await desk.post()

    state, why = await desk.state(note)
    assert state is DeliveryState.DEAD and reason in (why or "")
    assert (await desk.state(last))[0] is DeliveryState.SENT
    assert await desk.paused() is None


async def test_a_note_in_a_thread_that_moderators_locked_ends_alone(server: DiscordServer, desk: Desk) -> None:
    alert = await desk.enqueue("alert")
    await desk.post(1)
    ref = server.messages[str(CHANNEL_ID)][0]["id"]
    server.forum_posts[ref] = {"thread_metadata": {"archived": True, "locked": True}, "parent_id": str(CHANNEL_ID)}
    note = await desk.enqueue("note", parent=alert)

    await desk.post()

    assert await desk.state(note) == (DeliveryState.DEAD, "Its thread is locked.")
    assert await desk.paused() is None


@pytest.mark.parametrize("fault", [Fault(drop=True, after=True), Fault(status=503, after=True), Fault(drop=True)])
async def test_a_forums_post_stands_once_though_no_nonce_protects_it(
    fault: Fault, server: DiscordServer, desk: Desk
) -> None:
    server.kinds[str(CHANNEL_ID)] = FORUM
    server.faults[BEGIN] = [fault]
    owed = await desk.enqueue("first")

    await desk.post()

    (ref,) = server.forum_posts
    assert [message["id"] for message in server.messages[ref]] == [ref]
    assert await desk.state(owed) == (DeliveryState.SENT, None)


async def test_what_the_gateway_tells_closes_a_channel_at_once_and_people_are_shown_why(
    server: DiscordServer, gateway: DiscordGateway, desk: Desk
) -> None:
    await server.dispatch("GUILD_CREATE", guild())
    await server.dispatch("CHANNEL_DELETE", {**guild()["channels"][0], "guild_id": str(GUILD_ID)})

    async def is_paused() -> bool:
        return await desk.paused() is not None

    await until(is_paused)
    options = [{"name": "channel", "type": 7, "value": str(CHANNEL_ID)}]
    resolved = {"channels": {str(CHANNEL_ID): {"id": str(CHANNEL_ID), "name": "intel", "permissions": "0", "type": 0}}}
    await server.interact(2, {"id": "9", "name": "subscriptions", "type": 1, "options": options, "resolved": resolved})

    answer = json.dumps(await server.answer())

    assert "paused: " in answer and "it was deleted" in answer


async def test_a_right_that_is_missing_is_named_as_the_gateway_knows_it(
    server: DiscordServer, gateway: DiscordGateway, desk: Desk
) -> None:
    server.faults[CREATE] = [Fault(status=403, code=50013)]
    await server.dispatch("GUILD_CREATE", guild(bot_may=1 << 10 | 1 << 11 | 1 << 16))
    await gateway.ready()
    desk.deliver = Deliver(desk.store, {Platform.DISCORD: gateway.messenger})
    await desk.enqueue("first")

    await desk.post(1)

    reason = await desk.paused() or ""

    assert '"Embed Links"' in reason and '"Send Messages"' not in reason


@pytest.mark.parametrize("event", ["GUILD_ROLE_UPDATE", "GUILD_MEMBER_UPDATE", "CHANNEL_UPDATE", "added again"])
async def test_a_channel_that_is_open_to_the_bot_again_is_used_again(
    event: str, server: DiscordServer, gateway: DiscordGateway, desk: Desk
) -> None:
    closed = guild(bot_may=1 << 10)
    await server.dispatch("GUILD_CREATE", closed)
    await gateway.ready()  # before that the library takes whatever comes for what was there already
    server.faults[CREATE] = [Fault(status=403, code=50013)]
    await desk.enqueue("first")
    await desk.post(1)
    was = await desk.paused()

    everything = 1 << 10 | 1 << 11 | 1 << 14
    match event:
        case "GUILD_ROLE_UPDATE":
            role = closed["roles"][1] | {"permissions": str(everything)}
            await server.dispatch(event, {"guild_id": str(GUILD_ID), "role": role})
        case "GUILD_MEMBER_UPDATE":
            role = {"id": "700", "name": "news", "permissions": str(everything), "position": 3}
            await server.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(GUILD_ID), "role": role})
            own = closed["members"][0] | {"guild_id": str(GUILD_ID), "roles": ["600", "700"]}
            await server.dispatch(event, own)
        case "CHANNEL_UPDATE":
            place = closed["channels"][0] | {"permission_overwrites": [overwrite(600, allow=everything)]}
            await server.dispatch(event, place | {"guild_id": str(GUILD_ID)})
        case _:
            await server.dispatch("GUILD_DELETE", {"id": str(GUILD_ID)})
            await server.dispatch("GUILD_CREATE", guild(bot_may=everything))

    async def goes_on() -> bool:
        return await desk.paused() is None

    await until(goes_on)

    assert was is not None
    assert ChannelState.GONE not in await desk.channels()
