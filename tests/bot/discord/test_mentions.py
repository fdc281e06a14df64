"""Mentions of a subscription: whom the command may name, and the alert that mentions them once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.delivery.deliver import Deliver
from storage.records import Platform, Subscription
from storage.store import Store
from tests.bot.discord.conftest import Bot, clock, ingest
from tests.support.discord_bodies import all_components
from tests.support.discord_guild import CHANNEL_ID, EVERYTHING, GUILD_ID, member

MANAGE, MENTION_ALL = 1 << 4, 1 << 17
DESK = {"id": "500", "name": "desk", "mentionable": True, "permissions": "0", "position": 1}
CLOSED = DESK | {"mentionable": False}
EVERYONE = CLOSED | {"id": str(GUILD_ID), "name": "@everyone"}
ADA = {"id": "5", "username": "ada", "global_name": "Ada"}
BOB = {"id": "6", "username": "bob", "global_name": None}


def subscribe(pace: str = "instant", **kinds: dict[str, Any]) -> dict[str, Any]:
    """Return the data of /subscribe huawei with a mention of a role (`roles=`) or a person (`users=`)."""
    ((kind, named),) = kinds.items()
    options = [
        {"name": "topic", "type": 3, "value": "huawei"},
        {"name": "pace", "type": 3, "value": pace},
        {"name": "mention", "type": 9, "value": named["id"]},
    ]
    resolved = {kind: {named["id"]: named}}
    return {"id": "9", "name": "subscribe", "type": 1, "options": options, "resolved": resolved}


async def subscriptions(store: Store) -> list[Subscription]:
    """Return the channel's subscriptions."""
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        channel = None if workspace is None else await tx.channels.find(workspace.id, str(CHANNEL_ID))
        return [] if channel is None else list(await tx.subscriptions.of_channel(channel.id))


@pytest.mark.parametrize(
    ("named", "bots", "persons", "stored"),
    [
        ({"roles": DESK}, 0, 0, ("&500", "@desk")),
        ({"roles": CLOSED}, MENTION_ALL, MENTION_ALL, ("&500", "@desk")),
        ({"users": ADA}, 0, 0, ("5", "@Ada")),
    ],
    ids=["a role that anyone may mention", "another role, by a person who may mention all", "the person themselves"],
)
async def test_a_subscription_stores_whom_it_mentions(
    named: dict[str, Any],
    bots: int,
    persons: int,
    stored: tuple[str, str],
    bot: Bot,
) -> None:
    permissions = {
        "app_permissions": str(EVERYTHING & ~MENTION_ALL | bots),
        "member": member(permissions=MANAGE | persons),
    }
    await bot.server.interact(2, subscribe(**named), **permissions)
    answer = await bot.server.answer()

    assert f"Each new alert mentions {stored[1]}, once." in answer["content"].replace("\\", "")
    (subscription,) = await subscriptions(bot.store)
    assert (subscription.mention, subscription.mention_name) == stored


@pytest.mark.parametrize(
    ("named", "bots", "persons", "reason"),
    [
        (
            {"roles": EVERYONE},
            MENTION_ALL,
            MENTION_ALL,
            "I can't mention @everyone: that is everybody in the server.",
        ),
        ({"roles": CLOSED}, 0, MENTION_ALL, "or grant me"),
        ({"roles": CLOSED}, MENTION_ALL, 0, "you lack"),
        ({"users": BOB}, MENTION_ALL, MENTION_ALL, "I mention people only if they ask for it themselves"),
    ],
    ids=["everyone", "a role that the bot may not mention", "a role that the person may not mention", "somebody else"],
)
async def test_a_mention_that_is_not_allowed_is_refused_with_the_reason(
    named: dict[str, Any],
    bots: int,
    persons: int,
    reason: str,
    bot: Bot,
) -> None:
    permissions = {
        "app_permissions": str(EVERYTHING & ~MENTION_ALL | bots),
        "member": member(permissions=MANAGE | persons),
    }
    await bot.server.interact(2, subscribe(**named), **permissions)
    answer = await bot.server.answer()

    text = answer["embeds"][0]["description"].replace("\\", "")
    assert reason in text and "Nothing was changed." in text
    assert await subscriptions(bot.store) == []


async def test_the_alert_mentions_the_role_once_and_its_edits_mention_nobody(
    bot: Bot, messenger: DiscordMessenger
) -> None:
    await bot.server.interact(2, subscribe(roles=DESK))
    await bot.server.answer()
    deliver = Deliver(bot.store, {Platform.DISCORD: messenger})

    await ingest(bot.store, "Huawei opens a plant in Hungary", "Example Wire")
    await deliver.run_once(clock())
    (posted,) = (dict(message) for message in bot.server.messages[str(CHANNEL_ID)])
    await ingest(bot.store, "Huawei opens a plant in Hungary today", "Daily Sample")
    await deliver.run_once(clock() + timedelta(minutes=1))

    assert posted["content"] == "<@&500>\nHuawei: Huawei opens a plant in Hungary"
    assert posted["allowed_mentions"] == {"parse": [], "users": [], "roles": ["500"]}
    (edited,) = [body for route, body in bot.server.bodies if route.startswith("PATCH /channels")]
    assert edited["allowed_mentions"] == {"parse": [], "users": [], "roles": []}
    assert "content" not in edited, "the text that mentions the role stays"
    assert "Daily Sample" in json.dumps(edited)


async def test_the_list_shows_the_mention_and_a_button_removes_it(
    bot: Bot,
) -> None:
    await bot.server.interact(2, subscribe(pace="daily", roles=DESK))
    assert "Digests mention nobody" in (await bot.server.answer())["content"]
    await bot.server.interact(2, {"id": "9", "name": "subscriptions", "type": 1})
    listed = await bot.server.answer()

    shown = list(all_components(listed["components"]))
    assert any("mentions \\@desk" in component.get("content", "") for component in shown)
    (remove,) = [component for component in shown if component.get("label") == "Stop mentioning"]
    await bot.server.interact(3, {"custom_id": remove["custom_id"], "component_type": 2}, member=member(permissions=0))
    assert "Manage Channels" in json.dumps(await bot.server.answer())
    await bot.server.interact(3, {"custom_id": remove["custom_id"], "component_type": 2})

    assert "mentions" not in json.dumps(await bot.server.answer()).replace("allowed_mentions", "")
    assert [subscription.mention for subscription in await subscriptions(bot.store)] == [None]
