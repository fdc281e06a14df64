"""Modals and Home on loopback: fields that complete and answer while one types, errors in the field, buttons."""

import json
from typing import Any

import pytest

from bot.slack.gateway import SlackGateway
from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Arrive
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import clock
from tests.support.slack_server import TEAM, Fault, SlackServer
from tests.support.stores import make_source
from tests.support.world import draft


def shown(view: dict[str, Any], id: str = "V1") -> dict[str, Any]:
    """The view as Slack sends it back with a payload."""
    return view | {"id": id, "hash": "h1", "state": {"values": {}}}


def submitted(view: dict[str, Any], **values: str) -> dict[str, Any]:
    """The view with its fields filled in, sent."""
    state = {
        name: {"a": {"selected_option": {"value": value}} if name in ("topic", "pace") else {"value": value}}
        for name, value in values.items()
    }
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "trigger_id": "1.3",
        "view": shown(view) | {"state": {"values": state}},
    }


def errors(answer: dict[str, Any]) -> dict[str, str]:
    assert answer["response_action"] == "errors"
    return dict(answer["errors"])


def values(blocks: Any) -> list[str]:
    """What the buttons of some blocks do."""
    if isinstance(blocks, dict):
        return [blocks["value"]] if "value" in blocks else [v for inner in blocks.values() for v in values(inner)]
    return [v for inner in blocks for v in values(inner)] if isinstance(blocks, list) else []


async def opened(server: SlackServer, command: str, words: str, envelope: str = "open") -> dict[str, Any]:
    await server.send("slash_commands", server.command(command, words), envelope=envelope)
    method, view = await server.view()
    assert method == "views.open"
    assert not server.responses
    return view


@pytest.mark.parametrize(("words", "begun"), [("add", None), ("add Chips", "Chips")])
async def test_topics_add_without_a_query_opens_a_form(
    words: str, begun: str | None, server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    view = await opened(server, "topics", words)
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert list(fields) == ["name", "query"]
    assert fields["name"].get("initial_value") == begun

    await server.send("interactive", submitted(view, name="Chips", query="semiconductor OR chipmaker"), envelope="e2")
    answer = await server.answer_of("e2")

    assert answer["response_action"] == "update"
    assert "Chips is a topic now" in json.dumps(answer["view"])
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        assert await tx.topics.find(workspace.id, "chips") is not None


@pytest.mark.parametrize(
    ("name", "query", "field", "words"),
    [
        ("Chips", 'huawei AND "entity list', "query", 'never closed. Did you mean huawei AND "entity list"'),
        ("Huawei", "huawei", "name", "catalogue"),
        ("Chips", "NOT huawei", "query", ""),
    ],
)
async def test_what_is_wrong_stands_in_its_field(
    name: str, query: str, field: str, words: str, server: SlackServer, gateway: SlackGateway
) -> None:
    view = await opened(server, "topics", "add")

    await server.send("interactive", submitted(view, name=name, query=query), envelope="e2")

    said = errors(await server.answer_of("e2"))
    assert list(said) == [field]
    assert words in said[field]
    assert "^" not in said[field]


@pytest.mark.parametrize(
    ("query", "words"), [("huawei", "0 articles in 30 days"), ('"entity list', "never closed")], ids=["good", "bad"]
)
async def test_a_query_is_tried_while_it_is_typed(
    query: str, words: str, server: SlackServer, gateway: SlackGateway
) -> None:
    view = await opened(server, "topics", "add")
    typed = server.pressed({"action_id": "live", "type": "plain_text_input", "value": query}, view=shown(view))

    await server.send("interactive", server.pressed(typed["actions"][0] | {"value": "h"}, view=shown(view)), "e2")
    await server.send("interactive", typed, envelope="e3")
    method, after = await server.view(2)

    assert method == "views.update"
    assert words in json.dumps(after["blocks"])
    assert [block.get("block_id") for block in after["blocks"] if block["type"] == "input"] == ["name", "query"]
    assert len([name for name, _ in server.views if name == "views.update"]) == 1


async def test_subscriptions_open_with_a_field_for_one_more(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    view = await opened(server, "subscriptions", "")

    suggestion = {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": {"id": "U1", "name": "ada"},
        "action_id": "pick",
        "block_id": "topic",
        "value": "hua",
        "view": shown(view),
    }
    await server.send("interactive", suggestion, envelope="e2")
    options = (await server.answer_of("e2"))["options"]
    assert [option["value"] for option in options] == ["Huawei", "hua"]

    await server.send("interactive", submitted(view, topic="Huawei", pace="daily"), envelope="e3")
    assert "Huawei" in json.dumps((await server.answer_of("e3"))["view"])
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, "C1")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert subscription.pace == "daily"


async def test_a_bad_query_is_refused_in_the_subscription_field(server: SlackServer, gateway: SlackGateway) -> None:
    view = await opened(server, "subscriptions", "")

    await server.send("interactive", submitted(view, topic='"entity list', pace="daily"), envelope="e2")

    assert "never closed" in errors(await server.answer_of("e2"))["topic"]


async def test_a_press_in_a_modal_is_answered_there(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e0")
    await server.reply()
    server.responses.clear()
    view = await opened(server, "subscriptions", "")
    pace = next(value for value in values(view["blocks"]) if value.startswith("pace:") and "daily" in value)
    brief = next(value for value in values(view["blocks"]) if value.startswith("brief:"))

    await server.send(
        "interactive",
        server.pressed({"action_id": "press:0:0", "type": "button", "value": pace}, view=shown(view)),
        "e2",
    )
    method, after = await server.view(2)
    assert method == "views.update"
    assert after["callback_id"] == "form"
    assert "daily" in json.dumps(after["blocks"])

    pressed = {"action_id": "press:0:2", "type": "button", "value": brief}
    await server.send("interactive", server.pressed(pressed, view=shown(after)), "e3")
    method, above = await server.view(3)
    assert (method, above["type"]) == ("views.push", "modal")


async def test_a_modal_that_slack_does_not_open_becomes_a_message(server: SlackServer, gateway: SlackGateway) -> None:
    server.faults["views.open"] = [Fault(error="expired_trigger_id")] * 2

    await server.send("slash_commands", server.command("subscriptions", ""))

    assert "#intel" in json.dumps((await server.reply())["blocks"])


async def test_a_topic_is_edited_from_an_alerts_menu(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("topics", "add chips = semiconductor"), envelope="e0")
    await server.reply()
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        topic = await tx.topics.find(workspace.id, "chips")
    assert topic is not None
    chosen = {"type": "overflow", "action_id": "press:menu", "selected_option": {"value": f"topic:edit:{topic.id}"}}

    await server.send("interactive", server.pressed(chosen), envelope="e2")
    _, view = await server.view()
    begun = {b["block_id"]: b["element"]["initial_value"] for b in view["blocks"] if b["type"] == "input"}
    assert begun == {"name": "chips", "query": "semiconductor"}

    await server.send("interactive", submitted(view, name="chips", query="semiconductor OR chip"), envelope="e3")
    assert "new query" in json.dumps((await server.answer_of("e3"))["view"])


async def test_the_message_shortcut_answers_in_the_thread(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("interactive", shortcut(server, "Huawei &amp; MTS build in Moscow."))

    message = await server.message("C1")
    assert message["thread_ts"] == "7.1"
    assert " & MTS build in Moscow" in json.dumps(message["blocks"])


async def test_where_the_bot_may_not_write_the_shortcut_answers_the_asker(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.faults["chat.postMessage"] = [Fault(error="not_in_channel")]

    await server.send("interactive", shortcut(server, "Huawei builds in Moscow."))

    assert (await server.reply())["response_type"] == "ephemeral"


def shortcut(server: SlackServer, text: str) -> dict[str, Any]:
    return {
        "type": "message_action",
        "callback_id": "check",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "name": "ada"},
        "channel": {"id": "C1", "name": "intel"},
        "trigger_id": "1.2",
        "response_url": f"{server.url}/respond",
        "message": {"type": "message", "user": "U2", "ts": "7.1", "text": text},
    }


async def home_of(server: SlackServer, count: int = 1) -> dict[str, Any]:
    """Open it, and give the view that was published."""
    opened = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    await server.send("events_api", server.event(f"Ev{count}", opened), envelope=f"home{count}")
    method, view = await server.view(count)
    assert method == "views.publish"
    return view


async def test_home_shows_what_this_person_may_see_of_the_workspace(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    secret = server.command("subscribe", "huawei", channel_id="C2", channel_name="secret")
    await server.send("slash_commands", secret, envelope="e2")
    await server.reply()
    server.member_of = {"U1": ["C1"]}

    view = await home_of(server)

    shown = json.dumps(view["blocks"])
    assert view["type"] == "home"
    assert "#intel" in shown
    assert "secret" not in shown
    assert "Huawei" in shown


async def test_a_press_in_home_is_answered_in_a_modal_and_home_is_fresh(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.member_of = {"U1": ["C1"]}
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    await server.reply()
    view = await home_of(server)
    health = next(value for value in values(view["blocks"]) if value == "show:health")

    pressed = {"action_id": "press:0", "type": "button", "value": health}
    await server.send("interactive", server.pressed(pressed, view=shown(view, "VH")), "e2")
    await server.view(3)

    assert [method for method, _ in server.views[1:]] == ["views.open", "views.publish"]
    assert server.views[1][1]["type"] == "modal"


async def test_who_is_no_member_of_a_channel_changes_nothing_there_from_a_modal(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei", channel_id="C2", channel_name="trade"))
    await server.reply()
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, "C2")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    server.member_of = {"U1": ["C1"]}
    server.responses.clear()
    server.answered.clear()

    forged = {"action_id": "press:0", "type": "button", "value": f"unsubscribe:{subscription.id}"}
    await server.send("interactive", server.pressed(forged), "e2")

    assert "member" in (await server.reply())["text"]
    async with sqlite_store.read() as tx:
        assert len(await tx.subscriptions.of_channel(channel.id)) == 1


@pytest.mark.parametrize(
    ("status", "text"), [(404, '{"ok":false,"error":"used_url"}'), (404, '{"ok":false,"error":"expired_url"}')]
)
async def test_a_used_up_response_address_is_no_lost_answer(
    status: int, text: str, server: SlackServer, gateway: SlackGateway
) -> None:
    server.response_fault = (status, text)

    await server.send("slash_commands", server.command("news", ""))
    reply = await server.reply()

    assert (reply["channel"], reply["user"]) == ("C1", "U1")
    assert [name for name, _ in server.calls].count("chat.postEphemeral") == 1


async def test_what_everyone_sees_is_not_replaced_by_what_one_person_asked(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"), envelope="e1")
    first = await server.reply()
    pace = {"type": "button", "action_id": "press:0", "value": next(v for v in values(first["blocks"]) if "daily" in v)}

    public = server.pressed(pace, container={"type": "message", "is_ephemeral": False})
    await server.send("interactive", public, envelope="e2")
    assert (await server.reply())["replace_original"] is False

    alone = server.pressed(pace, container={"type": "message", "is_ephemeral": True})
    await server.send("interactive", alone, envelope="e3")
    assert (await server.reply())["replace_original"] is True


async def test_share_posts_for_everyone(
    server: SlackServer, gateway: SlackGateway, commands: Commands, sqlite_store: Store
) -> None:
    async with sqlite_store.begin() as tx:
        source = await make_source(tx, clock())
    text = "Huawei opened a laboratory for 5G in Nairobi on Tuesday. Sixty engineers work there."
    await Arrive(sqlite_store)([draft("Huawei opens a laboratory", text)], source=source, now=clock())
    await server.send("slash_commands", server.command("brief", "huawei"), envelope="e1")
    share = next(value for value in values((await server.reply())["blocks"]) if value.startswith("share:"))

    pressed = {"type": "button", "action_id": "press:0", "value": share}
    await server.send("interactive", server.pressed(pressed), envelope="e2")

    assert (await server.reply())["response_type"] == "in_channel"
