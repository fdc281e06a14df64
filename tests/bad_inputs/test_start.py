"""A bot that cannot start: the real process ends by itself, says why in a line, and shows no token."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bot_process import ROOT
from tests.support.command_line import CommandLine, command_line
from tests.support.discord_server import discord_server
from tests.support.slack_server import slack_server

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-not-the-right-one-000",
    "SLACK_APP_TOKEN": "xapp-not-the-right-one-000",
    "DISCORD_TOKEN": "not-the-right-token-of-discord",
}


@pytest.fixture
def cli(tmp_path: Path, sqlite_template: Path) -> CommandLine:
    return command_line(tmp_path, sqlite_template, WIREWATCH_EXAMPLES="false", PORT="0")


async def run(cli: CommandLine) -> str:
    """What `python -m bot run` says until it ends, which must be by itself and not well."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=cli.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.stderr


def logged(cli: CommandLine) -> str:
    """The one error in the log file."""
    lines = (cli.home / "logs" / "wirewatch.log").read_text(encoding="utf-8").splitlines()
    (line,) = [entry for entry in map(json.loads, lines) if entry["level"] in ("error", "critical")]
    assert not any(secret in "".join(lines) for secret in SECRETS.values())
    return str(line["event"])


async def test_a_port_in_use_is_named_with_a_way_out(cli: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = cli.settings["PORT"] = str(taken.getsockname()[1])

        said = await run(cli)

    assert f"cannot bind 127.0.0.1 port {port}" in said.splitlines()[-1]
    assert "PORT=" in said.splitlines()[-1]
    assert f"port {port}" in logged(cli)
    ledger = await asyncio.to_thread(cli, "ledger", "--json")
    assert ledger.row["agrees"]


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_a_wrong_token_is_named_and_not_shown(platform: str, cli: CommandLine) -> None:
    names = [name for name in SECRETS if name.lower().startswith(platform)]
    cli.settings.update({name: SECRETS[name] for name in names})
    async with slack_server() as slack, discord_server() as discord:
        cli.settings |= {"SLACK_API_URL": slack.api_url, "DISCORD_API_URL": discord.api_url}

        said = await run(cli)

    assert names[0] in said.splitlines()[-1]
    assert names[0] in logged(cli)
    assert not any(secret in said for secret in SECRETS.values())
