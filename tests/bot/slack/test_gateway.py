"""Slack end to end on loopback: the unmodified SDK, a socket, the real commands and a real store."""

import json

import pytest

from bot.slack.gateway import SlackGateway
from handlers.answers.errors import WirewatchError
from handlers.commands.dispatch import Commands
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.support.slack_server import TEAM, Fault, SlackServer


async def test_a_command_is_acknowledged_and_answered_to_the_asker_alone(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))

    reply = await server.reply()

    assert reply["response_type"] == "ephemeral"
    assert "Huawei" in json.dumps(reply["blocks"])
    assert await server.answer_of("e1") == {}


async def test_a_channel_named_in_the_words_is_the_one_that_is_changed(
    server: SlackServer, gateway: SlackGateway, sqlite_store: Store
) -> None:
    server.members = {"C2": ["U1"]}

    await server.send("slash_commands", server.command("subscribe", "huawei in <#C2|trade> daily"))
    await server.reply()

    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        channel = await tx.channels.find(workspace.id, "C2")
        assert channel is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert (channel.name, subscription.pace) == ("trade", "daily")


@pytest.mark.parametrize(
    ("words", "stored", "said"),
    [
        ("huawei mention <!subteam^S0614TZR7|@desk>", ("S0614TZR7", "@desk"), "Each new alert mentions @desk, once."),
        ("huawei mention <@U1|ada> instant", ("U1", "@ada"), "Each new alert mentions @ada, once."),
        ("huawei mention <@U9|bob>", None, "I mention people only if they ask for it themselves: @bob"),
        ("huawei mention <!channel>", None, "I can't mention @channel: that is everybody."),
        ("huawei mention @desk", None, "t tell whom to mention"),
    ],
)
async def test_a_subscription_names_a_user_group_or_oneself_to_be_mentioned(
    words: str,
    stored: tuple[str, str] | None,
    said: str,
    server: SlackServer,
    gateway: SlackGateway,
    sqlite_store: Store,
) -> None:
    await server.send("slash_commands", server.command("subscribe", words))
    reply = await server.reply()

    assert said in json.dumps(reply["blocks"])
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        held = [] if workspace is None else await tx.subscriptions.for_topics([1])
    assert [(one.mention, one.mention_name) for one, _ in held] == ([stored] if stored else [])


async def test_who_is_not_in_a_channel_cannot_change_it(server: SlackServer, gateway: SlackGateway) -> None:
    server.members = {"C2": ["U9"]}

    await server.send("slash_commands", server.command("subscribe", "huawei in <#C2|trade>"))
    reply = await server.reply()

    assert reply["response_type"] == "ephemeral"
    assert "chat.postMessage" not in [name for name, _ in server.calls]


async def test_a_press_on_a_button_works(server: SlackServer, gateway: SlackGateway) -> None:
    await server.send("slash_commands", server.command("subscribe", "huawei"))
    first = await server.reply()
    buttons = [
        e for b in first["blocks"] if b["type"] == "actions" for e in b["elements"] if "daily" in e.get("value", "")
    ]

    await server.send("interactive", server.pressed(buttons[0]), envelope="e2")
    reply = await server.reply()

    assert "aily" in json.dumps(reply["blocks"])


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_wrong_token_is_named(
    method: str, setting: str, server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    server.faults[method] = [Fault(error="invalid_auth")]

    with pytest.raises(WirewatchError, match=setting):
        async with connected(server, commands, sqlite_store):
            pass


async def test_what_is_being_answered_when_the_bot_stops_is_still_answered(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    async with connected(server, commands, sqlite_store):
        await server.send("slash_commands", server.command("subscribe", "huawei"))
        await server.answer_of("e1")

    assert "Huawei" in json.dumps(server.responses[0]["blocks"])


async def test_a_socket_that_slack_refreshes_goes_on(server: SlackServer, gateway: SlackGateway) -> None:
    await server.refresh()

    await server.send("slash_commands", server.command("news", ""))

    assert (await server.reply())["response_type"] == "ephemeral"
    assert [name for name, _ in server.calls].count("apps.connections.open") == 2


async def test_every_command_is_acknowledged_before_it_is_answered(server: SlackServer, gateway: SlackGateway) -> None:
    server.faults["users.info"] = [Fault(status=500, error="internal_error", hang_s=0.2)]

    await server.send("slash_commands", server.command("news", ""))
    await server.answer_of("e1")

    assert server.responses == []
    await server.reply()
