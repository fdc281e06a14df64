"""The check of Slack's tokens, against a local Slack."""

import pytest

from bot.slack.manifest import SCOPES
from bot.slack.probe import probe_slack
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, Fault, SlackServer


async def probe(server: SlackServer, bot_token: str = BOT_TOKEN) -> list[tuple[bool, str]]:
    results = probe_slack(server.api_url, bot_token=bot_token, app_token=APP_TOKEN)
    return [(is_ok, what) async for is_ok, what, _ in results]


async def test_the_check_names_the_workspace_the_scopes_and_socket_mode(server: SlackServer) -> None:
    server.scopes = set(SCOPES)

    assert await probe(server) == [
        (True, "the token is that of wirewatch in wire"),
        (True, "all scopes are granted"),
        (True, "Socket Mode works"),
    ]


async def test_missing_scopes_are_named(server: SlackServer) -> None:
    server.scopes = set(SCOPES) - {"channels:join", "files:write"}

    assert (False, "scopes are missing: channels:join, files:write") in await probe(server)


@pytest.mark.parametrize(
    ("method", "what"), [("auth.test", "SLACK_BOT_TOKEN: invalid_auth"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
async def test_a_token_that_slack_refuses_is_named_without_being_shown(
    method: str, what: str, server: SlackServer
) -> None:
    server.faults[method] = [Fault(error="invalid_auth")]

    found = await probe(server)

    assert found[-1][0] is False and what in found[-1][1]
    assert all(token not in text for token in (BOT_TOKEN, APP_TOKEN) for _, text in found)
