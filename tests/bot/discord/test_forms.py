"""Forms on Discord: opened by a command without a query or by a button, filled in, refused, and tried again."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.discord.forms import modal
from bot.discord.gateway import DiscordGateway
from handlers.answers.parts import Form
from storage.records import Platform, Topic
from storage.store import Store
from tests.bot.discord.conftest import QUICK, Opening
from tests.bot.discord.test_schema import require_valid
from tests.support.discord_server import GUILD_ID, DiscordServer, member

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


def topics(do: str, **options: str) -> dict[str, Any]:
    typed = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    return {"id": "9", "name": "topics", "type": 1, "options": [{"name": do, "type": 1, "options": typed}]}


def fields(form: dict[str, Any]) -> dict[str, str | None]:
    """What stands in each field when the form opens."""
    return {one["component"]["custom_id"]: one["component"].get("value") for one in form["components"]}


def filled_in(form: dict[str, Any], **values: str) -> dict[str, Any]:
    """As Discord sends it back."""
    entries = [
        {"type": 18, "id": number, "component": {"type": 4, "id": number + 10, "custom_id": name, "value": value}}
        for number, (name, value) in enumerate(values.items(), 1)
    ]
    return {"custom_id": form["custom_id"], "components": entries}


async def opened(server: DiscordServer) -> dict[str, Any]:
    """The form that is the first response to the last interaction."""
    form = await server.answer()
    assert server.callbacks[-1]["type"] == 9, "nothing may come before a form"
    return form


def pressed(answer: dict[str, Any], label: str) -> dict[str, Any]:
    found = [one for row in answer["components"] for one in row["components"] if one["label"] == label]
    return {"custom_id": found[0]["custom_id"], "component_type": 2}


async def topic_named(store: Store, name: str) -> Topic | None:
    async with store.read() as tx:
        home = await tx.workspaces.find(Platform.DISCORD, str(GUILD_ID))
        return None if home is None else await tx.topics.find(home.id, name)


async def test_topics_add_without_a_query_opens_a_form_that_makes_the_topic(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add", name="Chips"))
    form = await opened(server)
    await server.interact(5, filled_in(form, name="Chips", query="semiconductor OR chipmaker"))
    answer = await server.answer()

    assert (form["title"], fields(form)) == ("Add topic", {"name": "Chips", "query": None})
    assert "Chips is now a topic" in json.dumps(answer)
    made = await topic_named(sqlite_store, "chips")
    assert made is not None and made.query == "semiconductor OR chipmaker"


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add"))
    form = await opened(server)
    assert fields(form) == {"name": None, "query": None}

    await server.interact(5, filled_in(form, name="Chips", query='chips AND "entity list'))
    refused = await server.answer()
    await server.interact(3, pressed(refused, "Try again"))
    again = await opened(server)
    await server.interact(5, filled_in(again, name="Chips", query='chips AND "entity list"'))
    await server.answer()

    assert "never closed" in json.dumps(refused)
    assert fields(again) == {"name": "Chips", "query": 'chips AND "entity list'}
    assert await topic_named(sqlite_store, "chips") is not None


async def test_a_topic_is_edited_in_a_form_that_has_its_query(
    server: DiscordServer, gateway: DiscordGateway, sqlite_store: Store
) -> None:
    await server.interact(2, topics("add", name="chips", query="semiconductor"))
    await server.answer()

    await server.interact(2, topics("edit", name="chips"))
    form = await opened(server)
    made = await topic_named(sqlite_store, "chips")
    assert made is not None
    await server.interact(3, {"custom_id": "menu:0", "component_type": 3, "values": [f"topic:edit:{made.id}"]})
    from_an_alert = await opened(server)
    await server.interact(5, filled_in(form, name="chips", query="semiconductor OR wafer"))

    assert (form["title"], fields(form)) == ("Edit topic", {"name": "chips", "query": "semiconductor"})
    assert from_an_alert == form
    assert "has a new query" in json.dumps(await server.answer())


async def test_who_may_not_change_topics_is_told_so_before_filling_anything_in(
    server: DiscordServer, gateway: DiscordGateway
) -> None:
    await server.interact(2, topics("add"), member=member("6", permissions=0))
    answer = await server.answer()

    assert server.callbacks[-1]["type"] == 4 and server.callbacks[-1]["data"]["flags"] == 64
    assert "Manage Channels" in json.dumps(answer)


async def test_what_takes_too_long_for_a_form_is_said_in_words(server: DiscordServer, opening: Opening) -> None:
    async with opening(timing=replace(QUICK, direct=0.0)):
        await server.interact(2, topics("add"))
        answer = await server.answer()

    assert server.callbacks == [{"type": 5, "data": {"flags": 64}}]
    assert "/topics add NAME = QUERY" in json.dumps(answer)


@pytest.mark.parametrize("home", [None, "42"])
def test_a_form_is_one_that_discord_describes(home: str | None) -> None:
    form = Form(command="topics edit", values=(("name", "n" * 200), ("query", "q" * 5000)))

    built = modal(form, home=home)

    require_valid(CALLBACK, {"type": 9, "data": built})
    assert len(built["title"]) <= 45 and len(built["custom_id"]) <= 100
    for one in built["components"]:
        assert len(one["label"]) <= 45
        assert len(one["component"]["value"]) <= one["component"]["max_length"] <= 4000
