"""The README's tables of commands and settings say what the code does."""

import re

from bot.config import setting_rows
from handlers.commands.table import COMMANDS
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows_under(heading: str) -> list[list[str]]:
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_every_command_stands_in_the_readme_as_the_table_says_it() -> None:
    expected = [[f"`/{c.name} {c.usage}`".replace(" `", "`"), c.summary] for c in COMMANDS]

    assert rows_under("Commands") == expected


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    expected = [[f"`{name}`", f"`{default}`" if default else "", what] for name, default, what in setting_rows()]

    assert rows_under("Settings") == expected


def test_every_setting_stands_in_the_example_file() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.lstrip("# ").split("=", 1)[0] for line in lines if re.match(r"#? ?[A-Z_]+=", line)]

    assert named == [name for name, _, _ in setting_rows()]


def test_links_inside_the_project_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (ROOT / target).exists(), target
