"""The connection to Slack: wrong tokens, a new socket, and answers that are still running when the bot stops."""

import json

import pytest

from bot.slack.gateway import SlackGateway
from handlers.answers.errors import WirewatchError
from handlers.commands.dispatch import Commands
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.support.slack_server import Fault, SlackServer


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_wrong_token_is_reported_by_the_name_of_its_setting(
    method: str, setting: str, server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    server.faults[method] = [Fault(error="invalid_auth")]

    with pytest.raises(WirewatchError, match=setting):
        async with connected(server, commands, sqlite_store):
            pass


async def test_a_command_that_is_running_when_the_bot_stops_is_still_answered(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    async with connected(server, commands, sqlite_store):
        await server.send("slash_commands", server.command("subscribe", "huawei"))
        await server.acknowledgement("e1")

    assert "Huawei" in json.dumps(server.responses[0]["blocks"])


async def test_commands_are_answered_after_slack_asks_for_a_new_socket(
    server: SlackServer, gateway: SlackGateway
) -> None:
    await server.refresh()

    await server.send("slash_commands", server.command("news", ""))

    assert (await server.reply())["response_type"] == "ephemeral"
    assert [name for name, _ in server.calls].count("apps.connections.open") == 2
