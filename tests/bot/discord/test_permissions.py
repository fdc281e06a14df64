"""Permissions of people and of the bot: checked in the channel that a command is about, before anything is promised."""

import json
from typing import Any

import pytest

from bot.discord.permissions import Permission
from storage.records import Pace, Platform, Subscription
from storage.store import Store
from tests.bot.discord.conftest import Bot, clock
from tests.support.discord_guild import (
    ANNOUNCEMENTS,
    CHANNEL_ID,
    EVERYTHING,
    FORUM,
    FORUM_ID,
    GUILD_ID,
    MANAGER_ROLE,
    MEDIA,
    NEWS_ID,
    OTHER_ID,
    TEXT,
    THREAD,
    VOICE,
    VOICE_ID,
    guild,
    member,
)
from tests.support.discord_server import REQUIRE_TAG

MANAGE = int(Permission.MANAGE_CHANNELS)
MODERATED = {"id": "1", "name": "Official", "moderated": True, "emoji_id": None, "emoji_name": None}
POST: dict[str, Any] = {
    "owner_id": "1000",
    "message_count": 1,
    "member_count": 1,
    "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00"},
}


def subscribe(channel: dict[str, Any] | None = None, **options: str) -> dict[str, Any]:
    """Return the data of /subscribe, with an option that names a channel where one is given."""
    typed: list[dict[str, Any]] = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    data: dict[str, Any] = {"id": "9", "name": "subscribe", "type": 1, "options": typed}
    if channel is not None:
        typed.append({"name": "channel", "type": 7, "value": channel["id"]})
        data["resolved"] = {"channels": {channel["id"]: channel}}
    return data


def named(*, permissions: int, kind: int = TEXT, id: int = OTHER_ID, **more: Any) -> dict[str, Any]:
    """Return the channel of an option as Discord resolves it, with the person's permissions there."""
    return {"id": str(id), "type": kind, "name": "other", "permissions": str(permissions), **more}


async def subscriptions(store: Store, channel: int) -> tuple[Subscription, ...]:
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        stored = None if workspace is None else await tx.channels.find(workspace.id, str(channel))
        return () if stored is None else await tx.subscriptions.of_channel(stored.id)


async def subscribe_other(store: Store) -> Subscription:
    """Subscribe #other to Huawei."""
    async with store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=clock())
        channel = await tx.channels.ensure(workspace.id, str(OTHER_ID), "other", now=clock())
        (topic,) = await tx.topics.visible(workspace.id)
        subscription, _ = await tx.subscriptions.ensure(
            channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=clock()
        )
    return subscription


@pytest.mark.parametrize(
    ("here", "there", "done"),
    [(MANAGE, MANAGE, True), (MANAGE, 0, False), (0, MANAGE, True), (0, 0, False)],
    ids=["both", "only here", "only there", "nowhere"],
)
async def test_another_channel_can_be_changed_by_people_who_manage_that_channel(
    here: int, there: int, done: bool, bot: Bot
) -> None:
    await bot.server.interact(2, subscribe(named(permissions=there), topic="huawei"), member=member(permissions=here))
    answer = json.dumps(await bot.server.answer())

    assert bool(await subscriptions(bot.store, OTHER_ID)) is done
    assert await subscriptions(bot.store, CHANNEL_ID) == ()
    assert done or ("Manage Channels" in answer and f"<#{OTHER_ID}>" in answer)


@pytest.mark.parametrize(
    ("roles", "here", "done"),
    [([], MANAGE, False), ([str(MANAGER_ROLE)], 0, True)],
    ids=["manages only the channel of the click", "manages the other channel"],
)
async def test_a_button_about_another_channel_requires_managing_that_channel(
    roles: list[str], here: int, done: bool, bot: Bot
) -> None:
    bot.server.socket.guilds = [guild()]
    subscription = await subscribe_other(bot.store)
    await bot.server.dispatch("GUILD_CREATE", guild())

    person = member("6", permissions=here) | {"roles": roles}
    await bot.server.interact(3, {"custom_id": f"pace:{subscription.id}:daily", "component_type": 2}, member=person)
    answer = json.dumps(await bot.server.answer())

    (changed,) = await subscriptions(bot.store, OTHER_ID)
    assert changed.pace is (Pace.DAILY if done else Pace.INSTANT)
    assert done or "Manage Channels" in answer


async def test_a_server_may_allow_a_command_to_people_who_do_not_manage_the_channel(
    bot: Bot,
) -> None:
    await bot.server.interact(2, subscribe(topic="huawei"), member=member(permissions=0))
    await bot.server.answer()

    assert len(await subscriptions(bot.store, CHANNEL_ID)) == 1


@pytest.mark.parametrize(
    ("known_from", "kind", "lacks", "names"),
    [
        ("the current channel", TEXT, Permission.EMBED_LINKS, ["Embed Links"]),
        ("the option", TEXT, Permission.SEND_MESSAGES | Permission.ATTACH_FILES, ["Send Messages", "Attach Files"]),
        ("the gateway", TEXT, Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS, []),
        ("the option", VOICE, Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS, []),
        ("the gateway", VOICE, Permission.ATTACH_FILES, ["Attach Files"]),
        ("the option", ANNOUNCEMENTS, Permission.READ_MESSAGE_HISTORY, ["Read Message History"]),
        ("the gateway", FORUM, Permission.SEND_MESSAGES_IN_THREADS, ["Send Messages in Threads"]),
        ("the option", FORUM, Permission.CREATE_PUBLIC_THREADS, []),
    ],
    ids=lambda value: str(value) if isinstance(value, list | str) else "",
)
async def test_a_permission_that_the_bot_lacks_is_named_before_anything_is_promised(
    known_from: str,
    kind: int,
    lacks: Permission,
    names: list[str],
    bot: Bot,
) -> None:
    granted = EVERYTHING & ~int(lacks)
    id = {TEXT: OTHER_ID, ANNOUNCEMENTS: NEWS_ID, FORUM: FORUM_ID, VOICE: VOICE_ID}[kind]
    if known_from == "the current channel":
        bot.server.kinds[str(CHANNEL_ID)] = kind
        await bot.server.interact(2, subscribe(topic="huawei"), app_permissions=str(granted))
        id = CHANNEL_ID
    else:
        channel = named(permissions=MANAGE, kind=kind, id=id)
        if known_from == "the option":
            channel |= {"app_permissions": str(granted)}
        await bot.server.dispatch("GUILD_CREATE", guild(bot_may=granted))
        await bot.server.interact(2, subscribe(channel, topic="huawei"))

    answer = json.dumps(await bot.server.answer())

    assert all(name in answer for name in names)
    assert bool(await subscriptions(bot.store, id)) is (not names)


@pytest.mark.parametrize("here", [True, False], ids=["in a post of the forum", "with the channel option"])
@pytest.mark.parametrize(
    ("channel", "manages", "reason"),
    [
        ({"type": MEDIA}, True, "media channel"),
        ({"flags": REQUIRE_TAG}, False, "requires a tag"),
        ({"flags": REQUIRE_TAG, "available_tags": [MODERATED]}, False, "requires a tag"),
        ({"flags": REQUIRE_TAG}, True, None),
        ({"flags": REQUIRE_TAG, "available_tags": [MODERATED | {"moderated": False}] * 20}, False, None),
    ],
    ids=["media", "no tag", "only tags of moderators", "no tag, but it may create one", "a full forum"],
)
async def test_a_forum_in_which_nothing_can_be_posted_is_refused_before_anything_is_promised(
    channel: dict[str, Any], manages: bool, reason: str | None, here: bool, bot: Bot
) -> None:
    described = guild(bot_may=EVERYTHING if manages else EVERYTHING & ~MANAGE)
    described["channels"][2] |= channel
    kind = described["channels"][2]["type"]
    await bot.server.dispatch("GUILD_CREATE", described)

    if here:
        post = named(permissions=MANAGE, kind=THREAD, id=900, parent_id=str(FORUM_ID), guild_id=str(GUILD_ID), **POST)
        await bot.server.interact(2, subscribe(topic="huawei"), channel=post, channel_id="900")
    else:
        option = named(permissions=MANAGE, kind=kind, id=FORUM_ID)
        await bot.server.interact(2, subscribe(option, topic="huawei"))
    answer = json.dumps(await bot.server.answer())

    assert bool(await subscriptions(bot.store, FORUM_ID)) is (reason is None)
    assert reason is None or (reason in answer and "Nothing was changed" in answer)


@pytest.mark.parametrize("parent", [CHANNEL_ID, FORUM_ID], ids=["of a channel", "a forum's post"])
async def test_a_command_in_a_thread_is_about_the_channel_of_the_thread(parent: int, bot: Bot) -> None:
    await bot.server.dispatch("GUILD_CREATE", guild())
    thread = named(permissions=0, kind=THREAD, id=900, parent_id=str(parent), guild_id=str(GUILD_ID), **POST)

    await bot.server.interact(2, subscribe(topic="huawei"), channel=thread, channel_id="900")
    await bot.server.answer()

    assert len(await subscriptions(bot.store, parent)) == 1
    assert await subscriptions(bot.store, 900) == ()
