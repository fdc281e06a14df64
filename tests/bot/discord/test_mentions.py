"""Mentions that a subscription asks for: whom the command may name, and the alert that names them once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.messenger import DiscordMessenger
from handlers.delivery.deliver import Deliver
from handlers.drafts import ArticleDraft
from handlers.ingest.ingest import Ingest
from storage.records import SHARED, Platform, SourceKind, Subscription
from storage.store import Store
from tests.bot.discord.conftest import clock
from tests.support.discord_server import CHANNEL_ID, EVERYTHING, GUILD_ID, DiscordServer, member

MANAGE, MENTION_ALL = 1 << 4, 1 << 17
DESK = {"id": "500", "name": "desk", "mentionable": True, "permissions": "0", "position": 1}
CLOSED = DESK | {"mentionable": False}
EVERYONE = CLOSED | {"id": str(GUILD_ID), "name": "@everyone"}
ADA = {"id": "5", "username": "ada", "global_name": "Ada"}
BOB = {"id": "6", "username": "bob", "global_name": None}


def subscribe(pace: str = "instant", **kinds: dict[str, Any]) -> dict[str, Any]:
    """/subscribe huawei, naming a role (`roles=...`) or a person (`users=...`) as Discord resolves them."""
    ((kind, named),) = kinds.items()
    options = [
        {"name": "topic", "type": 3, "value": "huawei"},
        {"name": "pace", "type": 3, "value": pace},
        {"name": "mention", "type": 9, "value": named["id"]},
    ]
    resolved = {kind: {named["id"]: named}}
    return {"id": "9", "name": "subscribe", "type": 1, "options": options, "resolved": resolved}


async def held(store: Store) -> list[Subscription]:
    async with store.read() as tx:
        home = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        place = None if home is None else await tx.channels.find(home.id, str(CHANNEL_ID))
        return [] if place is None else list(await tx.subscriptions.of_channel(place.id))


@pytest.mark.parametrize(
    ("named", "mine", "own", "stored"),
    [
        ({"roles": DESK}, 0, 0, ("&500", "@desk")),
        ({"roles": CLOSED}, MENTION_ALL, MENTION_ALL, ("&500", "@desk")),
        ({"users": ADA}, 0, 0, ("5", "@Ada")),
    ],
    ids=["a role that anyone may mention", "a closed role, by who may mention all", "the person themselves"],
)
async def test_a_subscription_keeps_whom_it_names(
    named: dict[str, Any],
    mine: int,
    own: int,
    stored: tuple[str, str],
    server: DiscordServer,
    gateway: DiscordGateway,
    sqlite_store: Store,
) -> None:
    rights = {"app_permissions": str(EVERYTHING & ~MENTION_ALL | mine), "member": member(permissions=MANAGE | own)}
    await server.interact(2, subscribe(**named), **rights)
    answer = await server.answer()

    assert f"Each new alert mentions {stored[1]}, once." in answer["content"].replace("\\", "")
    (subscription,) = await held(sqlite_store)
    assert (subscription.mention, subscription.mention_name) == stored


@pytest.mark.parametrize(
    ("named", "mine", "own", "reason"),
    [
        ({"roles": EVERYONE}, MENTION_ALL, MENTION_ALL, "I can't mention @everyone: that is everybody in the server."),
        ({"roles": CLOSED}, 0, MENTION_ALL, "or grant me"),
        ({"roles": CLOSED}, MENTION_ALL, 0, "you lack"),
        ({"users": BOB}, MENTION_ALL, MENTION_ALL, "I mention a person only where they ask for it themselves"),
    ],
    ids=["everyone", "a role closed to the bot", "a role closed to who asks", "somebody else"],
)
async def test_who_may_not_be_mentioned_is_refused_with_the_reason(
    named: dict[str, Any],
    mine: int,
    own: int,
    reason: str,
    server: DiscordServer,
    gateway: DiscordGateway,
    sqlite_store: Store,
) -> None:
    rights = {"app_permissions": str(EVERYTHING & ~MENTION_ALL | mine), "member": member(permissions=MANAGE | own)}
    await server.interact(2, subscribe(**named), **rights)
    answer = await server.answer()

    text = answer["embeds"][0]["description"].replace("\\", "")
    assert reason in text and "Nothing was changed." in text
    assert await held(sqlite_store) == []


async def test_the_alert_mentions_the_role_once_and_its_edits_nobody(
    server: DiscordServer, gateway: DiscordGateway, messenger: DiscordMessenger, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(roles=DESK))
    await server.answer()
    deliver = Deliver(sqlite_store, {Platform.DISCORD: messenger})

    await arrives(sqlite_store, "Huawei opens a plant in Hungary", "Example Wire")
    await deliver.run_once(clock())
    (posted,) = (dict(one) for one in server.messages[str(CHANNEL_ID)])
    await arrives(sqlite_store, "Huawei opens a plant in Hungary today", "Daily Sample")
    await deliver.run_once(clock() + timedelta(minutes=1))

    assert posted["content"] == "<@&500>"
    assert posted["allowed_mentions"] == {"parse": [], "users": [], "roles": ["500"]}
    (edited,) = [body for route, body in server.bodies if route.startswith("PATCH /channels")]
    assert edited["allowed_mentions"] == {"parse": [], "users": [], "roles": []}
    assert "content" not in edited, "it stays to be seen who was mentioned"
    assert "Daily Sample" in json.dumps(edited)


async def test_the_list_shows_whom_and_ends_it_with_a_button(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(pace="daily", roles=DESK))
    assert "A digest mentions nobody" in (await server.answer())["content"]
    await server.interact(2, {"id": "9", "name": "subscriptions", "type": 1})
    listed = await server.answer()

    assert "mentions \\@desk" in listed["embeds"][0]["description"]
    (end,) = [one for row in listed["components"] for one in row["components"] if one["label"] == "No mention: Huawei"]
    await server.interact(3, {"custom_id": end["custom_id"], "component_type": 2}, member=member(permissions=0))
    assert "Manage Channels" in json.dumps(await server.answer())
    await server.interact(3, {"custom_id": end["custom_id"], "component_type": 2})

    assert "mentions" not in json.dumps((await server.answer())["embeds"])
    assert [one.mention for one in await held(sqlite_store)] == [None]


async def arrives(store: Store, title: str, publisher: str) -> None:
    now = clock()
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            workspace_id=SHARED, kind=SourceKind.API, url="api", title=publisher, now=now
        )
    text = f"{title}. The plant in Szeged will employ 500 people, the company said on Wednesday in Budapest."
    draft = ArticleDraft(
        title=title,
        text=text,
        url=f"https://example.com/{publisher.replace(' ', '-')}",
        publisher=publisher,
        language="en",
        published_at=now,
        origin="test",
    )
    await Ingest(store)([draft], source=source, now=now)
