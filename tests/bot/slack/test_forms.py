"""Forms in modals: suggestions and query results while the person types, and errors in their fields."""

import json

import pytest

from bot.slack.gateway import SlackGateway
from storage.store import Store
from tests.bot.slack.conftest import workspace_of
from tests.bot.slack.modals import open_modal, shown, submission
from tests.support.slack_server import TEAM, Fault, SlackServer


@pytest.mark.parametrize(("words", "initial"), [("add", None), ("add Chips", "Chips")])
async def test_topics_add_without_a_query_opens_a_form(
    words: str, initial: str | None, server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    view = await open_modal(server, "topics", words)
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert list(fields) == ["name", "query"]
    assert fields["name"].get("initial_value") == initial

    await server.send("interactive", submission(view, name="Chips", query="semiconductor OR chipmaker"), envelope="e2")
    answer = await server.acknowledgement("e2")

    assert answer["response_action"] == "update"
    assert "Chips is now a topic" in json.dumps(answer["view"])
    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        assert await tx.topics.find(workspace.id, "chips") is not None


@pytest.mark.parametrize(
    ("name", "query", "field", "text"),
    [
        ("Chips", 'huawei AND "entity list', "query", 'never closed. Did you mean huawei AND "entity list"'),
        ("Huawei", "huawei", "name", "catalogue"),
        ("Chips", "NOT huawei", "query", ""),
    ],
)
async def test_an_error_is_shown_in_its_field(
    name: str, query: str, field: str, text: str, server: SlackServer, gateway: SlackGateway
) -> None:
    view = await open_modal(server, "topics", "add")

    await server.send("interactive", submission(view, name=name, query=query), envelope="e2")

    errors = await _errors(server, "e2")
    assert list(errors) == [field]
    assert text in errors[field]
    assert "^" not in errors[field]


@pytest.mark.parametrize(
    ("query", "text"), [("huawei", "0 articles in 30 days"), ('"entity list', "never closed")], ids=["good", "bad"]
)
async def test_a_query_is_tested_once_the_person_stops_typing(
    query: str, text: str, server: SlackServer, gateway: SlackGateway
) -> None:
    view = await open_modal(server, "topics", "add")
    typed = {"action_id": "live", "type": "plain_text_input", "value": query}

    await server.send("interactive", server.click(typed | {"value": "h"}, view=shown(view)), "e2")
    await server.send("interactive", server.click(typed, view=shown(view)), envelope="e3")
    method, after = await server.view(2)

    assert method == "views.update"
    assert text in json.dumps(after["blocks"])
    assert [block.get("block_id") for block in after["blocks"] if block["type"] == "input"] == ["name", "query"]
    assert len([name for name, _ in server.views if name == "views.update"]) == 1


async def test_the_subscriptions_modal_suggests_topics_and_adds_one(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    view = await open_modal(server, "subscriptions", "")

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
    options = (await server.acknowledgement("e2"))["options"]
    assert [option["value"] for option in options] == ["hua", "Huawei"]

    await server.send("interactive", submission(view, topic="Huawei", pace="daily"), envelope="e3")
    assert "Huawei" in json.dumps((await server.acknowledgement("e3"))["view"])
    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        channel = await tx.channels.find(workspace.id, "C1")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert subscription.pace == "daily"


async def test_an_invalid_query_is_refused_in_the_subscriptions_modal(
    server: SlackServer, gateway: SlackGateway
) -> None:
    view = await open_modal(server, "subscriptions", "")

    await server.send("interactive", submission(view, topic='"entity list', pace="daily"), envelope="e2")

    assert "never closed" in (await _errors(server, "e2"))["topic"]


async def test_the_answer_is_a_message_if_slack_does_not_open_the_modal(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.faults["views.open"] = [Fault(error="expired_trigger_id")] * 2

    await server.send("slash_commands", server.command("subscriptions", ""))

    assert "#intel" in json.dumps((await server.reply())["blocks"])


async def _errors(server: SlackServer, envelope: str) -> dict[str, str]:
    answer = await server.acknowledgement(envelope)
    assert answer["response_action"] == "errors"
    return dict(answer["errors"])
