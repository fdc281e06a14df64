"""A bot that cannot start, or cannot connect: it says why in one line, and shows no token."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bot_process import started
from tests.support.command_line import CommandLine, command_line
from tests.support.discord_server import discord_server
from tests.support.http_server import run_in_thread
from tests.support.paths import ROOT
from tests.support.slack_server import slack_server

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-not-the-right-one-000",
    "SLACK_APP_TOKEN": "xapp-not-the-right-one-000",
    "DISCORD_TOKEN": "not-the-right-token-of-discord",
}


@pytest.fixture
def cli(tmp_path: Path, sqlite_template: Path) -> CommandLine:
    return command_line(tmp_path, sqlite_template, WIREWATCH_EXAMPLES="false", PORT="0")


def last_error_line(code: int, out: str, err: str) -> str:
    """Return the last line of a failed `python -m bot run`."""
    assert code == 1, err
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()[-1]


def logged_error(cli: CommandLine) -> str:
    """Return the only error in the log file."""
    lines = (cli.home / "logs" / "wirewatch.log").read_text(encoding="utf-8").splitlines()
    (line,) = [entry for entry in map(json.loads, lines) if entry["level"] in ("error", "critical")]
    assert not any(secret in "".join(lines) for secret in SECRETS.values())
    return str(line["event"])


def test_a_port_in_use_is_named_with_a_solution(cli: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = cli.settings["PORT"] = str(used.getsockname()[1])

        ended = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=cli.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=50,
        )

    error = last_error_line(ended.returncode, ended.stdout, ended.stderr)
    assert f"cannot bind 127.0.0.1 port {port}" in error
    assert "PORT=" in error
    assert f"port {port}" in logged_error(cli)
    assert cli("ledger", "--json").row["agrees"]


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_a_wrong_token_is_named_but_not_shown_and_everything_else_runs(
    platform: str, cli: CommandLine, tmp_path: Path
) -> None:
    names = [name for name in SECRETS if name.lower().startswith(platform)]
    cli.settings.update({name: SECRETS[name] for name in names})
    with run_in_thread(slack_server()) as slack, run_in_thread(discord_server()) as discord:
        cli.settings |= {"SLACK_API_URL": slack.api_url, "DISCORD_API_URL": discord.api_url}
        with started(cli.environment(), said=tmp_path / "said.txt") as bot:
            bot.wait_until_started()
            status, ready = bot.ask("/readyz")
            alive = bot.ask("/healthz")[0]
            assert bot.stop() == 0

    assert (status, alive) == (503, 200)
    assert [names[0] in reason for reason in ready["reasons"]] == [True]
    assert ready["parts"]["database"] is True
    assert names[0] in logged_error(cli)
    assert not any(secret in bot.text for secret in SECRETS.values())
