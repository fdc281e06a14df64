"""Events after which the bot cannot post in a channel, or can again."""

import json

import pytest

from bot.slack.gateway import SlackGateway
from handlers.delivery.recheck import ChannelAccess
from storage.records import Channel, ChannelState, Platform
from storage.store import Store
from tests.bot.slack.conftest import clock
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


async def test_everything_follows_a_channel_to_its_new_id_and_a_repeated_event_changes_nothing(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()
    old = await channel_of(sqlite_store, "C1")
    assert old is not None
    await block(sqlite_store, old)  # a post to the old id was refused before the event came

    changed = server.change_id("C1", "C77")
    for number in (2, 3):
        await server.send("events_api", server.event(f"Ev{number}", changed), envelope=f"e{number}")

    async def has_moved() -> Channel | None:
        found = await channel_of(sqlite_store, "C77")
        return found if found is not None and found.state is ChannelState.ACTIVE else None

    new = await eventually(has_moved)
    assert new is not None
    assert (new.id, new.next_digest_at, new.name) == (old.id, old.next_digest_at, "intel")
    await server.send("slash_commands", server.command("subscriptions", "", channel_id="C77"), envelope="e4")
    assert "Huawei" in json.dumps((await server.view())[1])
    assert await channel_of(sqlite_store, "C1") is None


async def block(store: Store, channel: Channel) -> None:
    async with store.begin() as tx:
        await tx.channels.update(
            channel.id, state=ChannelState.BLOCKED, gone_reason="it was deleted", blocked_at=clock()
        )


@pytest.mark.parametrize("kind", ["channel_rename", "group_rename"])
async def test_a_renamed_channel_has_its_new_name_also_where_payloads_leave_it_out(
    kind: str, server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    server.names["C1"] = "old-name"
    await server.send("slash_commands", server.command("subscribe", "huawei", channel_name="privategroup"))
    await server.reply()

    server.names["C1"] = "new-name"
    renamed = {"type": kind, "channel": {"id": "C1", "name": "new-name", "created": 1}, "event_ts": "1"}
    await server.send("events_api", server.event("Ev2", renamed), envelope="e2")
    await eventually(lambda: _has_name(sqlite_store, "new-name"))
    await server.send(
        "slash_commands", server.command("news", "", channel_name="privategroup", trigger_id="9.9"), envelope="e3"
    )
    await server.reply()

    assert await _has_name(sqlite_store, "new-name")


async def _has_name(store: Store, name: str) -> bool:
    channel = await channel_of(store, "C1")
    return channel is not None and channel.name == name


@pytest.mark.parametrize("kind", ["channel_unarchive", "group_unarchive", "channel_shared", "channel_unshared"])
async def test_a_blocked_channel_is_checked_when_slack_says_that_it_changed(
    kind: str, server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()
    channel = await channel_of(sqlite_store, "C1")
    assert channel is not None
    await block(sqlite_store, channel)

    event = {"type": kind, "channel": "C1", "connected_team_id": "T9", "event_ts": "1"}
    await server.send("events_api", server.event("Ev2", event), envelope="e2")

    await eventually(lambda: _is(sqlite_store, ChannelState.ACTIVE))


@pytest.mark.parametrize("is_member", [True, False])
async def test_a_channel_that_turns_private_is_used_further_only_if_the_app_is_in_it(
    is_member: bool, server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    server.members["C1"] = ["U1"]
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    await server.reply()
    channel = await channel_of(sqlite_store, "C1")
    assert channel is not None

    if not is_member:
        server.outside.add("C1")
    server.turn_private("C1")
    access = ChannelAccess(sqlite_store, {Platform.SLACK: gateway.messenger})
    checked = await access.check(channel, clock())

    assert checked.state is (ChannelState.ACTIVE if is_member else ChannelState.BLOCKED)
    assert is_member or "/invite @Wirewatch" in str(checked.gone_reason)
