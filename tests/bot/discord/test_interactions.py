"""Responses to interactions: in time, once, visible to the right people, and with the attached files."""

import contextlib
import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from bot.discord.gateway import DiscordGateway
from bot.discord.locales import MESSAGE_COMMAND
from handlers.answers.answer import Notice
from handlers.answers.serialize import serialize
from storage.records import SHARED, Pace, Platform
from storage.store import Store
from tests.bot.discord.conftest import QUICK, Opening, clock, two_servers_with_a_source_each, until
from tests.support.discord_bodies import COMPONENTS_V2
from tests.support.discord_faults import Fault
from tests.support.discord_guild import CHANNEL_ID, GUILD_ID, posted
from tests.support.discord_server import DiscordServer

CALLBACK = "POST /api/v10/interactions/{id}/{token}/callback"
NEWS = {"id": "9", "name": "news", "type": 1}
TEXT = "Huawei signed an agreement in Moscow. It covers pilot networks in two cities."


def message(**more: Any) -> dict[str, Any]:
    """Return the data of the message command on a message of somebody else."""
    target = {"id": "500", "content": "", "attachments": [], "embeds": [], **more}
    resolved = {"messages": {"500": target}}
    return {"id": "9", "name": MESSAGE_COMMAND, "type": 3, "target_id": "500", "resolved": resolved}


def attachment(server: DiscordServer, name: str, content: bytes, **more: Any) -> dict[str, Any]:
    """Upload a file to the server; return it as Discord describes an attachment."""
    server.files[name] = content
    url = f"{server.url}/files/{name}"
    return {"id": "600", "filename": name, "url": url, "size": len(content), "content_type": "text/plain", **more}


@pytest.mark.parametrize("where", ["content", "embed", "file"])
async def test_a_message_is_checked_against_the_topics_and_its_passage_is_shown(
    where: str, server: DiscordServer, gateway: DiscordGateway
) -> None:
    parts: dict[str, Any] = {"content": TEXT}
    if where == "embed":
        parts = {"embeds": [{"title": "From Moscow", "description": TEXT}]}
    if where == "file":
        image = attachment(server, "a.png", b"\x89PNG", content_type="image/png")
        parts = {"attachments": [image, attachment(server, "report.txt", f"Moscow\n\n{TEXT}".encode())]}

    await server.interact(2, message(**parts))
    shown = json.dumps(await server.answer())

    assert "1 topic" in shown
    assert "**Huawei** signed an agreement in Moscow." in shown


async def test_a_file_is_checked_against_the_topics(server: DiscordServer, gateway: DiscordGateway) -> None:
    file = attachment(server, "report.txt", f"Moscow\n\n{TEXT}".encode())
    options = [{"name": "file", "type": 11, "value": "600"}]
    data = {"id": "9", "name": "check", "type": 1, "options": options, "resolved": {"attachments": {"600": file}}}

    await server.interact(2, data)

    assert "1 topic" in json.dumps(await server.answer())


@pytest.mark.parametrize(
    ("more", "words"), [({"size": 31_000_000}, "31 MB"), ({"url": "http://127.0.0.1:9/x"}, "could not be fetched")]
)
async def test_a_file_that_cannot_be_read_is_named_and_nothing_is_done(
    more: dict[str, Any], words: str, server: DiscordServer, gateway: DiscordGateway
) -> None:
    file = attachment(server, "report.txt", b"x", **more)
    options = [{"name": "import", "type": 1, "options": [{"name": "file", "type": 11, "value": "600"}]}]
    data = {"id": "9", "name": "sources", "type": 1, "options": options, "resolved": {"attachments": {"600": file}}}

    await server.interact(2, data)
    text = (await server.answer())["embeds"][0]["description"]

    assert "report.txt" in text and words in text and "Nothing was done" in text


async def test_feeds_are_exported_as_a_file(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await two_servers_with_a_source_each(sqlite_store)

    await server.interact(2, {"id": "9", "name": "sources", "type": 1, "options": [{"name": "export", "type": 1}]})
    answer = await server.answer()

    assert answer["files"] == ["files[0]"]
    assert answer["attachments"][0]["filename"].endswith(".opml")


@pytest.mark.parametrize(
    "fault",
    [Fault(drop=True), Fault(drop=True, after=True), Fault(status=503), Fault(status=400, code=40060, after=True)],
    ids=["reset", "reset after the response", "503", "already acknowledged"],
)
async def test_a_lost_acknowledgement_is_sent_again(
    fault: Fault, server: DiscordServer, gateway: DiscordGateway
) -> None:
    server.faults[CALLBACK] = [fault]
    await server.interact(2, NEWS)

    assert "/subscribe" in json.dumps(await server.answer())
    assert len(server.edits) == 1


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(status=503), Fault(status=502, body="<html>")])
async def test_an_answer_whose_last_step_failed_is_sent_again(
    fault: Fault, server: DiscordServer, gateway: DiscordGateway
) -> None:
    server.faults["PATCH /api/v10/webhooks/{application}/{token}/messages/@original"] = [fault]

    await server.interact(2, NEWS)

    assert "/subscribe" in json.dumps(await server.answer())
    assert len(server.edits) == 1


async def test_an_interaction_that_arrives_twice_is_answered_once(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    sent = server.interaction(2, NEWS)

    await server.dispatch("INTERACTION_CREATE", sent)
    await server.dispatch("INTERACTION_CREATE", sent)
    await server.answer()
    await server.interact(2, NEWS)
    await server.answer()

    assert (len(server.callbacks), len(server.edits)) == (2, 2)


async def test_an_expired_interaction_is_not_answered_and_changes_nothing(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    server.faults[CALLBACK] = [Fault(status=404, code=10062)]
    typed = [{"name": "topic", "type": 3, "value": "huawei"}]
    await server.interact(2, {"id": "9", "name": "subscribe", "type": 1, "options": typed})
    await server.interact(2, NEWS)
    await server.answer()

    assert [path for _, path in server.calls if "webhooks" in path and "token-1" in path][1:] == []
    assert len([path for _, path in server.calls if "webhooks" in path]) == 1, "its token is not used again"
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, str(CHANNEL_ID))
        assert channel is not None
        assert await tx.subscriptions.of_channel(channel.id) == (), "nobody could be answered, so nothing was done"


async def button_id(store: Store, answer: str) -> str:
    """Return the id of a button whose answer is private, public, or replaces its message."""
    async with store.begin() as tx:
        workspace = await tx.workspaces.ensure(Platform.DISCORD, str(GUILD_ID), "The Desk", now=clock())
        channel = await tx.channels.ensure(workspace.id, str(CHANNEL_ID), "intel", now=clock())
        (topic,) = await tx.topics.visible(workspace.id)
        subscription, _ = await tx.subscriptions.ensure(
            channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="1", now=clock()
        )
        key = await tx.drafts.save(workspace.id, {"share": serialize(Notice(text="Shared."))}, clock())
    return {"private": "show:topics", "public": f"share:{key}", "replaces": f"unsubscribe:{subscription.id}"}[
        answer
    ] + "#key"


@pytest.mark.parametrize(
    ("how", "kind", "flags"),
    [("private", 4, 64 | COMPONENTS_V2), ("public", 4, 0), ("replaces", 7, None)],
    ids=["to the asker alone", "shared with everyone", "in place of the message"],
)
async def test_a_click_is_answered_to_the_right_people(
    how: str, kind: int, flags: int | None, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(3, {"custom_id": await button_id(sqlite_store, how), "component_type": 2})
    await server.answer()

    (callback,) = server.callbacks
    assert (callback["type"], callback["data"].get("flags")) == (kind, flags)
    assert callback["data"]["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize("how", ["private", "public", "replaces"])
async def test_a_slow_click_is_acknowledged_first_and_answered_in_the_same_way(
    how: str, server: DiscordServer, opening: Opening, sqlite_store: Store
) -> None:
    async with opening(timing=replace(QUICK, direct=0.0)):
        await server.interact(3, {"custom_id": await button_id(sqlite_store, how), "component_type": 2})
        await until(lambda: bool(server.edits or server.follow_ups))

    assert server.callbacks == [{"type": 6}]
    flags = {"private": [64 | COMPONENTS_V2], "public": [0], "replaces": []}[how]
    assert [body.get("flags") for body in server.follow_ups] == flags
    assert len(server.edits) == (how == "replaces")


@pytest.mark.parametrize("action", ["trend:{0}:{0}:7d", "test:{0}"])
async def test_a_click_is_acknowledged_before_its_picture_is_drawn(
    action: str, server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    async with sqlite_store.read() as tx:
        (topic,) = await tx.topics.visible(SHARED)
    await server.interact(3, {"custom_id": action.format(topic.id), "component_type": 2})
    answer = await server.answer()

    assert server.callbacks == [{"type": 6}]
    assert answer["files"] == ["files[0]"]


async def test_an_interaction_that_discord_has_forgotten_is_not_answered_again(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    server.response_within_s = -1.0
    await server.interact(3, {"custom_id": "show:topics", "component_type": 2})
    await until(lambda: any("callback" in path for _, path in server.calls))
    server.response_within_s = 3.0
    await server.interact(3, {"custom_id": "show:topics", "component_type": 2})

    assert "Huawei" in json.dumps(await server.answer())
    assert len(server.callbacks) == 1


@pytest.mark.parametrize("flags", [64, 64 | COMPONENTS_V2], ids=["an embed", "components"])
@pytest.mark.parametrize("slow", [True, False], ids=["slow", "quick"])
async def test_an_answer_that_replaces_a_message_is_of_the_same_kind(
    slow: bool, flags: int, server: DiscordServer, opening: Opening, sqlite_store: Store
) -> None:
    async with opening(timing=replace(QUICK, direct=0.0) if slow else QUICK):
        data = {"custom_id": await button_id(sqlite_store, "replaces"), "component_type": 2}
        await server.interact(3, data, message=posted(flags))
        await until(lambda: bool(server.edits or (server.callbacks[-1:] and server.callbacks[-1]["type"] == 7)))

    body = server.edits[-1] if slow else server.callbacks[-1]["data"]
    is_layout = bool(flags & COMPONENTS_V2)
    assert (bool(body.get("flags", 0) & COMPONENTS_V2), "embeds" in body) == (is_layout, not is_layout)


async def test_a_choice_from_a_menu_works_like_a_button(server: DiscordServer, gateway: DiscordGateway) -> None:
    await server.interact(3, {"custom_id": "menu:0", "component_type": 3, "values": ["show:topics"]})

    assert "Huawei" in json.dumps(await server.answer())


async def test_an_internal_error_is_reported_to_the_person_and_the_gateway_stays_up(
    server: DiscordServer,
    gateway: DiscordGateway,
    sqlite_store: Store,
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        database.execute("drop table topics")
        database.commit()

    await server.interact(3, {"custom_id": "show:topics#key", "component_type": 2})
    await until(lambda: bool(server.follow_ups))

    assert "Something went wrong in the bot" in json.dumps(server.follow_ups)
    assert server.follow_ups[0]["flags"] == 64
    assert await gateway.problem(clock()) is None
    assert "A Discord interaction failed" in caplog.text
