"""Settings: the defaults work, all problems are reported at once, and secrets are not shown."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import ConfigError, read_settings, setting_rows


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    for name, _, _ in setting_rows():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    yield


def test_every_setting_has_a_default() -> None:
    settings = read_settings()

    assert settings.host == "127.0.0.1"
    assert settings.port == 8080
    assert settings.store_url.startswith("sqlite:///")
    assert settings.store_url.endswith("data/wirewatch.sqlite3")


def test_all_problems_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PORT": "eighty",
        "WIREWATCH_TIME_ZONE": "Mars/Olympus",
        "WIREWATCH_HOST": "0.0.0.0",
        "WIREWATCH_API_TOKEN": "short",
        "SLACK_BOT_TOKEN": "hello",
        "DATABASE_URL": "mysql://x",
        "DISCORD_SHARDS": "0",
        "DISCORD_GUILD": "The Desk",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        read_settings()

    named = {problem.split(":")[0] for problem in caught.value.problems}
    assert named == {
        "PORT",
        "WIREWATCH_TIME_ZONE",
        "WIREWATCH_TOKEN",
        "WIREWATCH_API_TOKEN",
        "SLACK_BOT_TOKEN",
        "DATABASE_URL",
        "DISCORD_SHARDS",
        "DISCORD_GUILD",
    }
    assert "hello" not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "also set SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "missing, although another Slack setting is set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "1"}, "does not start with xapp-"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID: also set SLACK_APP_TOKEN"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_APP_TOKEN": "xapp-1"}, "WIREWATCH_SECRET_KEY: missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_BOT_TOKEN": "xoxb-1"}, "set only one of them"),
        ({"WIREWATCH_SECRET_KEY": "short"}, "WIREWATCH_SECRET_KEY: too short"),
        ({"WIREWATCH_PROXIES": "127.0.0.1, proxy.example"}, "WIREWATCH_PROXIES: 'proxy.example' is neither"),
        ({"WIREWATCH_HOST": "192.168.0.4"}, "required because WIREWATCH_HOST is 192.168.0.4"),
        ({"WIREWATCH_KEEP_ARTICLES": "7"}, "WIREWATCH_KEEP_ARTICLES: must be 0"),
        ({"WIREWATCH_KEEP_SHOWN": "1000000"}, "WIREWATCH_KEEP_SHOWN: must be at most 36500 days"),
    ],
)
def test_settings_that_conflict_are_refused(
    environment: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=problem):
        read_settings()


def test_proxies_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_PROXIES", "127.0.0.1, 10.0.0.0/8 2001:db8::/32")

    assert read_settings().proxies == ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")


def test_days_of_retention_are_durations_and_0_is_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_KEEP_ARTICLES", "31")
    monkeypatch.setenv("WIREWATCH_KEEP_SHOWN", "0")

    retention = read_settings().retention

    assert (retention.articles, retention.shown, retention.traces) == (timedelta(days=31), None, timedelta(days=90))


def test_an_empty_setting_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_SHARDS", "DISCORD_GUILD"):
        monkeypatch.setenv(name, "")

    settings = read_settings()

    assert (settings.discord_shards, settings.discord_guild) == (None, None)


def test_secrets_are_not_in_the_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-very-secret-token")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter22@db/wire")

    settings = read_settings()

    assert "a-very-secret-token" not in repr(settings)
    assert "hunter22" not in repr(settings)
    assert set(settings.secrets) == {"a-very-secret-token", "postgresql://bot:hunter22@db/wire"}


def test_the_environment_overrides_the_dotenv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=9000\nWIREWATCH_TIME_ZONE=Europe/Berlin\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")

    settings = read_settings()

    assert (settings.port, settings.time_zone) == (9001, "Europe/Berlin")
