"""The key that encrypts, and what the command line tells of feeds with a password in their address: nothing."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import ConfigError, read_settings
from bot.secret_key import keys_of
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


def test_a_backup_holds_no_password_and_a_written_export_is_private(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    for words in (("db", "backup", "copy.db"), ("sources", "export", "new.opml")):
        assert cli(*words[:-1], str(tmp_path / words[-1])).code == 0

    assert b"hunter22" not in (tmp_path / "copy.db").read_bytes()
    assert "https://ann:hunter22@wire.example/feed" in (tmp_path / "new.opml").read_text()
    assert stat.S_IMODE((tmp_path / "new.opml").stat().st_mode) == FILE


def test_no_command_tells_a_password_but_the_owners_export(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    for words in (("sources", "list"), ("check",), ("sources", "list", "--json"), ("check", "--json"), ("ledger",)):
        ran = cli(*words)
        assert ran.code == 0 and "hunter22" not in ran.out + ran.err, words

    assert "ann:hunter22@" in cli("sources", "export").out
    copied = cli("db", "backup", str(tmp_path / "copy.db"))
    assert f"their key is {cli.home / 'secret.key'}" in copied.out.replace("\n", "")


async def test_a_document_of_a_private_address_is_stored_without_the_password(
    cli: CommandLine, server: LocalServer, tmp_path: Path
) -> None:
    address = server.answer("/doc.txt", b"Huawei opens a plant\n\nIt opened on Monday, the company said in a note.")
    private = address.replace("http://", "http://ann:hunter22@") + "?token=Zx9Qw7ab"

    ran = await asyncio.to_thread(cli, "ingest", "--json", private)
    gone = await asyncio.to_thread(cli, "ingest", private.replace("doc", "none"))

    assert (ran.code, gone.code) == (0, 1)
    held = await asyncio.to_thread((cli.home / "wirewatch.sqlite3").read_bytes)
    for said in (ran.out, ran.err, gone.out, gone.err, held.decode("latin-1")):
        assert "hunter22" not in said and "Zx9Qw7ab" not in said


def test_the_key_file_is_made_once_private_and_kept(tmp_path: Path) -> None:
    settings = read_settings(WIREWATCH_DATA_DIR=str(tmp_path))

    first, second = keys_of(settings), keys_of(settings)

    assert first == second and len(first[0]) >= 32
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == FILE
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("settings", "made", "keys"),
    [
        ({"WIREWATCH_SECRET_KEY": KEY}, False, (KEY,)),
        ({"WIREWATCH_SECRET_KEY": KEY}, True, (KEY, "file")),
        ({}, True, ("file",)),
        ({"DATABASE_URL": "postgresql://host/name"}, True, ()),
        ({"DATABASE_URL": "postgresql://host/name", "WIREWATCH_SECRET_KEY": KEY}, True, (KEY,)),
        ({"DATABASE_URL": "sqlite:///elsewhere.db"}, True, ("file",)),
    ],
)
def test_the_setting_comes_before_the_file_and_postgresql_knows_no_file(
    settings: dict[str, str], made: bool, keys: tuple[str, ...], tmp_path: Path
) -> None:
    file = keys_of(read_settings(WIREWATCH_DATA_DIR=str(tmp_path)))[0] if made else ""

    found = keys_of(read_settings(WIREWATCH_DATA_DIR=str(tmp_path), **settings))

    assert found == tuple(file if key == "file" else key for key in keys)
    assert (tmp_path / "secret.key").exists() == made


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_damaged_key_file_is_named_and_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(content)

    with pytest.raises(ConfigError, match=r"key file .*secret\.key"):
        keys_of(read_settings(WIREWATCH_DATA_DIR=str(tmp_path)))

    assert (tmp_path / "secret.key").read_bytes() == content


def test_a_lost_key_is_told_by_the_check_and_the_rest_works(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)
    (cli.home / "secret.key").unlink()

    listed, check = cli("sources", "list"), cli("check", "--json")

    assert listed.code == 0 and "1 feed cannot be read" in listed.err
    (finding,) = (row for row in check.rows if row["part"] == "secret key")
    assert finding["state"] == "broken" and "WIREWATCH_SECRET_KEY" in finding["to_do"]


def test_a_key_that_is_set_later_takes_over_from_the_file(cli: CommandLine, tmp_path: Path) -> None:
    add_private_feed(cli, tmp_path)

    cli.settings["WIREWATCH_SECRET_KEY"] = KEY
    assert "ann:hunter22@" in cli("sources", "export").out
    (cli.home / "secret.key").unlink()

    assert "ann:hunter22@" in cli("sources", "export").out


def test_postgresql_without_a_key_says_so(postgres_url: str, tmp_path: Path) -> None:
    cli = CommandLine(home=tmp_path / "data", settings={"DATABASE_URL": postgres_url, "WIREWATCH_EXAMPLES": "false"})
    (tmp_path / "feeds.opml").write_text(OPML)

    imported, check = cli("sources", "import", str(tmp_path / "feeds.opml")), cli("check", "--json")

    assert "0 added" in imported.out and "WIREWATCH_SECRET_KEY" in imported.out.replace("\n", " ")
    (finding,) = (row for row in check.rows if row["part"] == "secret key")
    assert finding["state"] == "missing"
    assert not (cli.home / "secret.key").exists()
