"""`check`: what is missing, how to set it up, and every wrong setting at once."""

from tests.support.command_line import CommandLine


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
