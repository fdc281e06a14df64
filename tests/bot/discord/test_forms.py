"""Forms on Discord: opened by a command without a query or by a button, submitted, refused, and opened again."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.discord.forms import modal
from bot.discord.gateway import DiscordGateway
from handlers.answers.parts import Form
from storage.records import ChangeRule, Platform, Topic
from storage.store import Store
from tests.bot.discord.conftest import QUICK, Opening
from tests.bot.discord.test_schema import require_valid
from tests.support.discord_guild import GUILD_ID, member
from tests.support.discord_server import DiscordServer

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


def topics(subcommand: str, **options: str) -> dict[str, Any]:
    typed = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    return {"id": "9", "name": "topics", "type": 1, "options": [{"name": subcommand, "type": 1, "options": typed}]}


def fields(form: dict[str, Any]) -> dict[str, str | None]:
    """Return the value of each field when the form opens."""
    inputs = [label["component"] for label in form["components"]]
    return {field["custom_id"]: field.get("value") for field in inputs}


def submitted(form: dict[str, Any], **values: str) -> dict[str, Any]:
    """Return the submitted form as Discord sends it."""
    entries = [
        {"type": 18, "id": number, "component": {"type": 4, "id": number + 10, "custom_id": name, "value": value}}
        for number, (name, value) in enumerate(values.items(), 1)
    ]
    return {"custom_id": form["custom_id"], "components": entries}


async def opened_form(server: DiscordServer) -> dict[str, Any]:
    """Return the form that is the first response to the last interaction."""
    form = await server.answer()
    assert server.callbacks[-1]["type"] == 9, "a form must be the first response"
    return form


def click(answer: dict[str, Any], label: str) -> dict[str, Any]:
    """Return the interaction data of a click on the button with this label."""
    buttons = [button for row in answer["components"] for button in row["components"] if button["label"] == label]
    return {"custom_id": buttons[0]["custom_id"], "component_type": 2}


async def topic_named(store: Store, name: str) -> Topic | None:
    async with store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        return None if workspace is None else await tx.topics.find(workspace.id, name)


async def test_topics_add_without_a_query_opens_a_form_that_creates_the_topic(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add", name="Chips"))
    form = await opened_form(server)
    await server.interact(5, submitted(form, name="Chips", query="semiconductor OR chipmaker"))
    answer = await server.answer()

    assert (form["title"], fields(form)) == ("Add topic", {"name": "Chips", "query": None})
    assert "Chips is now a topic" in json.dumps(answer)
    topic = await topic_named(sqlite_store, "chips")
    assert topic is not None and topic.query == "semiconductor OR chipmaker"


async def test_a_refused_form_can_be_opened_again_with_what_was_typed(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add"))
    form = await opened_form(server)
    assert fields(form) == {"name": None, "query": None}

    await server.interact(5, submitted(form, name="Chips", query='chips AND "entity list'))
    refused = await server.answer()
    await server.interact(3, click(refused, "Try again"))
    again = await opened_form(server)
    await server.interact(5, submitted(again, name="Chips", query='chips AND "entity list"'))
    await server.answer()

    assert "never closed" in json.dumps(refused)
    assert fields(again) == {"name": "Chips", "query": 'chips AND "entity list'}
    assert await topic_named(sqlite_store, "chips") is not None


async def test_a_topic_is_edited_in_a_form_that_contains_its_query(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add", name="chips", query="semiconductor"))
    await server.answer()

    await server.interact(2, topics("edit", name="chips"))
    form = await opened_form(server)
    topic = await topic_named(sqlite_store, "chips")
    assert topic is not None
    await server.interact(3, {"custom_id": "menu:0", "component_type": 3, "values": [f"topic:edit:{topic.id}"]})
    from_an_alert = await opened_form(server)
    await server.interact(5, submitted(form, name="chips", query="semiconductor OR wafer"))

    assert (form["title"], fields(form)) == ("Edit topic", {"name": "chips", "query": "semiconductor"})
    assert from_an_alert == form
    assert "has a new query" in json.dumps(await server.answer())


async def test_a_person_without_permission_is_refused_before_a_form_opens(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    await server.interact(2, topics("add"), member=member("6", permissions=0))
    answer = await server.answer()

    assert server.callbacks[-1]["type"] == 4 and server.callbacks[-1]["data"]["flags"] == 64
    assert "Manage Channels" in json.dumps(answer)


async def test_a_command_that_is_too_slow_for_a_form_answers_in_text(server: DiscordServer, opening: Opening) -> None:
    async with opening(timing=replace(QUICK, form=0.0)):
        await server.interact(2, topics("add"))
        answer = await server.answer()

    assert server.callbacks == [{"type": 5, "data": {"flags": 64}}]
    assert "/topics add NAME = QUERY" in json.dumps(answer)


@pytest.mark.parametrize("guild", [None, "42"])
def test_a_form_is_valid_and_within_the_limits(guild: str | None) -> None:
    form = Form(command="topics edit", values=(("name", "n" * 200), ("query", "q" * 5000)))

    payload = modal(form, guild=guild)

    require_valid(CALLBACK, {"type": 9, "data": payload})
    assert len(payload["title"]) <= 45 and len(payload["custom_id"]) <= 100
    for label in payload["components"]:
        assert len(label["label"]) <= 45
        assert len(label["component"]["value"]) <= label["component"]["max_length"] <= 4000


def command(name: str, subcommand: str) -> dict[str, Any]:
    return {"id": "9", "name": name, "type": 1, "options": [{"name": subcommand, "type": 1, "options": []}]}


async def test_a_choice_is_made_with_radio_buttons(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, command("news", "changes"))
    form = await opened_form(server)
    require_valid(CALLBACK, server.callbacks[-1])
    (label,) = form["components"]
    assert label["component"]["type"] == 21
    assert [option["value"] for option in label["component"]["options"]] == ["anyone", "managers"]

    entry = {"type": 21, "id": 2, "custom_id": "who", "value": "anyone"}
    entries = [{"type": 18, "id": 1, "component": entry}]
    await server.interact(5, {"custom_id": form["custom_id"], "components": entries})

    assert "anyone here can change" in json.dumps(await server.answer())
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
    assert workspace is not None and workspace.change_rule is ChangeRule.ANYONE


@pytest.mark.parametrize("uploaded", [True, False], ids=["a file", "nothing"])
async def test_a_file_is_uploaded_in_a_form(uploaded: bool, server: DiscordServer, gateway: DiscordGateway) -> None:
    opml = b'<opml version="2.0"><body><outline type="rss" text="W" xmlUrl="https://w.example/feed"/></body></opml>'
    server.files["feeds.opml"] = opml
    await server.interact(2, command("sources", "import"))
    form = await opened_form(server)
    require_valid(CALLBACK, server.callbacks[-1])
    assert [label["component"]["type"] for label in form["components"]] == [19, 4]

    file = {"id": "600", "filename": "feeds.opml", "url": f"{server.url}/files/feeds.opml", "size": len(opml)}
    data = submitted(form, url="")
    upload = {"type": 19, "id": 20, "custom_id": "file", "values": ["600"] if uploaded else []}
    data["components"].append({"type": 18, "id": 3, "component": upload})
    data["resolved"] = {"attachments": {"600": file}} if uploaded else {}
    await server.interact(5, data)

    answer = json.dumps(await server.answer())
    assert ("1 feed" in answer) is uploaded and ("Attach the OPML file" in answer) is not uploaded
