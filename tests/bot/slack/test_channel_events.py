"""Events after which the bot cannot post in a channel, or can again."""

import json

from bot.slack.gateway import SlackGateway
from storage.records import Channel, ChannelState, Platform
from storage.store import Store
from tests.support.slack_server import TEAM, SlackServer, eventually


async def channel_of(store: Store, external_id: str) -> Channel | None:
    async with store.read() as tx:
        home = await tx.workspaces.find(Platform.SLACK, TEAM)
        return None if home is None else await tx.channels.find(home.id, external_id)


async def test_a_channel_is_used_again_once_it_is_no_longer_archived(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()

    server.archived.add("C1")
    archived = {"type": "channel_archive", "channel": "C1", "user": "U1", "event_ts": "1"}
    await server.send("events_api", server.event("Ev2", archived), envelope="e2")
    await eventually(lambda: _is(sqlite_store, ChannelState.BLOCKED))
    server.archived.clear()
    again = {"type": "channel_unarchive", "channel": "C1", "user": "U1", "event_ts": "2"}
    await server.send("events_api", server.event("Ev3", again), envelope="e3")

    await eventually(lambda: _is(sqlite_store, ChannelState.ACTIVE))


async def test_a_deleted_channel_is_closed_and_its_subscriptions_are_paused(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()

    deleted = {"type": "channel_deleted", "channel": "C1", "event_ts": "1"}
    await server.send("events_api", server.event("Ev2", deleted), envelope="e2")

    await eventually(lambda: _is(sqlite_store, ChannelState.GONE))
    channel = await channel_of(sqlite_store, "C1")
    assert channel is not None
    async with sqlite_store.read() as tx:
        subscriptions = await tx.subscriptions.of_channel(channel.id)
    assert all(subscription.paused_reason for subscription in subscriptions)


async def _is(store: Store, state: ChannelState) -> bool:
    channel = await channel_of(store, "C1")
    return channel is not None and channel.state is state


async def test_subscribing_in_a_public_channel_makes_the_app_join_it(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.outside.add("C1")

    await server.send("slash_commands", server.command("subscribe", "huawei"))
    reply = json.dumps(await server.reply())

    assert server.outside == set()
    assert "now gets" in reply and "/invite" not in reply


async def test_subscribing_in_a_private_channel_keeps_the_subscription_and_asks_for_an_invitation(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    server.hidden.add("C1")
    server.members["C1"] = ["U1"]
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    first = json.dumps(await server.reply())
    assert await _is(sqlite_store, ChannelState.BLOCKED)

    server.hidden.clear()
    await server.send("slash_commands", server.command("digest", "at 08:30"))
    second = json.dumps(await server.reply())

    assert "/invite @Wirewatch" in first and "I keep what is due" in first
    assert "can't post" not in second
    assert await _is(sqlite_store, ChannelState.ACTIVE)
    channel = await channel_of(sqlite_store, "C1")
    assert channel is not None
    async with sqlite_store.read() as tx:
        assert len(await tx.subscriptions.of_channel(channel.id)) == 1
