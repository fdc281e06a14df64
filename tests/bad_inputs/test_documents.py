"""Documents that cannot be read: each is named with the reason, counted and put aside, and the next one is read."""

import logging
from pathlib import Path

import pytest

from storage.store import Store
from tests.support.command_line import CommandLine, command_line
from tests.support.watched import seen, watched

GOOD = "Huawei opens a plant\n\nHuawei opened a plant in the town of Example on Monday, it said.\n"
NOT_UTF8 = "Zürich prüft Huawei\n\nDie Stadt Zürich prüft, ob sie Geräte von Huawei kaufen darf, sagte sie am Montag."
BAD = [
    ("empty.txt", b"", "empty"),
    ("no_body.html", b"<html><head><title></title></head></html>", "no "),
    ("huge.txt", None, "200 MB"),
    ("binary.txt", bytes(range(256)) * 40, "text"),
]
"""Name, content (None: 200 MB of zeros), and a part of the reason."""


def put(folder: Path, name: str, content: bytes | None) -> Path:
    path = folder / name
    with path.open("wb") as file:
        if content is None:
            file.truncate(200_000_000)  # takes no space on the disk
        else:
            file.write(content)
    return path


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template)


@pytest.mark.parametrize(("name", "content", "reason"), BAD, ids=[name for name, _, _ in BAD])
def test_the_command_line_names_each_unreadable_file_with_the_reason(
    name: str, content: bytes | None, reason: str, cli: CommandLine, tmp_path: Path
) -> None:
    good = put(tmp_path, "good.txt", GOOD.encode())

    ran = cli("ingest", "--json", str(put(tmp_path, name, content)), str(good))

    assert ran.code == 1
    assert [row["state"] for row in ran.rows] == ["failed", "new"]
    (line,) = ran.err.splitlines()
    assert name in line
    assert reason in line
    ledger = cli("ledger", "--json").row
    assert (ledger["arrivals"], ledger["failed"], ledger["agrees"]) == (2, 1, True)


async def test_the_inbox_puts_each_unreadable_file_aside_with_the_reason_and_one_log_line(
    sqlite_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    files = [(name, content) for name, content, _ in BAD] + [("good.txt", GOOD.encode())]
    for name, content in files:
        put(inbox, name, content)

    with caplog.at_level(logging.INFO):
        async with watched(sqlite_store, inbox):
            await seen("an empty inbox", lambda: not any((inbox / name).exists() for name, _ in files))

    assert [path.name for path in (inbox / "done").iterdir()] == ["good.txt"]
    for name, _, reason in BAD:
        assert reason in (inbox / "failed" / f"{name}.why").read_text(encoding="utf-8")
        assert (inbox / "failed" / name).exists()
        (line,) = [record for record in caplog.records if name in record.getMessage()]
        assert line.levelno == logging.WARNING
        assert line.exc_info is None
        assert reason in line.getMessage()
    async with sqlite_store.read() as tx:
        ledger = await tx.ledger.totals()
    assert (ledger.arrivals, ledger.failed, ledger.articles, ledger.agrees) == (len(BAD) + 1, len(BAD), 1, True)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_text_in_another_encoding_than_utf_8_is_read_correctly(
    encoding: str, cli: CommandLine, tmp_path: Path
) -> None:
    ran = cli("ingest", "--json", str(put(tmp_path, "swiss.txt", NOT_UTF8.encode(encoding))))

    assert ran.code == 0
    assert ran.row["article"]["title"] == "Zürich prüft Huawei"
    assert "huawei" in {topic["topic"] for topic in ran.row["topics"]}
