"""The gateway end to end on loopback, with the unmodified library, the real commands and a real store."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.discord.client import Timing
from bot.discord.gateway import DiscordGateway
from handlers.answers.errors import WirewatchError
from storage.records import Platform
from storage.store import Store
from tests.bot.discord.conftest import QUICK, Opening, clock, until
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, GUILD_ID, member
from tests.support.discord_server import DiscordServer
from tests.support.discord_socket import IDENTIFY, RESUME


def subscribe(**options: str) -> dict[str, Any]:
    typed = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    return {"id": "9", "name": "subscribe", "type": 1, "options": typed}


async def test_a_command_is_deferred_and_answered_to_the_asker_alone(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    await server.interact(2, subscribe(topic="huawei"))

    message = await server.answer()

    assert server.callbacks[0] == {"type": 5, "data": {"flags": 64}}
    assert "Huawei" in json.dumps(message)
    assert await gateway.problem(clock()) is None


async def test_a_missing_permission_is_named_before_anything_is_promised(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(topic="huawei"), app_permissions=str(1 << 10 | 1 << 11 | 1 << 16))

    message = await server.answer()

    assert "Embed Links" in message["embeds"][0]["description"]
    async with sqlite_store.read() as tx:
        assert await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID)) is None


async def test_a_person_without_permission_is_refused_privately(server: DiscordServer, gateway: DiscordGateway) -> None:
    data = {
        "id": "9",
        "name": "topics",
        "type": 1,
        "options": [
            {
                "name": "add",
                "type": 1,
                "options": [
                    {"name": "name", "type": 3, "value": "kites"},
                    {"name": "query", "type": 3, "value": "kite"},
                ],
            }
        ],
    }

    await server.interact(2, data, member=member("6", permissions=0))
    refused = await server.answer()
    await server.interact(2, data)
    done = await server.answer()

    assert "Manage" in json.dumps(refused)
    assert "kite" in json.dumps(done)


async def test_a_topic_is_completed_while_it_is_typed(server: DiscordServer, gateway: DiscordGateway) -> None:
    typed = [{"name": "topic", "type": 3, "value": "hua", "focused": True}]

    await server.interact(4, {"id": "9", "name": "brief", "type": 1, "options": typed})
    answer = await server.answer()

    assert answer["choices"] == [{"name": "hua", "value": "hua"}, {"name": "Huawei", "value": "Huawei"}]


async def test_a_button_works_after_a_restart(server: DiscordServer, opening: Opening, sqlite_store: Store) -> None:
    async def after_restart(kind: int, data: dict[str, Any]) -> dict[str, Any]:
        async with opening():
            await server.interact(kind, data)
            return await server.answer()

    first = await after_restart(2, subscribe(topic="huawei"))
    buttons = [button for row in first["components"] for button in row["components"]]
    daily = next(button["custom_id"] for button in buttons if "daily" in button.get("custom_id", ""))

    answer = await after_restart(3, {"custom_id": daily, "component_type": 2})

    assert "aily" in json.dumps(answer)
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, str(CHANNEL_ID))
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert subscription.pace == "daily"


async def test_events_after_the_gateway_is_closed_are_dropped(opening: Opening, sqlite_store: Store) -> None:
    """The library waits some time for more servers after READY, and dispatches the event even after it was closed."""
    async with sqlite_store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, "41", "Desk", now=clock())
    timing = Timing(servers=0.3, between_shards=0.0)

    async with opening(timing=timing) as gateway:

        async def is_connected() -> bool:
            return await gateway.problem(clock()) is None

        await until(is_connected)
    await asyncio.sleep(0.6)

    async with sqlite_store.read() as tx:
        assert (await tx.workspaces.get(workspace.id)).gone_at is None


async def test_a_wrong_token_is_named(server: DiscordServer, opening: Opening) -> None:
    server.faults["GET /api/v10/users/@me"] = [Fault(status=401)]

    with pytest.raises(WirewatchError, match="DISCORD_TOKEN"):
        async with opening():
            pass


async def test_an_interaction_during_a_disconnection_is_answered_after_the_resume(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    await asyncio.wait_for(server.socket.ready.wait(), 20)
    lost = server.interaction(2, subscribe(topic="huawei"))

    await server.socket.ask_to_reconnect()
    server.socket._sockets.clear()  # nobody receives what is sent from here on
    await server.socket.dispatch("INTERACTION_CREATE", lost)

    assert "Huawei" in json.dumps(await server.answer())
    assert server.socket.opened == [(IDENTIFY, 0), (RESUME, 0)]
    assert len(server.callbacks) == 1
    assert await gateway.problem(clock()) is None


async def test_an_invalid_session_is_replaced_by_a_new_one(server: DiscordServer, gateway: DiscordGateway) -> None:
    await asyncio.wait_for(server.socket.ready.wait(), 20)
    server.socket.ready.clear()
    server.socket.invalid_sessions = 1

    await server.socket.ask_to_reconnect()
    await server.interact(2, subscribe(topic="huawei"))

    assert "Huawei" in json.dumps(await server.answer())
    assert server.socket.opened == [(IDENTIFY, 0), (RESUME, 0), (IDENTIFY, 0)]


async def test_a_silent_connection_is_closed_and_the_session_resumed(server: DiscordServer, opening: Opening) -> None:
    server.socket.heartbeat_ms = 20
    server.socket.acknowledges = False
    async with opening(timing=Timing(heartbeat=0.06, servers=0.01, between_shards=0.0)):
        await until(lambda: len(server.socket.opened) > 1)
        server.socket.acknowledges = True
        await server.interact(2, subscribe(topic="huawei"))
        answer = await server.answer()

    assert "Huawei" in json.dumps(answer)
    assert server.socket.opened[:2] == [(IDENTIFY, 0), (RESUME, 0)]
    assert server.socket.heartbeats > 0


@pytest.mark.parametrize("shards", [None, 2], ids=["recommended", "by setting"])
async def test_servers_are_distributed_over_shards(shards: int | None, server: DiscordServer, opening: Opening) -> None:
    server.recommended_shards = 2
    other = str((1 << 22) + 7)  # its shard is 1: https://discord.com/developers/docs/events/gateway#sharding
    async with opening(shards=shards) as gateway:
        await asyncio.wait_for(server.socket.ready.wait(), 20)
        interaction = server.interaction(2, subscribe(topic="huawei"), guild_id=other)
        await server.socket.dispatch("INTERACTION_CREATE", interaction, shard=1)
        answer = await server.answer()
        problem = await gateway.problem(clock())

    assert "Huawei" in json.dumps(answer)
    assert server.socket.opened == [(IDENTIFY, 0), (IDENTIFY, 1)]
    assert problem is None


async def test_a_gateway_that_is_down_for_five_minutes_ends_the_process(
    server: DiscordServer, opening: Opening
) -> None:
    async with opening() as gateway:
        await asyncio.wait_for(server.socket.ready.wait(), 20)
        server.socket.invalid_sessions = 1_000_000  # Discord answers, and accepts no session
        await server.socket.cut()
        await until(lambda: _is_down(gateway))
        now = clock()
        dead = [gateway.dead(now + timedelta(minutes=minutes)) for minutes in (0, 4, 6)]

    assert dead == [False, False, True]


async def test_how_long_the_gateway_is_down_does_not_depend_on_the_wall_clock(
    server: DiscordServer, opening: Opening
) -> None:
    steady = clock() - timedelta(hours=1)  # the wall clock was set forward
    async with opening(timing=replace(QUICK, steady=lambda: steady)) as gateway:
        await asyncio.wait_for(server.socket.ready.wait(), 20)
        server.socket.invalid_sessions = 1_000_000
        await server.socket.cut()
        await until(lambda: _is_down(gateway))
        dead = [gateway.dead(steady + timedelta(minutes=minutes)) for minutes in (0, 4, 6)]

    assert dead == [False, False, True]


async def _is_down(gateway: DiscordGateway) -> bool:
    return await gateway.problem(clock()) is not None


@pytest.mark.parametrize("code", [4004, 4014], ids=["the token was revoked", "an intent is not allowed"])
async def test_a_gateway_that_discord_closed_for_good_ends_the_process(
    code: int, server: DiscordServer, opening: Opening
) -> None:
    async with opening() as gateway:
        await asyncio.wait_for(server.socket.ready.wait(), 20)
        await server.socket.cut(code=code)
        await until(lambda: gateway.dead(clock()))
        problem = await gateway.problem(clock())

    assert problem is not None and "ended" in problem


async def test_a_running_interaction_is_answered_before_the_bot_stops(server: DiscordServer, opening: Opening) -> None:
    server.faults["POST /api/v10/interactions/{id}/{token}/callback"] = [Fault(wait=0.1)]
    async with opening():
        await server.interact(2, subscribe(topic="huawei"))
        await until(lambda: any("callback" in path for _, path in server.calls))

    assert "Huawei" in json.dumps(server.edits)
