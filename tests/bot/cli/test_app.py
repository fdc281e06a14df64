"""The other commands of the terminal: topics, sources, digest, why, ledger, check, the database, the manifest, help."""

import json
from pathlib import Path

import pytest

from handlers.commands.table import COMMANDS
from tests.support.command_line import CommandLine, command_line

ARTICLE = b"""Huawei opens a plant in Example

Huawei opened a plant for 5G antennas on Monday, it said, and "the first of many" will be followed by others.

The plant stands in Example, where 300 people will work from spring on.
"""
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
    *(("db", name) for name in ("migrate", "backup", "restore")),
    ("topics",),
    *(("topics", name) for name in ("list", "show", "add", "edit", "remove", "test", "check")),
    ("sources",),
    *(("sources", name) for name in ("list", "add", "remove", "pause", "resume", "check", "import", "export")),
)


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template)


@pytest.fixture
def stocked(cli: CommandLine) -> CommandLine:
    assert cli("ingest", "-", stdin=ARTICLE).code == 0
    return cli


@pytest.mark.parametrize("words", COMMAND_LINES, ids=" ".join)
def test_help_tells_what_a_command_does(words: tuple[str, ...], cli: CommandLine) -> None:
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
def test_wrong_usage_ends_with_2_and_says_why(words: tuple[str, ...], cli: CommandLine) -> None:
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
    gone = stocked("topics", "show", "plants")

    assert [ran.code for ran in (added, shown, edited, removed)] == [0, 0, 0, 0]
    assert "plants is a topic now. It matches 1 stored article" in added.out
    assert '"a plant" OR -closed factory' in shown.out
    assert edited.row["code"].endswith('now  "a plant"')
    assert "plants is removed" in removed.out
    assert (gone.code, gone.out) == (1, "")
    assert 'There is no topic "plants" here' in gone.err


def test_the_list_of_topics_is_a_line_each_for_programs(cli: CommandLine) -> None:
    rows = cli("topics", "list", "--json").rows

    assert {row["title"] for row in rows} >= {"Huawei", "5G", "Sanctions"}
    assert "Huawei" in cli("topics", "list").out


@pytest.mark.parametrize(
    ("query", "articles"),
    [('"a plant"', 1), ("-foo plant", 1), ('-"a plant" huawei', 0), ("5g antennas", 1)],
)
def test_a_query_is_tested_as_the_shell_hands_it_over(query: str, articles: int, stocked: CommandLine) -> None:
    ran = stocked("topics", "test", "--json", "--", query)

    assert ran.code == 0
    assert ran.row["articles"] == articles
    assert ran.row["query"] == query


def test_a_refusal_points_at_the_place_however_long_the_query(cli: CommandLine) -> None:
    query = "huawei OR " * 12 + '"5g'

    ran = cli("topics", "test", query)

    assert (ran.code, ran.out) == (1, "")
    lines = ran.err.splitlines()
    assert lines[1] == query
    assert lines[2] == " " * query.index('"') + "^"


def test_a_query_is_checked_against_files_without_a_database(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plant.txt"
    file.write_bytes(ARTICLE)
    (cli.home / "wirewatch.sqlite3").unlink()

    hit = cli("topics", "check", '"opens a plant" -foo', str(file), "--json")
    miss = cli("topics", "check", "sanctions", str(file))
    broken = cli("topics", "check", '("[/b]', str(file))
    gone = cli("topics", "check", "huawei", str(tmp_path / "gone.txt"))

    assert (hit.code, hit.row["matches"], hit.row["file"]) == (0, True, str(file))
    assert hit.row["evidence"][0]["text"] == "opens a plant"
    assert (miss.code, miss.out.startswith("✗ ")) == (0, True)
    assert broken.code == gone.code == 1
    assert '("[/b]\n' in broken.err
    assert "gone.txt" in gone.err
    assert not (cli.home / "wirewatch.sqlite3").exists()


def test_feeds_come_and_go_as_opml(cli: CommandLine, tmp_path: Path) -> None:
    file, copy = tmp_path / "in.opml", tmp_path / "out.opml"
    file.write_text(OPML)

    imported = cli("sources", "import", str(file))
    again = cli("sources", "import", str(file), "--json")
    printed = cli("sources", "export")
    written = cli("sources", "export", str(copy))
    listed = cli("sources", "list", "--json")
    removed = cli("sources", "remove", "Daily Sample")
    left = cli("sources", "list", "--json")

    assert "in.opml: 2 feeds, 2 new" in imported.out
    assert "0 new, 2 watched already" in again.row["text"]
    assert 'xmlUrl="https://example.com/feed.xml"' in printed.out
    assert printed.out.startswith("<?xml")
    assert copy.read_text(encoding="utf-8").strip() == printed.out.strip()
    assert written.out == f"2 feeds as OPML: {copy}\n"
    assert {row["title"] for row in listed.rows} == {"Example Wire", "Daily Sample"}
    assert removed.code == 0
    assert {row["title"] for row in left.rows} == {"Example Wire"}


@pytest.mark.parametrize(
    ("words", "told"),
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
def test_a_refusal_goes_to_standard_error(words: tuple[str, ...], told: str, cli: CommandLine) -> None:
    ran = cli(*words)

    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


def test_a_digest_is_that_of_a_channel(stocked: CommandLine) -> None:
    told = stocked("digest", "--channel", "telecom", "--json").row
    page = stocked("digest", "--channel", "telecom")

    assert told["stories"] == 1
    assert told["groups"][0]["stories"][0]["headline"]["text"] == "Huawei opens a plant in Example"
    assert "Huawei opens a plant in Example" in page.out


def test_why_tells_what_became_of_an_address(cli: CommandLine) -> None:
    ran = cli("why", "https://example.org/nothing")

    assert ran.code == 0
    assert "Never arrived" in ran.out
    assert cli("why", "https://example.org/nothing", "--json").row["verdict"]


def test_the_ledger_agrees(stocked: CommandLine) -> None:
    row = stocked("ledger", "--json").row
    page = stocked("ledger")

    assert row["agrees"] is True
    assert row["arrivals"] == row["failed"] + row["duplicate"] + row["unmatched"] + row["matched"] == 1
    assert row["outcomes"] == row["alert"] + row["merged"] + row["held"]
    assert sum(row["ended"].values()) == row["arrivals"]
    assert sum(row["deliveries_by_state"].values()) == row["deliveries"]
    assert "The sums agree." in page.out


def test_the_check_says_what_is_missing_and_how_to_get_it(cli: CommandLine) -> None:
    ran = cli("check", "--json")
    page = cli("check")

    assert ran.code == page.code == 0
    found = {row["part"]: row for row in ran.rows}
    assert found["settings"]["state"] == found["database"]["state"] == "ok"
    assert found["slack"]["state"] == found["discord"]["state"] == "missing"
    assert "python -m bot manifest" in found["slack"]["to_do"]
    assert "no DISCORD_TOKEN" in page.out


def test_the_check_tells_every_wrong_setting_at_once_and_no_secret(cli: CommandLine) -> None:
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


def test_the_manifest_has_every_command(cli: CommandLine) -> None:
    manifest = json.loads(cli("manifest").out)

    commands = {entry["command"] for entry in manifest["features"]["slash_commands"]}
    assert commands == {f"/{command.name}" for command in COMMANDS}


def test_a_backup_is_restored(stocked: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "a [copy].sqlite3"

    assert stocked("db", "backup", str(copy)).code == 0
    taken = stocked("db", "backup", str(copy))
    assert taken.code == 1
    assert "there already" in taken.err
    stocked("ingest", "-", stdin=b"Another headline\n\nAnother text that was not there when the copy was made.")
    refused = stocked("db", "restore", str(copy))
    assert refused.code == 1
    assert stocked("ledger", "--json").row["arrivals"] == 2

    assert stocked("db", "restore", str(copy), "--overwrite").code == 0

    assert stocked("ledger", "--json").row["arrivals"] == 1


def test_migrating_makes_the_database_and_again_changes_nothing(tmp_path: Path) -> None:
    fresh = CommandLine(home=tmp_path / "deep" / "data", settings={})
    (tmp_path / "deep").mkdir()

    assert fresh("db", "migrate").code == 0
    before = fresh("ledger", "--json")
    assert fresh("db", "migrate").code == 0

    assert (fresh.home / "wirewatch.sqlite3").is_file()
    assert fresh("ledger", "--json") == before


@pytest.mark.parametrize("words", [("ledger",), ("ingest", "-"), ("run",), ("check",)], ids=" ".join)
def test_a_data_folder_that_cannot_be_made_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file of somebody's")
    blocked = CommandLine(home=tmp_path / "data")

    ran = blocked(*words, stdin=ARTICLE)

    assert ran.code == (1 if words == ("check",) else 2)
    assert "WIREWATCH_DATA_DIR" in ran.out + ran.err
    assert "Traceback" not in ran.err
