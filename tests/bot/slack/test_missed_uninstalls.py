"""Uninstalls that Slack reported while the bot was not running are noticed at the next start."""

import aiohttp
import pytest

from handlers.commands.dispatch import Commands
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.bot.slack.installations import OAUTH_APP, TOKEN, install_store, installation
from tests.support.slack_server import Fault, SlackServer, eventually


@pytest.mark.parametrize(
    ("fault", "uninstalled"),
    [
        (Fault(error="account_inactive"), True),
        (Fault(error="token_revoked"), True),
        (Fault(error="team_not_found"), True),
        (Fault(status=500, error="internal_error"), False),
        (None, False),
    ],
    ids=["account_inactive", "token_revoked", "team_not_found", "Slack is down", "still installed"],
)
async def test_a_missed_uninstall_begins_the_grace_period_at_the_next_start(
    fault: Fault | None,
    uninstalled: bool,
    server: SlackServer,
    session: aiohttp.ClientSession,
    commands: Commands,
    sqlite_store: Store,
) -> None:
    await install_store(sqlite_store, server, session).async_save(installation("T2"))
    server.tokens[TOKEN] = "T2"
    if fault is not None:
        server.faults["auth.test"] = [fault]

    async with connected(server, commands, sqlite_store, bot_token=None, oauth_app=OAUTH_APP):

        async def is_tested() -> bool:
            async with sqlite_store.read() as tx:
                workspace = await tx.workspaces.find(Platform.SLACK, "T2")
                is_gone = workspace is not None and workspace.gone_at is not None
                is_uninstalled = is_gone and await tx.installs.find("T2") is None
            return "auth.test" in [name for name, _ in server.calls] and is_uninstalled is uninstalled

        assert await eventually(is_tested)
