"""`check`: what is missing, how to set it up, and every wrong setting at once."""

from bot.slack.manifest import SCOPES
from tests.support.command_line import CommandLine
from tests.support.discord_server import TOKEN, discord_server
from tests.support.http_server import run_in_thread
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, slack_server


def test_the_check_shows_what_is_missing_and_how_to_set_it_up(cli: CommandLine) -> None:
    ran = cli("check", "--json")
    page = cli("check")

    assert ran.code == page.code == 0
    found = {row["part"]: row for row in ran.rows}
    assert found["settings"]["state"] == found["database"]["state"] == "ok"
    assert found["slack"]["state"] == found["discord"]["state"] == "missing"
    assert found["time zones"]["what"].startswith("version 20")
    assert "python -m bot manifest" in found["slack"]["to_do"]
    assert "no DISCORD_TOKEN" in page.out


def test_the_check_names_every_wrong_setting_at_once_and_no_secret(cli: CommandLine) -> None:
    cli.settings.update(
        PORT="eighty", WIREWATCH_TIME_ZONE="[bold]Mars", SLACK_BOT_TOKEN="not-a-token-at-all", WIREWATCH_TOKEN="s3cret"
    )

    ran = cli("check", "--json")
    page = cli("check")

    assert ran.code == page.code == 1
    assert len(ran.rows) >= 4
    assert {row["state"] for row in ran.rows} == {"broken"}
    for text in (ran.out, ran.err, page.out, page.err):
        assert "not-a-token-at-all" not in text
        assert "s3cret" not in text
    assert "[bold]Mars" in page.out


def test_the_check_asks_the_platforms_and_prints_the_address_that_invites_the_bot(cli: CommandLine) -> None:
    with run_in_thread(slack_server()) as slack, run_in_thread(discord_server()) as discord:
        slack.scopes = set(SCOPES) - {"channels:join"}
        cli.settings |= {"SLACK_API_URL": slack.api_url, "DISCORD_API_URL": discord.api_url}
        cli.settings |= {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "DISCORD_TOKEN": TOKEN}

        ran = cli("check", "--json")

    found = [(row["part"], row["state"], row["what"]) for row in ran.rows]
    assert ("slack", "broken", "scopes are missing: channels:join") in found
    assert ("slack", "ok", "Socket Mode works") in found
    assert any("permissions=309237763072" in what for part, state, what in found if (part, state) == ("discord", "ok"))
    assert ran.code == 1
    assert not any(secret in ran.out + ran.err for secret in (BOT_TOKEN, APP_TOKEN, TOKEN))
