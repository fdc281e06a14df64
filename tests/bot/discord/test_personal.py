"""The app installed by a person: it answers them privately anywhere, and knows nothing of the servers around them."""

import json
from typing import Any

import pytest

from bot.discord.locales import MESSAGE_COMMAND
from storage.records import Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from storage.topics import NewTopic
from tests.bot.discord.conftest import Bot, clock, until
from tests.support.discord_bodies import all_components
from tests.support.discord_guild import CHANNEL_ID, DIRECT, GUILD_ID, member
from tests.support.discord_server import DiscordServer

STRANGE_GUILD = "4444"
PLACES = ["a server without the bot", "direct messages", "a group"]
TEXT = "Huawei signed an agreement in Moscow. It covers the secret kite."


def typed(name: str, **options: str) -> dict[str, Any]:
    given = [{"name": option, "type": 3, "value": value} for option, value in options.items()]
    return {"id": "9", "name": name, "type": 1, "options": given}


MESSAGE = {"id": "500", "content": TEXT, "attachments": [], "embeds": []}
COMMANDS = {
    "brief": typed("brief", topic="huawei"),
    "find": typed("find", query="huawei"),
    "check": typed("check", text=TEXT),
    "trend": typed("trend", topic="huawei"),
    "the message command": {
        "id": "9",
        "name": MESSAGE_COMMAND,
        "type": 3,
        "target_id": "500",
        "resolved": {"messages": {"500": MESSAGE}},
    },
}


def personal(server: DiscordServer, kind: int, data: dict[str, Any], place: str) -> dict[str, Any]:
    """Return an interaction of a person who installed the app, as Discord sends it from this place."""
    payload = server.interaction(kind, data, authorizing_integration_owners={"1": "5"})
    if place == "a server without the bot":
        return payload | {"guild_id": STRANGE_GUILD, "guild": {"id": STRANGE_GUILD, "locale": "en-US", "features": []}}
    del payload["guild_id"]
    user = payload.pop("member")["user"]
    channel = {"id": "91", "type": DIRECT if place == "direct messages" else 3, "recipients": [user], "name": None}
    context = 1 if place == "direct messages" else 2
    owners = {"0": "0", "1": "5"} if context == 1 else {"1": "5"}
    return payload | {"user": user, "channel": channel, "context": context, "authorizing_integration_owners": owners}


async def settle_a_server(store: Store) -> None:
    """Give the server in which the bot is a member a topic and a source of its own."""
    async with store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=clock())
        await tx.topics.add(
            NewTopic(workspace_id=workspace.id, name="kite", title="Secret kite", query="kite"), clock()
        )
        url = "https://kite.example/feed"
        new = NewSource(workspace_id=workspace.id, kind=SourceKind.FEED, url=url, title="Kite wire")
        await tx.sources.ensure(new, clock())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("data", COMMANDS.values(), ids=COMMANDS.keys())
async def test_a_person_is_answered_privately_and_without_anything_of_a_server(
    data: dict[str, Any], place: str, bot: Bot
) -> None:
    await settle_a_server(bot.store)

    await bot.server.dispatch("INTERACTION_CREATE", personal(bot.server, 2, data, place))
    answer = await bot.server.answer()

    assert bot.server.callbacks == [{"type": 5, "data": {"flags": 64}}]
    shown = json.dumps(answer)
    assert "huawei" in shown.casefold() and "Secret kite" not in shown and "Kite wire" not in shown
    ids = [element["custom_id"] for element in all_components(answer["components"]) if "custom_id" in element]
    assert [id for id in ids if id.split(":")[0] in ("share", "subscribe", "save", "why")] == []
    async with bot.store.read() as tx:
        stored = [found.external_id for found in await tx.workspaces.all() if found.platform is Platform.DISCORD]
    assert sorted(stored) == [str(GUILD_ID), "@5"]


@pytest.mark.parametrize("action", ["share:1", "subscribe:1:instant", "show:subscriptions", "save:q.1", "follow:1"])
@pytest.mark.parametrize("place", PLACES)
async def test_a_button_that_needs_a_server_is_refused_to_the_person_alone(action: str, place: str, bot: Bot) -> None:
    await bot.server.dispatch(
        "INTERACTION_CREATE", personal(bot.server, 3, {"custom_id": action, "component_type": 2}, place)
    )

    assert "needs a server that I am a member of" in json.dumps(await bot.server.answer())
    assert bot.server.callbacks[-1]["data"]["flags"] == 64


async def test_a_command_that_needs_a_server_is_refused(bot: Bot) -> None:
    await bot.server.dispatch(
        "INTERACTION_CREATE", personal(bot.server, 2, typed("subscriptions"), "a server without the bot")
    )

    assert "needs a server that I am a member of" in json.dumps(await bot.server.answer())


async def test_a_button_of_a_private_answer_works_and_topics_of_servers_are_not_suggested(bot: Bot) -> None:
    await settle_a_server(bot.store)

    click = personal(bot.server, 3, {"custom_id": "trend:1:30d", "component_type": 2}, PLACES[0])
    await bot.server.dispatch("INTERACTION_CREATE", click)
    await until(lambda: bool(bot.server.follow_ups or bot.server.callbacks))
    data = typed("brief", topic="kit")
    data["options"][0]["focused"] = True
    await bot.server.dispatch("INTERACTION_CREATE", personal(bot.server, 4, data, PLACES[0]))
    await until(lambda: any(callback["type"] == 8 for callback in bot.server.callbacks))

    (choices,) = [callback["data"]["choices"] for callback in bot.server.callbacks if callback["type"] == 8]
    assert [choice["value"] for choice in choices] == ["kit"]


async def test_where_the_bot_is_a_member_a_person_who_installed_it_gets_the_answer_of_the_server(bot: Bot) -> None:
    owners = {"0": str(GUILD_ID), "1": "5"}

    await bot.server.interact(2, typed("subscriptions"), member=member(), authorizing_integration_owners=owners)

    assert f"<#{CHANNEL_ID}>" in json.dumps(await bot.server.answer())
