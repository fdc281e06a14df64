"""Slash commands and the message shortcut, through a socket with the unmodified SDK."""

import json
from typing import Any

import pytest

from bot.slack.gateway import SlackGateway
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import workspace_of
from tests.support.slack_server import TEAM, Fault, SlackServer


async def test_a_command_is_acknowledged_and_answered_to_the_asker_only(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))

    reply = await server.reply()

    assert reply["response_type"] == "ephemeral"
    assert "Huawei" in json.dumps(reply["blocks"])
    assert await server.acknowledgement("e1") == {}


async def test_a_command_is_acknowledged_before_it_is_answered(server: SlackServer, gateway: SlackGateway) -> None:
    server.faults["users.info"] = [Fault(status=500, error="internal_error", hang_s=0.2)]

    await server.send("slash_commands", server.command("news", ""))
    await server.acknowledgement("e1")

    assert server.responses == []
    await server.reply()


async def test_a_command_changes_the_channel_that_it_names(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    server.members = {"C2": ["U1"]}

    await server.send("slash_commands", server.command("subscribe", "huawei in <#C2|trade> daily"))
    await server.reply()

    workspace = await workspace_of(sqlite_store)
    async with sqlite_store.read() as tx:
        channel = await tx.channels.find(workspace.id, "C2")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert (channel.name, subscription.pace) == ("trade", "daily")


async def test_a_person_cannot_change_a_channel_without_being_a_member(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.members = {"C2": ["U9"]}

    await server.send("slash_commands", server.command("subscribe", "huawei in <#C2|trade>"))
    reply = await server.reply()

    assert reply["response_type"] == "ephemeral"
    assert "chat.postMessage" not in [name for name, _ in server.calls]


@pytest.mark.parametrize(
    ("words", "stored", "answer"),
    [
        ("huawei mention <!subteam^S0614TZR7|@desk>", ("S0614TZR7", "@desk"), "Each new alert mentions @desk, once."),
        ("huawei mention <@U1|ada> instant", ("U1", "@ada"), "Each new alert mentions @ada, once."),
        ("huawei mention <@U9|bob>", None, "I mention people only if they ask for it themselves: @bob"),
        ("huawei mention <!channel>", None, "I can't mention @channel: that is everybody."),
        ("huawei mention @desk", None, "t tell whom to mention"),
    ],
)
async def test_alerts_can_mention_a_user_group_or_the_subscriber(
    words: str,
    stored: tuple[str, str] | None,
    answer: str,
    server: SlackServer,
    gateway: SlackGateway,
    sqlite_store: Store,
) -> None:
    await server.send("slash_commands", server.command("subscribe", words))
    reply = await server.reply()

    assert answer in json.dumps(reply["blocks"])
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        found = [] if workspace is None else await tx.subscriptions.for_topics([1])
    mentions = [(subscription.mention, subscription.mention_name) for subscription, _ in found]
    assert mentions == ([stored] if stored else [])


@pytest.mark.parametrize("error", ["used_url", "expired_url"])
async def test_an_answer_to_an_expired_response_url_arrives_as_an_ephemeral_message(
    error: str, server: SlackServer, gateway: SlackGateway
) -> None:
    server.response_fault = (404, json.dumps({"ok": False, "error": error}))

    await server.send("slash_commands", server.command("news", ""))
    reply = await server.reply()

    assert (reply["channel"], reply["user"]) == ("C1", "U1")
    assert [name for name, _ in server.calls].count("chat.postEphemeral") == 1


async def test_an_answer_that_the_response_url_did_not_take_is_sent_again(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.response_fault = (503, "upstream connect error")

    await server.send("slash_commands", server.command("news", ""))
    await server.reply()

    assert len(server.responses) == 1
    assert "chat.postEphemeral" not in [name for name, _ in server.calls]


async def test_a_command_that_slack_sends_twice_is_answered_once(server: SlackServer, gateway: SlackGateway) -> None:
    command = server.command("news", "")

    await server.send("slash_commands", command, envelope="e1")
    await server.reply()
    await server.send("slash_commands", command, envelope="e2")
    await server.acknowledgement("e2")
    await server.send("slash_commands", server.command("news", ""), envelope="e3")
    await server.reply()

    assert len(server.responses) == 2


async def test_the_message_shortcut_answers_in_the_thread(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("interactive", _shortcut(server, "Huawei &amp; MTS build in Moscow."))

    message = await server.message("C1")
    assert message["thread_ts"] == "7.1"
    assert " & MTS build in Moscow" in json.dumps(message["blocks"])


async def test_the_message_shortcut_answers_the_asker_if_the_bot_cannot_post(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.faults["chat.postMessage"] = [Fault(error="not_in_channel")]

    await server.send("interactive", _shortcut(server, "Huawei builds in Moscow."))

    assert (await server.reply())["response_type"] == "ephemeral"


def _shortcut(server: SlackServer, text: str) -> dict[str, Any]:
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


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("subscribe huawei", "#intel now gets Huawei"),
        ("/subscribe huawei", "#intel now gets Huawei"),
        ("  Digest at 08:30", "08:30"),
        ("subscribe huawei mention <@U1|ada>", "Each new alert mentions @ada, once."),
        ("", "/wirewatch COMMAND"),
        ("nonsense", "/nonsense"),
    ],
)
async def test_every_command_also_works_after_the_name_of_the_app(
    words: str, answer: str, server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("wirewatch", words))

    assert answer in json.dumps(await server.reply())
