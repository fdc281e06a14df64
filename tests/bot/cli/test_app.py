"""The commands of the terminal: help, wrong usage, topics, sources, the digest, why, the manifest and the database."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from handlers.commands.table import COMMANDS
from tests.bot.cli.conftest import ARTICLE
from tests.support.command_line import CommandLine

OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Feeds</title></head><body>
<outline text="Example Wire" type="rss" xmlUrl="https://example.com/feed.xml" htmlUrl="https://example.com/"/>
<outline text="Daily Sample" type="rss" xmlUrl="https://example.org/rss"/></body></opml>"""
COMMAND_LINES = (
    ("run",),
    ("ingest",),
    ("brief",),
    ("digest",),
    ("why",),
    ("ledger",),
    ("check",),
    ("manifest",),
    ("db",),
    *(("db", name) for name in ("migrate", "backup", "restore", "prune", "check", "optimise")),
    ("topics",),
    *(("topics", name) for name in ("list", "show", "add", "edit", "remove", "test", "check")),
    ("sources",),
    *(("sources", name) for name in ("list", "add", "remove", "pause", "resume", "check", "import", "export")),
)


@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_help_explains_every_command(words: tuple[str, ...], cli: CommandLine) -> None:
    ran = cli(*words, "--help")

    assert ran.code == 0
    assert " ".join(words) in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("topics", "nonsense"),
        ("topics", "list", "--nonsense"),
        ("topics", "test", "-foo"),
        ("topics", "check", "huawei"),
        ("why",),
        ("db", "backup"),
        ("sources", "import", "no-such-file.opml"),
        ("run", "--role", "sleepy"),
        ("run", "--port", "70000"),
        ("run", "--port", "eighty"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_an_explanation(words: tuple[str, ...], cli: CommandLine) -> None:
    ran = cli(*words)

    assert ran.code == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.err.strip()


def test_a_topic_is_added_shown_changed_and_removed(stocked: CommandLine) -> None:
    added = stocked("topics", "add", "plants", "=", '"a plant" OR -closed factory')
    shown = stocked("topics", "show", "plants")
    edited = stocked("topics", "edit", "plants", "=", '"a plant"', "--json")
    removed = stocked("topics", "remove", "plants")
    missing = stocked("topics", "show", "plants")

    assert [ran.code for ran in (added, shown, edited, removed)] == [0, 0, 0, 0]
    assert "plants is now a topic. It matches 1 stored article" in added.out
    assert '"a plant" OR -closed factory' in shown.out
    assert edited.row["code"].endswith('now  "a plant"')
    assert "plants has been removed" in removed.out
    assert (missing.code, missing.out) == (1, "")
    assert 'There is no topic "plants" here' in missing.err


def test_the_list_of_topics_is_one_json_line_per_topic(cli: CommandLine) -> None:
    rows = cli("topics", "list", "--json").rows

    assert {row["title"] for row in rows} >= {"Huawei", "5G", "Sanctions"}
    assert "Huawei" in cli("topics", "list").out


@pytest.mark.parametrize(
    ("query", "articles"),
    [('"a plant"', 1), ("-foo plant", 1), ('-"a plant" huawei', 0), ("5g antennas", 1)],
)
def test_a_query_is_tested_exactly_as_the_shell_passes_it(query: str, articles: int, stocked: CommandLine) -> None:
    ran = stocked("topics", "test", "--json", "--", query)

    assert ran.code == 0
    assert ran.row["articles"] == articles
    assert ran.row["query"] == query


def test_a_query_error_points_at_its_place_however_long_the_query_is(cli: CommandLine) -> None:
    query = "huawei OR " * 12 + '"5g'

    ran = cli("topics", "test", query)

    assert (ran.code, ran.out) == (1, "")
    lines = ran.err.splitlines()
    assert lines[1] == query
    assert lines[2] == " " * query.index('"') + "^"


def test_feeds_are_imported_and_exported_as_opml(cli: CommandLine, tmp_path: Path) -> None:
    file, copy = tmp_path / "in.opml", tmp_path / "out.opml"
    file.write_text(OPML)

    imported = cli("sources", "import", str(file))
    again = cli("sources", "import", str(file), "--json")
    printed = cli("sources", "export")
    written = cli("sources", "export", str(copy))
    listed = cli("sources", "list", "--json")
    removed = cli("sources", "remove", "Daily Sample")
    remaining = cli("sources", "list", "--json")

    assert "in.opml contains 2 feeds: 2 added" in imported.out
    assert "0 added, 2 already watched" in again.row["text"]
    assert 'xmlUrl="https://example.com/feed.xml"' in printed.out
    assert printed.out.startswith("<?xml")
    assert copy.read_text(encoding="utf-8").strip() == printed.out.strip()
    assert written.out == f"2 feeds as OPML: {copy}\n"
    assert {row["title"] for row in listed.rows} == {"Example Wire", "Daily Sample"}
    assert removed.code == 0
    assert {row["title"] for row in remaining.rows} == {"Example Wire"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("sources", "remove", "nothing"), 'no source "nothing"'),
        (("sources", "add", "no address at all"), "address"),
        (("sources", "check", "http://127.0.0.1/feed"), "127.0.0.1"),
        (("digest", "--channel", "nope"), "no channel 'nope'"),
        (("topics", "add", "plants"), "/topics add NAME = QUERY"),
        (("topics", "remove", "nonsense"), 'no topic "nonsense"'),
        (("db", "restore", "no-such-file"), "no file no-such-file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_refusal_goes_to_standard_error(words: tuple[str, ...], reason: str, cli: CommandLine) -> None:
    ran = cli(*words)

    assert (ran.code, ran.out) == (1, "")
    assert reason in ran.err


def test_the_digest_of_a_channel_is_shown(stocked: CommandLine) -> None:
    row = stocked("digest", "--channel", "telecom", "--json").row
    page = stocked("digest", "--channel", "telecom")

    assert row["stories"] == 1
    assert row["groups"][0]["stories"][0]["headline"]["text"] == "Huawei opens a plant in Example"
    assert "Huawei opens a plant in Example" in page.out


def test_why_explains_an_address_that_never_arrived(cli: CommandLine) -> None:
    ran = cli("why", "https://example.org/nothing")

    assert ran.code == 0
    assert "It never arrived" in ran.out
    assert cli("why", "https://example.org/nothing", "--json").row["verdict"]


def test_the_manifest_has_every_command(cli: CommandLine) -> None:
    manifest = json.loads(cli("manifest").out)

    commands = {entry["command"] for entry in manifest["features"]["slash_commands"]}
    assert commands == {"/wirewatch", *(f"/{command.name}" for command in COMMANDS)}


def test_a_backup_is_restored(stocked: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "a [copy].sqlite3"

    assert stocked("db", "backup", str(copy)).code == 0
    taken = stocked("db", "backup", str(copy))
    assert taken.code == 1
    assert "already exists" in taken.err
    stocked("ingest", "-", stdin=b"Another headline\n\nAnother text that was not there when the copy was made.")
    refused = stocked("db", "restore", str(copy))
    assert refused.code == 1
    assert stocked("ledger", "--json").row["arrivals"] == 2

    assert stocked("db", "restore", str(copy), "--overwrite").code == 0

    assert stocked("ledger", "--json").row["arrivals"] == 1


def test_pruning_shows_what_goes_and_what_stays(stocked: CommandLine) -> None:
    planned = stocked("db", "prune", "--dry-run")
    done = stocked("db", "prune", "--json")

    assert "would be deleted" in planned.out
    assert [(row["kind"], row["days"], row["deleted"]) for row in done.rows] == [
        ("articles", 400, 0),
        ("arrivals", 120, 0),
        ("traces", 90, 0),
        ("digests", 1200, 0),
    ]


def test_a_sound_database_passes_the_check_and_can_be_optimised(stocked: CommandLine) -> None:
    checked, optimised = stocked("db", "check", "--json"), stocked("db", "optimise")

    assert checked.code == 0
    assert all(row["ok"] for row in checked.rows)
    assert optimised.code == 0
    assert "MB after" in optimised.out


def test_a_database_with_a_fault_fails_the_check(stocked: CommandLine) -> None:
    with contextlib.closing(sqlite3.connect(stocked.home / "wirewatch.sqlite3", isolation_level=None)) as database:
        database.execute("DELETE FROM arrivals")

    ran = stocked("db", "check")

    assert ran.code == 1
    assert "the sums do not agree" in ran.out
    assert "restore a backup" in ran.out


@pytest.mark.parametrize("command", ["check", "optimise"])
def test_looking_after_a_database_that_does_not_exist_creates_none(tmp_path: Path, command: str) -> None:
    empty = CommandLine(home=tmp_path / "data", settings={})

    ran = empty("db", command)

    assert ran.code == 1
    assert "there is no file" in ran.err
    assert not (empty.home / "wirewatch.sqlite3").exists()


def test_migrating_twice_creates_the_database_once(tmp_path: Path) -> None:
    fresh = CommandLine(home=tmp_path / "deep" / "data", settings={})
    (tmp_path / "deep").mkdir()

    assert fresh("db", "migrate").code == 0
    before = fresh("ledger", "--json")
    assert fresh("db", "migrate").code == 0

    assert (fresh.home / "wirewatch.sqlite3").is_file()
    assert fresh("ledger", "--json") == before


@pytest.mark.parametrize("words", [("ledger",), ("ingest", "-"), ("run",), ("check",)], ids=" ".join)
def test_a_data_folder_that_cannot_be_created_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    blocked = CommandLine(home=tmp_path / "data")

    ran = blocked(*words, stdin=ARTICLE)

    assert ran.code == (1 if words == ("check",) else 2)
    assert "WIREWATCH_DATA_DIR" in ran.out + ran.err
    assert "Traceback" not in ran.err
