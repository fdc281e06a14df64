"""Events about servers and channels: greeting, removal, deleted channels, and channels that become usable again."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.discord.gateway import DiscordGateway
from handlers.delivery.deliver import Deliver
from storage.records import ChannelState, DeliveryKind, Platform
from storage.store import Store
from tests.bot.discord.conftest import Opening, clock, until
from tests.bot.discord.outbox import CREATE, Outbox, texts
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, GUILD_ID, guild, overwrite
from tests.support.discord_server import DiscordServer

SUBSCRIBE = {"id": "9", "name": "subscribe", "type": 1, "options": [{"name": "topic", "type": 3, "value": "huawei"}]}


async def test_a_server_is_greeted_when_the_bot_is_added_and_closed_when_it_is_removed(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await asyncio.wait_for(gateway.ready(), 20)

    await server.dispatch("GUILD_CREATE", guild())
    await server.interact(2, SUBSCRIBE)
    await server.answer()

    async with sqlite_store.read() as tx:
        greeted = sum((await tx.deliveries.counts()).values())
    await server.dispatch("GUILD_DELETE", {"id": str(GUILD_ID)})

    assert greeted == 1
    assert await wait_for_state(sqlite_store, ChannelState.GONE) is ChannelState.GONE


NOTICE = DeliveryKind.NOTICE
NEEDED = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16
"""View, send, embed links, attach files, read the history."""


@pytest.mark.parametrize(
    ("lacks", "greeted"),
    [((0, 0), "intel"), ((1 << 14, 0), "other"), ((1 << 16, 0), "other"), ((NEEDED, 1 << 15), "news")],
    ids=["the system channel", "no embeds there", "no history there", "two lack a permission"],
)
@pytest.mark.parametrize("how", ["added while it was down", "added while it runs", "available after an outage"])
async def test_a_new_server_is_greeted_once_where_everything_is_allowed(
    how: str, lacks: tuple[int, int], greeted: str, server: DiscordServer, opening: Opening, sqlite_store: Store
) -> None:
    described = guild(bot_may=NEEDED)
    for channel, denied in zip(described["channels"], lacks, strict=False):
        channel["permission_overwrites"] = [overwrite(600, deny=denied)]
    server.socket.guilds = [described] if how == "added while it was down" else []
    server.socket.unavailable = [str(GUILD_ID)] if how == "available after an outage" else []
    for _ in range(2):
        async with opening() as gateway:
            await gateway.ready()
            if how != "added while it was down":
                await server.dispatch("GUILD_CREATE", described)

            async def is_greeted() -> bool:
                return await greeted_channels(sqlite_store) != []

            await until(is_greeted)

    assert await greeted_channels(sqlite_store) == [greeted]


async def greeted_channels(store: Store) -> list[str]:
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        channels = () if workspace is None else await tx.channels.of(workspace.id)
        return [channel.name for channel in channels if await tx.deliveries.find(channel.id, NOTICE, "greeting")]


async def test_only_a_server_that_removed_the_bot_while_it_was_down_is_marked_as_gone(
    server: DiscordServer, opening: Opening, sqlite_store: Store
) -> None:
    async with sqlite_store.begin() as tx:
        workspaces = {
            id: await tx.workspaces.ensure(Platform.DISCORD, id, "Desk", now=clock()) for id in ("41", "42", "43")
        }
        await tx.workspaces.ensure(Platform.SLACK, "T1", "Desk", now=clock())
    server.socket.guilds = [guild(id="43")]

    async with opening() as gateway:
        await gateway.ready()

        async def left() -> bool:
            async with sqlite_store.read() as tx:
                return (await tx.workspaces.get(workspaces["41"].id)).gone_reason == "I was removed from the server"

        await until(left)

    async with sqlite_store.read() as tx:
        remaining = [found.external_id for found in await tx.workspaces.all() if found.gone_at is None]
    assert [id for id in remaining if id != "shared"] == ["42", "43", "T1"], "a server in an outage remains"


async def wait_for_state(store: Store, wanted: ChannelState) -> ChannelState | None:
    """Return the channel's state, after waiting some seconds for it to become the wanted one."""
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


async def test_a_deleted_channel_is_paused_at_once_and_people_see_the_reason(
    server: DiscordServer, gateway: DiscordGateway, outbox: Outbox
) -> None:
    await server.dispatch("GUILD_CREATE", guild())
    server.deleted.add(str(CHANNEL_ID))
    await server.dispatch("CHANNEL_DELETE", {**guild()["channels"][0], "guild_id": str(GUILD_ID)})

    async def is_paused() -> bool:
        return await outbox.paused_reason() is not None

    await until(is_paused)
    options = [{"name": "channel", "type": 7, "value": str(CHANNEL_ID)}]
    resolved = {"channels": {str(CHANNEL_ID): {"id": str(CHANNEL_ID), "name": "intel", "permissions": "0", "type": 0}}}
    await server.interact(2, {"id": "9", "name": "subscriptions", "type": 1, "options": options, "resolved": resolved})

    answer = json.dumps(await server.answer())

    assert "paused: " in answer and "it was deleted" in answer


async def test_the_missing_permission_is_named_as_the_gateway_knows_it(
    server: DiscordServer, gateway: DiscordGateway, outbox: Outbox
) -> None:
    server.faults[CREATE] = [Fault(status=403, code=50013)]
    await server.dispatch("GUILD_CREATE", guild(bot_may=1 << 10 | 1 << 11 | 1 << 16))
    await gateway.ready()
    outbox.deliver = Deliver(outbox.store, {Platform.DISCORD: gateway.messenger})
    await outbox.enqueue("first")

    await outbox.post(1)

    reason = await outbox.blocked_reason()

    assert '"Embed Links"' in reason and '"Send Messages"' not in reason


@pytest.mark.parametrize("event", ["GUILD_ROLE_UPDATE", "GUILD_MEMBER_UPDATE", "CHANNEL_UPDATE", "added again"])
async def test_a_channel_that_is_open_to_the_bot_again_is_used_again(
    event: str, server: DiscordServer, gateway: DiscordGateway, outbox: Outbox
) -> None:
    closed = guild(bot_may=1 << 10)
    await server.dispatch("GUILD_CREATE", closed)
    await gateway.ready()  # until then the library takes all servers for ones that the bot was in already
    server.faults[CREATE] = [Fault(status=403, code=50013)]
    await outbox.enqueue("first")
    await outbox.post(1)
    before = await outbox.blocked_reason()

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
            channel = closed["channels"][0] | {"permission_overwrites": [overwrite(600, allow=everything)]}
            await server.dispatch(event, channel | {"guild_id": str(GUILD_ID)})
        case _:
            await server.dispatch("GUILD_DELETE", {"id": str(GUILD_ID)})
            await server.dispatch("GUILD_CREATE", guild(bot_may=everything))

    async def is_active() -> bool:
        return await outbox.blocked_reason() == ""

    await until(is_active)

    assert before != ""
    assert set(await outbox.channel_states()) == {ChannelState.ACTIVE}


async def test_a_bot_that_a_moderator_timed_out_waits_until_the_time_out_ends(
    server: DiscordServer, gateway: DiscordGateway, outbox: Outbox
) -> None:
    described = guild()
    ends = clock() + timedelta(minutes=30)
    described["members"][0]["communication_disabled_until"] = ends.isoformat()
    await server.dispatch("GUILD_CREATE", described)
    await gateway.ready()
    server.faults[CREATE] = [Fault(status=403, code=50013)]
    outbox.deliver = Deliver(outbox.store, {Platform.DISCORD: gateway.messenger})
    await outbox.enqueue("first")

    await outbox.post(1)

    async with outbox.store.read() as tx:
        blocked = await tx.channels.get(outbox.channel.id)
    assert blocked is not None
    assert (blocked.state, blocked.blocked_until) == (ChannelState.BLOCKED, ends)
    assert "timed me out" in str(blocked.gone_reason)
    await server.dispatch(
        "GUILD_MEMBER_UPDATE",
        described["members"][0] | {"guild_id": str(GUILD_ID), "communication_disabled_until": None},
    )

    async def is_active() -> bool:
        return await outbox.blocked_reason() == ""

    await until(is_active)
    await outbox.post(1)
    assert texts(server) == ["first"]
