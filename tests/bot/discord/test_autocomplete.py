"""Options are completed with what the person may see, for the channel that the command is about."""

from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from storage.records import Pace, Platform
from storage.store import Store
from tests.bot.discord.conftest import clock, two_servers_with_a_source_each
from tests.support.discord_guild import GUILD_ID, MANAGER_ROLE, OTHER_ID, guild, member
from tests.support.discord_server import DiscordServer


@pytest.mark.parametrize(
    ("name", "options", "found"),
    [
        ("brief", [{"name": "topic", "type": 3, "value": "hua", "focused": True}], ["hua", "Huawei"]),
        (
            "topics",
            [{"name": "show", "type": 1, "options": [{"name": "name", "type": 3, "value": "H", "focused": True}]}],
            ["Huawei"],
        ),
        (
            "sources",
            [{"name": "pause", "type": 1, "options": [{"name": "source", "type": 3, "value": "", "focused": True}]}],
            ["Our wire"],
        ),
        ("unsubscribe", [{"name": "topic", "type": 3, "value": "", "focused": True}], []),
    ],
    ids=["a topic", "an option of a subcommand", "a source of this server", "a subscription of this channel"],
)
async def test_an_option_is_completed_only_with_what_this_server_may_see(
    name: str,
    options: list[dict[str, Any]],
    found: list[str],
    server: DiscordServer,
    gateway: DiscordGateway,
    sqlite_store: Store,
) -> None:
    await two_servers_with_a_source_each(sqlite_store)

    await server.interact(4, {"id": "9", "name": name, "type": 1, "options": options})

    assert (await server.answer())["choices"] == [{"name": value, "value": value} for value in found]


@pytest.mark.parametrize(
    ("roles", "found"), [([str(MANAGER_ROLE)], ["Huawei"]), ([], [])], ids=["a manager of it", "anybody else"]
)
async def test_an_option_is_completed_with_what_the_channel_of_another_option_gets(
    roles: list[str], found: list[str], server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.dispatch("GUILD_CREATE", guild())
    async with sqlite_store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=clock())
        other = await tx.channels.ensure(workspace.id, str(OTHER_ID), "other", now=clock())
        (topic,) = await tx.topics.visible(workspace.id)
        await tx.subscriptions.ensure(
            channel_id=other.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=clock()
        )
    # Discord sends only the id of a channel with an option that is being typed.
    options = [
        {"name": "channel", "type": 7, "value": str(OTHER_ID)},
        {"name": "topic", "type": 3, "value": "", "focused": True},
    ]
    person = member("6", permissions=0) | {"roles": roles}

    await server.interact(4, {"id": "9", "name": "unsubscribe", "type": 1, "options": options}, member=person)

    assert [choice["value"] for choice in (await server.answer())["choices"]] == found
