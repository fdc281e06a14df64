"""Who may change what, and what the bot itself may do: asked of the channel that it is about, before it is promised."""

import json
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.permissions import Right
from storage.records import Pace, Platform, Subscription
from storage.store import Store
from tests.bot.discord.conftest import clock
from tests.support.discord_guild import FORUM_ID, MANAGER_ROLE, OTHER_ID, guild
from tests.support.discord_server import (
    ANNOUNCEMENTS,
    CHANNEL_ID,
    EVERYTHING,
    FORUM,
    GUILD_ID,
    TEXT,
    THREAD,
    DiscordServer,
    member,
)

MANAGE = int(Right.MANAGE_CHANNELS)


def subscribe(channel: dict[str, Any] | None = None, **options: str) -> dict[str, Any]:
    """/subscribe, in a channel that an option names."""
    typed: list[dict[str, Any]] = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    data: dict[str, Any] = {"id": "9", "name": "subscribe", "type": 1, "options": typed}
    if channel is not None:
        typed.append({"name": "channel", "type": 7, "value": channel["id"]})
        data["resolved"] = {"channels": {channel["id"]: channel}}
    return data


def named(*, permissions: int, kind: int = TEXT, id: int = OTHER_ID, **more: Any) -> dict[str, Any]:
    return {"id": str(id), "type": kind, "name": "other", "permissions": str(permissions), **more}


async def subscriptions(store: Store, channel: int) -> tuple[Subscription, ...]:
    async with store.read() as tx:
        home = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        place = None if home is None else await tx.channels.find(home.id, str(channel))
        return () if place is None else await tx.subscriptions.of_channel(place.id)


async def subscribed_to_other(store: Store) -> Subscription:
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=clock())
        place = await tx.channels.ensure(home.id, str(OTHER_ID), "other", now=clock())
        (topic,) = await tx.topics.visible(home.id)
        made, _ = await tx.subscriptions.ensure(
            channel_id=place.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=clock()
        )
    return made


@pytest.mark.parametrize(
    ("here", "there", "done"),
    [(MANAGE, MANAGE, True), (MANAGE, 0, False), (0, MANAGE, True), (0, 0, False)],
    ids=["both", "only here", "only there", "nowhere"],
)
async def test_another_channel_is_changed_by_who_manages_that_one(
    here: int, there: int, done: bool, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(named(permissions=there), topic="huawei"), member=member(permissions=here))
    answer = json.dumps(await server.answer())

    assert bool(await subscriptions(sqlite_store, OTHER_ID)) is done
    assert await subscriptions(sqlite_store, CHANNEL_ID) == ()
    assert done or ("Manage Channels" in answer and "#other" in answer)


@pytest.mark.parametrize(
    ("roles", "here", "done"),
    [([], MANAGE, False), ([str(MANAGER_ROLE)], 0, True)],
    ids=["who manages only the place pressed", "who manages the other channel"],
)
async def test_a_button_about_another_channel_asks_for_the_right_there(
    roles: list[str], here: int, done: bool, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    server.socket.guilds = [guild()]
    held = await subscribed_to_other(sqlite_store)
    await server.dispatch("GUILD_CREATE", guild())

    person = member("6", permissions=here) | {"roles": roles}
    await server.interact(3, {"custom_id": f"pace:{held.id}:daily", "component_type": 2}, member=person)
    answer = json.dumps(await server.answer())

    (now,) = await subscriptions(sqlite_store, OTHER_ID)
    assert now.pace is (Pace.DAILY if done else Pace.INSTANT)
    assert done or "Manage Channels" in answer


async def test_a_server_that_opened_a_command_to_others_opened_it_for_the_channel_they_are_in(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, subscribe(topic="huawei"), member=member(permissions=0))
    await server.answer()

    assert len(await subscriptions(sqlite_store, CHANNEL_ID)) == 1


@pytest.mark.parametrize(
    ("told_by", "kind", "lacks", "names"),
    [
        ("the place", TEXT, Right.EMBED_LINKS, ["Embed Links"]),
        ("discord", TEXT, Right.SEND_MESSAGES | Right.ATTACH_FILES, ["Send Messages", "Attach Files"]),
        ("the gateway's memory", TEXT, Right.CREATE_PUBLIC_THREADS, ["Create Public Threads"]),
        ("discord", ANNOUNCEMENTS, Right.READ_MESSAGE_HISTORY, ["Read Message History"]),
        ("the gateway's memory", FORUM, Right.SEND_MESSAGES_IN_THREADS, ["Send Messages in Threads"]),
        ("discord", FORUM, Right.CREATE_PUBLIC_THREADS, []),
    ],
    ids=lambda value: str(value) if isinstance(value, list | str) else "",
)
async def test_a_right_that_the_bot_lacks_is_named_before_anything_is_promised(
    told_by: str,
    kind: int,
    lacks: Right,
    names: list[str],
    server: DiscordServer,
    gateway: DiscordGateway,
    sqlite_store: Store,
) -> None:
    granted = EVERYTHING & ~int(lacks)
    place = {TEXT: OTHER_ID, ANNOUNCEMENTS: 80, FORUM: FORUM_ID}[kind]
    if told_by == "the place":
        server.kinds[str(CHANNEL_ID)] = kind
        await server.interact(2, subscribe(topic="huawei"), app_permissions=str(granted))
        place = CHANNEL_ID
    else:
        channel = named(permissions=MANAGE, kind=kind, id=place)
        if told_by == "discord":
            channel |= {"app_permissions": str(granted)}
        await server.dispatch("GUILD_CREATE", guild(bot_may=granted))
        await server.interact(2, subscribe(channel, topic="huawei"))

    answer = json.dumps(await server.answer())

    assert all(name in answer for name in names)
    assert bool(await subscriptions(sqlite_store, place)) is (not names)


@pytest.mark.parametrize("parent", [CHANNEL_ID, FORUM_ID], ids=["of a channel", "a forum's post"])
async def test_in_a_thread_this_channel_is_the_one_that_the_thread_belongs_to(
    parent: int, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.dispatch("GUILD_CREATE", guild())
    thread = {
        "id": "900",
        "type": THREAD,
        "name": "updates",
        "parent_id": str(parent),
        "guild_id": str(GUILD_ID),
        "owner_id": "1000",
        "permissions": "0",
        "message_count": 1,
        "member_count": 1,
        "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00"},
    }

    await server.interact(2, subscribe(topic="huawei"), channel=thread, channel_id="900")
    await server.answer()

    assert len(await subscriptions(sqlite_store, parent)) == 1
    assert await subscriptions(sqlite_store, 900) == ()
