"""The secret key, and passwords in feed addresses, which no command shows except the owner's export."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import ConfigError, read_settings
from bot.secret_key import secret_keys
from storage.private_files import FILE
from tests.support.command_line import CommandLine, command_line
from tests.support.http_server import LocalServer, local_server

OPML = "<opml><body><outline type='rss' text='Wire' xmlUrl='https://ann:hunter22@wire.example/feed'/></body></opml>"
KEY = "a-key-of-at-least-thirty-two-letters"


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template, WIREWATCH_ALLOW_PRIVATE_FETCH="true")


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


def add_private_feed(cli: CommandLine, folder: Path) -> None:
    (folder / "feeds.opml").write_text(OPML)
    assert "1 added" in cli("sources", "import", str(folder / "feeds.opml")).out


def test_a_backup_contains_no_password_and_an_exported_file_is_private(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    for words in (("db", "backup", "copy.db"), ("sources", "export", "new.opml")):
        assert cli(*words[:-1], str(tmp_path / words[-1])).code == 0

    assert b"hunter22" not in (tmp_path / "copy.db").read_bytes()
    assert "https://ann:hunter22@wire.example/feed" in (tmp_path / "new.opml").read_text()
    assert stat.S_IMODE((tmp_path / "new.opml").stat().st_mode) == FILE


def test_only_the_owners_export_shows_a_password(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    for words in (("sources", "list"), ("check",), ("sources", "list", "--json"), ("check", "--json"), ("ledger",)):
        ran = cli(*words)
        assert ran.code == 0 and "hunter22" not in ran.out + ran.err, words

    assert "ann:hunter22@" in cli("sources", "export").out
    copied = cli("db", "backup", str(tmp_path / "copy.db"))
    assert f"their key is {cli.home / 'secret.key'}" in copied.out.replace("\n", "")


async def test_a_document_at_a_private_address_is_stored_without_the_password(
    cli: CommandLine, server: LocalServer, tmp_path: Path
) -> None:
    address = server.answer("/doc.txt", b"Huawei opens a plant\n\nIt opened on Monday, the company said in a note.")
    private = address.replace("http://", "http://ann:hunter22@") + "?token=Zx9Qw7ab"

    ran = await asyncio.to_thread(cli, "ingest", "--json", private)
    gone = await asyncio.to_thread(cli, "ingest", private.replace("doc", "none"))

    assert (ran.code, gone.code) == (0, 1)
    stored = await asyncio.to_thread((cli.home / "wirewatch.sqlite3").read_bytes)
    for text in (ran.out, ran.err, gone.out, gone.err, stored.decode("latin-1")):
        assert "hunter22" not in text and "Zx9Qw7ab" not in text


def test_the_key_file_is_created_once_and_private(tmp_path: Path) -> None:
    settings = read_settings(WIREWATCH_DATA_DIR=str(tmp_path))

    first, second = secret_keys(settings), secret_keys(settings)

    assert first == second and len(first[0]) >= 32
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == FILE
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("settings", "has_file", "keys"),
    [
        ({"WIREWATCH_SECRET_KEY": KEY}, False, (KEY,)),
        ({"WIREWATCH_SECRET_KEY": KEY}, True, (KEY, "file")),
        ({}, True, ("file",)),
        ({"DATABASE_URL": "postgresql://host/name"}, True, ()),
        ({"DATABASE_URL": "postgresql://host/name", "WIREWATCH_SECRET_KEY": KEY}, True, (KEY,)),
        ({"DATABASE_URL": "sqlite:///elsewhere.db"}, True, ("file",)),
    ],
)
def test_the_setting_precedes_the_file_and_postgresql_uses_no_file(
    settings: dict[str, str], has_file: bool, keys: tuple[str, ...], tmp_path: Path
) -> None:
    file = secret_keys(read_settings(WIREWATCH_DATA_DIR=str(tmp_path)))[0] if has_file else ""

    found = secret_keys(read_settings(WIREWATCH_DATA_DIR=str(tmp_path), **settings))

    assert found == tuple(file if key == "file" else key for key in keys)
    assert (tmp_path / "secret.key").exists() == has_file


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_damaged_key_file_is_reported_and_not_changed(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(content)

    with pytest.raises(ConfigError, match=r"key file .*secret\.key"):
        secret_keys(read_settings(WIREWATCH_DATA_DIR=str(tmp_path)))

    assert (tmp_path / "secret.key").read_bytes() == content


def test_the_check_reports_a_lost_key_and_everything_else_works(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)
    (cli.home / "secret.key").unlink()

    listed, check = cli("sources", "list"), cli("check", "--json")

    assert listed.code == 0 and "1 feed cannot be read" in listed.err
    (finding,) = (row for row in check.rows if row["part"] == "secret key")
    assert finding["state"] == "broken" and "WIREWATCH_SECRET_KEY" in finding["to_do"]


def test_a_key_that_is_set_later_replaces_the_key_file(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    cli.settings["WIREWATCH_SECRET_KEY"] = KEY
    assert "ann:hunter22@" in cli("sources", "export").out
    (cli.home / "secret.key").unlink()

    assert "ann:hunter22@" in cli("sources", "export").out


def test_postgresql_without_a_key_refuses_passwords_and_says_so(postgres_url: str, tmp_path: Path) -> None:
    cli = CommandLine(home=tmp_path / "data", settings={"DATABASE_URL": postgres_url, "WIREWATCH_EXAMPLES": "false"})
    (tmp_path / "feeds.opml").write_text(OPML)

    imported, check = cli("sources", "import", str(tmp_path / "feeds.opml")), cli("check", "--json")

    assert "0 added" in imported.out and "WIREWATCH_SECRET_KEY" in imported.out.replace("\n", " ")
    (finding,) = (row for row in check.rows if row["part"] == "secret key")
    assert finding["state"] == "missing"
    assert not (cli.home / "secret.key").exists()
