"""Updates of an alert: in its thread, or replies to it in channels without threads or where the bot may use none."""

from dataclasses import replace

import pytest

from bot.discord.messenger import DiscordMessenger
from handlers.ports import PostError
from storage.records import Channel, DeliveryState, Platform
from tests.bot.discord.conftest import Opening
from tests.bot.discord.outbox import CREATE, NOTE, Outbox, looking_for
from tests.support.answers import alert
from tests.support.discord_bodies import SUPPRESS_NOTIFICATIONS
from tests.support.discord_faults import Fault
from tests.support.discord_guild import (
    CHANNEL_ID,
    CREATE_THREADS,
    EVERYTHING,
    FORUM,
    GUILD_ID,
    SEND_IN_THREADS,
    STAGE,
    TEXT,
    THREAD,
    VOICE,
    guild,
)
from tests.support.discord_server import DiscordServer

PLACE = str(CHANNEL_ID)
CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.DISCORD,
    workspace_external_id=str(GUILD_ID),
    external_id=PLACE,
    name="intel",
)
CREATE_THREAD = "POST /api/v10/channels/{channel}/messages/{message}/threads"
WITHOUT_THREADS = {
    "a voice channel": (VOICE, 0),
    "a stage channel": (STAGE, 0),
    "no right to create threads": (TEXT, CREATE_THREADS),
    "no right to send in threads": (TEXT, SEND_IN_THREADS),
    "neither right": (TEXT, CREATE_THREADS | SEND_IN_THREADS),
}


@pytest.mark.parametrize("known", [True, False], ids=["known from the gateway", "learnt from refusals"])
@pytest.mark.parametrize(("kind", "lacks"), WITHOUT_THREADS.values(), ids=WITHOUT_THREADS.keys())
async def test_where_the_bot_can_use_no_thread_an_update_is_a_reply_that_is_found_and_edited(
    kind: int, lacks: int, known: bool, server: DiscordServer, opening: Opening, messenger: DiscordMessenger
) -> None:
    server.kinds[PLACE] = kind
    server.bot_may = EVERYTHING & ~lacks
    described = guild(bot_may=server.bot_may)
    described["channels"][0] |= {"type": kind, "bitrate": 64_000, "user_limit": 0}
    server.socket.guilds = [described] if known else []
    async with opening() as gateway:
        await gateway.ready()
        tested = gateway.messenger if known else messenger
        ref = await tested.post(CHANNEL, alert(), key="k1")
        note = await tested.post(CHANNEL, NOTE, key="k2", thread=ref)
        found = await tested.find(CHANNEL, looking_for("k2", ref))
        nothing = await tested.find(CHANNEL, looking_for("k3", ref))
        await tested.edit(CHANNEL, note, replace(NOTE, label="And 2 more"), thread=ref)

    _, reply = server.messages[PLACE]
    assert reply["message_reference"] == {"message_id": ref, "fail_if_not_exists": False}
    assert reply["flags"] == SUPPRESS_NOTIFICATIONS
    assert "And 2 more" in reply["embeds"][0]["description"]
    assert (found, nothing) == (note, None)
    assert server.messages[ref] == [], "nothing is in a thread"


@pytest.mark.parametrize("posted", [True, False], ids=["posted", "not posted"])
async def test_a_reply_whose_response_was_lost_is_posted_once(
    posted: bool, server: DiscordServer, outbox: Outbox
) -> None:
    server.remembers_nonces = False
    server.bot_may = EVERYTHING & ~CREATE_THREADS
    first = await outbox.enqueue("alert")
    await outbox.post(1)
    server.faults[CREATE] = [Fault(drop=True, after=posted)]
    note = await outbox.enqueue("note", parent=first)

    await outbox.post()

    assert len(server.messages[PLACE]) == 2
    assert (await outbox.state(note))[0] is DeliveryState.SENT


async def test_an_update_stays_in_a_thread_that_exists_although_the_bot_may_create_none(
    server: DiscordServer, opening: Opening, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    first = await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)
    server.bot_may = EVERYTHING & ~CREATE_THREADS
    thread = {"id": ref, "type": THREAD, "name": "t", "parent_id": PLACE, "guild_id": str(GUILD_ID), "owner_id": "1000"}
    counts = {"message_count": 1, "member_count": 1}
    state = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00"}
    server.socket.guilds = [guild(bot_may=server.bot_may, threads=[thread | counts | {"thread_metadata": state}])]

    async with opening() as gateway:
        await gateway.ready()
        second = await gateway.messenger.post(CHANNEL, NOTE, key="k3", thread=ref)
        found = [await gateway.messenger.find(CHANNEL, looking_for(key, ref)) for key in ("k2", "k3")]
        await gateway.messenger.edit(CHANNEL, first, replace(NOTE, label="And 2 more"), thread=ref)

    assert "And 2 more" in server.messages[ref][0]["embeds"][0]["description"]
    assert found == [first, second]


async def test_a_reply_that_lacks_the_history_names_that_permission(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.kinds[PLACE] = VOICE
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    server.bot_may = EVERYTHING & ~(1 << 16)

    with pytest.raises(PostError, match="Read Message History"):
        await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)


async def test_updates_of_a_forum_post_need_the_right_to_send_in_threads(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    server.kinds[PLACE] = FORUM
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    server.bot_may = EVERYTHING & ~SEND_IN_THREADS

    with pytest.raises(PostError, match="Send Messages in Threads"):
        await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("MTS and Huawei agree to build 5G", "MTS and Huawei agree to build 5G"),
        ("1. Huawei's *new* [deal] (and_more)", "1. Huawei's *new* [deal] (and_more)"),
        ("word " * 60, ("word " * 20).rstrip() + "…"),
    ],
)
async def test_a_thread_has_the_headline_of_its_story(
    headline: str, name: str, server: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(headline=headline), key="k1")

    await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)

    (body,) = [body for route, body in server.bodies if route.endswith("/threads")]
    assert body["name"] == name


async def test_a_thread_whose_alert_cannot_be_read_has_the_words_of_its_first_update(
    server: DiscordServer, messenger: DiscordMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")
    server.faults["GET /api/v10/channels/{channel}/messages/{message}"] = [Fault(status=500)]

    await messenger.post(CHANNEL, NOTE, key="k2", thread=ref)

    (body,) = [body for route, body in server.bodies if route.endswith("/threads")]
    assert body["name"] == "New: Washington said more."
