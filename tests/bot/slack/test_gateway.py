"""The connection to Slack: wrong tokens, a new socket, and answers that are still running when the bot stops."""

import json

import pytest

from bot.slack.gateway import SlackGateway
from handlers.answers.answer import Notice, Reply
from handlers.answers.errors import WirewatchError
from handlers.commands.dispatch import Commands
from handlers.commands.request import Request
from handlers.ingest.ingest import Ingest
from handlers.ports import PostError
from handlers.sources.fetch.client import open_fetcher
from storage.records import Channel, Platform
from storage.store import Store
from tests.bot.slack.conftest import clock, connected
from tests.support.slack_server import TEAM, Fault, SlackServer


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


async def test_a_token_that_slack_revokes_is_a_problem_until_it_is_accepted_again(
    server: SlackServer, gateway: SlackGateway
) -> None:
    server.faults["chat.postMessage"] = [Fault(error="token_revoked")]
    channel = Channel(
        id=1, workspace_id=1, platform=Platform.SLACK, workspace_external_id=TEAM, external_id="C1", name="intel"
    )

    with pytest.raises(PostError):
        await gateway.messenger.post(channel, Notice(text="Hello"), key="k1")
    problem = await gateway.problem(clock())
    await gateway.messenger.check(channel)

    assert problem is not None and "Install the app again" in problem
    assert await gateway.problem(clock()) is None


class FaultyCommands(Commands):
    """Commands that change something and then fail."""

    async def answer(self, request: Request) -> Reply:
        raise RuntimeError("a fault after the change")


async def test_after_a_fault_of_the_bot_the_person_learns_that_something_may_have_been_changed(
    server: SlackServer, sqlite_store: Store
) -> None:
    async with open_fetcher(user_agent="tests", allow_private=True) as fetcher:
        faulty = FaultyCommands(sqlite_store, ingest=Ingest(sqlite_store), fetcher=fetcher)
        async with connected(server, faulty, sqlite_store):
            await server.send("slash_commands", server.command("subscribe", "huawei"))
            reply = await server.reply()

    assert "What you asked for may have been done" in reply["text"]
