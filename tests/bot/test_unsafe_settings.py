"""Settings that work but are unsafe are named, without their secrets, and safe ones are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.check import print_check
from bot.config import read_settings, setting_rows
from bot.unsafe_settings import unsafe_settings

STRONG = "0f9a3c5be17d2486aa03c41b"
OTHER = "b7715cde0934f2a86c1d0e9f"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, _, _ in setting_rows():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"WIREWATCH_TOKEN": STRONG, "WIREWATCH_API_TOKEN": OTHER},
        {"WIREWATCH_HOST": "0.0.0.0", "WIREWATCH_TOKEN": STRONG, "WIREWATCH_PROXIES": "10.0.0.0/8"},
        {"WIREWATCH_PROXIES": "127.0.0.1, ::1 2001:db8::/32"},
        {"SLACK_API_URL": "http://127.0.0.1:9/", "DISCORD_API_URL": "http://localhost:9/"},
    ],
)
def test_safe_settings_give_no_warning(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert list(unsafe_settings(read_settings())) == []


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"WIREWATCH_HOST": "0.0.0.0", "WIREWATCH_TOKEN": STRONG}, "plain HTTP"),
        ({"WIREWATCH_HOST": "::", "WIREWATCH_TOKEN": STRONG}, "plain HTTP"),
        ({"WIREWATCH_PROXIES": "0.0.0.0/0"}, "everybody's X-Forwarded-For counts"),
        ({"WIREWATCH_PROXIES": "10.0.0.4,128.0.0.0/1"}, "everybody's X-Forwarded-For counts"),
        ({"WIREWATCH_PROXIES": "::/0"}, "everybody's X-Forwarded-For counts"),
        ({"WIREWATCH_TOKEN": "a7c31d90b2e84f65"}, "WIREWATCH_TOKEN is short"),
        ({"WIREWATCH_API_TOKEN": "a7c31d90b2e84f65"}, "WIREWATCH_API_TOKEN is short"),
        ({"WIREWATCH_READ_TOKEN": "abababababababababababababab"}, "WIREWATCH_READ_TOKEN is short or repeats itself"),
        (
            {"WIREWATCH_API_TOKEN": STRONG, "WIREWATCH_READ_TOKEN": STRONG},
            "WIREWATCH_API_TOKEN and WIREWATCH_READ_TOKEN are the same",
        ),
        ({"SLACK_API_URL": "http://slack.example/api/"}, "SLACK_API_URL is not an https address"),
        ({"DISCORD_API_URL": "http://discord.example/"}, "DISCORD_API_URL is not an https address"),
        ({"WIREWATCH_ALLOW_PRIVATE_FETCH": "true"}, "everybody who may add sources"),
    ],
)
def test_an_unsafe_setting_is_named_and_its_secret_is_not(
    environment: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    found = list(unsafe_settings(read_settings()))

    assert [what for what, _ in found if problem in what]
    assert not any(
        value in f"{what} {to_do}"
        for what, to_do in found
        for value in environment.values()
        if len(value) > 15 and "://" not in value
    )


async def test_the_check_warns_of_an_unsafe_setting_and_of_a_folder_that_others_can_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("WIREWATCH_PROXIES", "0.0.0.0/0")
    monkeypatch.setenv("WIREWATCH_EXAMPLES", "false")
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)

    code = await print_check(as_json=True)

    shown = capsys.readouterr().out
    assert code == 0
    assert "X-Forwarded-For counts" in shown
    assert "could open" in shown
    assert data.stat().st_mode & 0o077 == 0


async def test_the_check_refuses_a_console_without_a_token_on_a_public_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WIREWATCH_HOST", "0.0.0.0")

    assert await print_check(as_json=True) == 1
    assert "which other machines can reach" in capsys.readouterr().out
