"""Reports: the ledger, and a query checked against files."""

from pathlib import Path

from tests.bot.cli.conftest import ARTICLE
from tests.support.command_line import CommandLine


def test_the_ledger_agrees(stocked: CommandLine) -> None:
    row = stocked("ledger", "--json").row
    page = stocked("ledger")

    assert row["agrees"] is True
    assert row["arrivals"] == row["failed"] + row["duplicate"] + row["unmatched"] + row["matched"] == 1
    assert row["outcomes"] == row["alert"] + row["merged"] + row["held"]
    assert sum(row["ended"].values()) == row["arrivals"]
    assert sum(row["deliveries_by_state"].values()) == row["deliveries"]
    assert "The sums agree." in page.out
    assert "pending 1" in page.out


def test_a_query_is_checked_against_files_without_a_database(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plant.txt"
    file.write_bytes(ARTICLE)
    (cli.home / "wirewatch.sqlite3").unlink()

    match = cli("topics", "check", '"opens a plant" -foo', str(file), "--json")
    other = cli("topics", "check", "sanctions", str(file))
    broken = cli("topics", "check", '("[/b]', str(file))
    missing = cli("topics", "check", "huawei", str(tmp_path / "gone.txt"))

    assert (match.code, match.row["matches"], match.row["file"]) == (0, True, str(file))
    assert match.row["evidence"][0]["text"] == "opens a plant"
    assert (other.code, other.out.startswith("✗ ")) == (0, True)
    assert broken.code == missing.code == 1
    assert '("[/b]\n' in broken.err
    assert "gone.txt" in missing.err
    assert not (cli.home / "wirewatch.sqlite3").exists()
