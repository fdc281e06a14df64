"""Discord end to end on loopback: the unmodified library, the gateway, the real commands and a real store."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.discord.commands import command_payload
from bot.discord.gateway import DiscordGateway, open_discord
from handlers.arrive import Arrive
from handlers.commands import Commands
from handlers.errors import WirewatchError
from handlers.sources.http import open_fetcher
from storage.records import SHARED, ChannelState, Platform
from storage.store import Store
from tests.support.discord_server import CHANNEL_ID, GUILD_ID, TOKEN, DiscordServer, Fault, discord_server

MANAGE = str(1 << 4)
GUILD: dict[str, Any] = {
    "id": str(GUILD_ID),
    "name": "The Desk",
    "owner_id": "1",
    "member_count": 2,
    "system_channel_id": str(CHANNEL_ID),
    "roles": [{"id": str(GUILD_ID), "name": "@everyone", "permissions": str(1 << 11 | 1 << 10), "position": 0}],
    "channels": [{"id": str(CHANNEL_ID), "type": 0, "name": "intel", "position": 0, "permission_overwrites": []}],
    "members": [
        {"user": {"id": "1000", "username": "wirewatch", "discriminator": "0", "avatar": None}, "roles": [], "flags": 0}
    ],
}


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discord_server() as running:
        yield running


@pytest.fixture
async def commands(sqlite_store: Store) -> AsyncIterator[Commands]:
    async with sqlite_store.begin() as tx:
        await tx.topics.add(workspace_id=SHARED, name="huawei", title="Huawei", query="huawei", now=clock())
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        yield Commands(sqlite_store, arrive=Arrive(sqlite_store), fetcher=fetcher)


@pytest.fixture
async def gateway(server: DiscordServer, commands: Commands, sqlite_store: Store) -> AsyncIterator[DiscordGateway]:
    async with open_discord(
        token=TOKEN, api_url=server.api_url, commands=commands, store=sqlite_store, clock=clock
    ) as opened:
        yield opened


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


async def test_commands_are_registered_only_when_the_table_changed(
    server: DiscordServer, commands: Commands, sqlite_store: Store
) -> None:
    for _ in range(2):
        async with open_discord(
            token=TOKEN, api_url=server.api_url, commands=commands, store=sqlite_store, clock=clock
        ):
            await server.interact(2, {"id": "9", "name": "news", "type": 1})
            await server.answer()

    assert server.commands == json.loads(json.dumps(command_payload()))
    assert [method for method, path in server.calls if path.endswith("/commands")] == ["PUT"]


async def test_a_right_that_the_bot_lacks_is_named_before_anything_is_promised(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(topic="huawei"), app_permissions=str(1 << 10 | 1 << 11 | 1 << 16))

    message = await server.answer()

    assert "Embed Links" in message["embeds"][0]["description"]
    async with sqlite_store.read() as tx:
        assert await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID)) is None


async def test_who_may_not_manage_channels_is_told_so_privately(server: DiscordServer, gateway: DiscordGateway) -> None:
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
    member = {
        "user": {"id": "6", "username": "bob", "discriminator": "0", "avatar": None},
        "permissions": "0",
        "roles": [],
        "joined_at": "2020-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }

    await server.interact(2, data, member=member)
    refused = await server.answer()
    await server.interact(2, data)
    done = await server.answer()

    assert "Manage" in json.dumps(refused)
    assert "kite" in json.dumps(done)


async def test_typing_a_topic_is_completed(server: DiscordServer, gateway: DiscordGateway) -> None:
    typed = [{"name": "topic", "type": 3, "value": "hua", "focused": True}]

    await server.interact(4, {"id": "9", "name": "brief", "type": 1, "options": typed})
    answer = await server.answer()

    assert answer["choices"] == [{"name": "Huawei", "value": "Huawei"}]


async def test_a_press_works_after_a_restart(server: DiscordServer, commands: Commands, sqlite_store: Store) -> None:
    async def press_after_start(kind: int, data: dict[str, Any]) -> dict[str, Any]:
        async with open_discord(
            token=TOKEN, api_url=server.api_url, commands=commands, store=sqlite_store, clock=clock
        ):
            await server.interact(kind, data)
            return await server.answer()

    first = await press_after_start(2, subscribe(topic="huawei"))
    buttons = [button for row in first["components"] for button in row["components"]]
    daily = next(button["custom_id"] for button in buttons if "daily" in button.get("custom_id", ""))

    answer = await press_after_start(3, {"custom_id": daily, "component_type": 2})

    assert "aily" in json.dumps(answer)
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, str(CHANNEL_ID))
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert subscription.pace == "daily"


async def test_a_server_is_greeted_when_the_bot_is_added_and_let_go_when_it_is_removed(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await asyncio.wait_for(gateway.ready(), 10)

    await server.dispatch("GUILD_CREATE", GUILD)
    await server.interact(2, subscribe(topic="huawei"))
    await server.answer()

    async with sqlite_store.read() as tx:
        greeted = sum((await tx.deliveries.counts()).values())
    await server.dispatch("GUILD_DELETE", {"id": str(GUILD_ID)})

    assert greeted == 1
    assert await state_of_the_channel(sqlite_store, ChannelState.GONE) is ChannelState.GONE


async def state_of_the_channel(store: Store, wanted: ChannelState) -> ChannelState | None:
    """Its state, given some time to become the one that is wanted."""
    state = None
    for _ in range(50):
        async with store.read() as tx:
            workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
            channel = await tx.channels.find(workspace.id, str(CHANNEL_ID)) if workspace is not None else None
        state = None if channel is None else channel.state
        if state is wanted:
            break
        await asyncio.sleep(0.05)
    return state


async def test_a_wrong_token_is_named(server: DiscordServer, commands: Commands, sqlite_store: Store) -> None:
    server.faults["GET /api/v10/users/@me"] = [Fault(status=401)]

    with pytest.raises(WirewatchError, match="DISCORD_TOKEN"):
        async with open_discord(
            token=TOKEN, api_url=server.api_url, commands=commands, store=sqlite_store, clock=clock
        ):
            pass
