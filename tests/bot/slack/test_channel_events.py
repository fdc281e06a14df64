"""Events after which the bot cannot post in a channel, or can again."""

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
