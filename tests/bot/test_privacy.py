"""The data folder on the command line: private from the first start, or made private with a message."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.private_files import FILE
from tests.support.command_line import CommandLine, command_line

MESSAGE = "Other users of this machine could open"
OPML = "<opml><body><outline type='rss' text='Wire' xmlUrl='https://wire.example/feed'/></body></opml>"


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template)


def modes(folder: Path) -> dict[str, int]:
    """The modes of the folder and everything in it, if other users have any permission."""
    found = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {path: mode for path, mode in found.items() if mode & 0o077}


def test_a_new_data_folder_is_private_without_a_message(tmp_path: Path) -> None:
    cli = CommandLine(home=tmp_path / "a" / "data")
    (tmp_path / "a").mkdir()

    ran = cli("topics", "list")

    assert (ran.code, ran.err) == (0, "")
    assert modes(cli.home) == {}
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o777


def test_an_open_data_folder_is_made_private_with_one_message(cli: CommandLine) -> None:
    cli.home.chmod(0o755)
    (cli.home / "wirewatch.sqlite3").chmod(0o644)
    (cli.home / "inbox" / "done").mkdir(parents=True)

    first, second = cli("topics", "list"), cli("topics", "list")

    assert first.code == second.code == 0
    assert first.err.count(MESSAGE) == 1 and str(cli.home) in first.err and "and 1 more" in first.err
    assert second.err == ""
    assert modes(cli.home) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change the owner of a folder")
def test_a_data_folder_of_another_user_causes_a_warning_and_works(cli: CommandLine) -> None:
    os.chown(cli.home, 12345, -1)

    ran, check = cli("topics", "list"), cli("check", "--json")

    assert ran.code == 0
    assert "belongs to another user (id 12345)" in ran.err
    (finding,) = (row for row in check.rows if row["part"] == "private files")
    assert finding["state"] == "unsafe" and "12345" in finding["what"] and "chown" in finding["to_do"]
    assert check.code == 0


def test_the_check_reports_what_it_made_private_and_then_that_all_is_private(cli: CommandLine) -> None:
    cli.home.chmod(0o755)

    first, second = ([row for row in cli("check", "--json").rows if row["part"] == "private files"] for _ in range(2))

    assert [(row["state"], row["what"].startswith(MESSAGE)) for row in first] == [("ok", True)]
    assert [(row["state"], row["what"]) for row in second] == [("ok", "only this user can open the data folder")]


def test_backups_and_exports_are_private_wherever_they_are_written(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)
    (tmp_path / "old.opml").touch(0o666)
    assert cli("sources", "import", str(tmp_path / "feeds.opml")).code == 0

    for words in (("db", "backup", "copy.db"), ("sources", "export", "new.opml"), ("sources", "export", "old.opml")):
        assert cli(*words[:-1], str(tmp_path / words[-1])).code == 0

    written = [tmp_path / name for name in ("copy.db", "new.opml", "old.opml")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in written] == [FILE] * 3
    assert "https://wire.example/feed" in written[1].read_text() == written[2].read_text()
