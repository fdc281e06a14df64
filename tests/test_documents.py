"""The documentation agrees with the code: tables, links, file and function names, and which test covers a module."""

import re
from pathlib import Path

import pytest

from bot.config import setting_rows
from tests.support.documents import (
    PAGES,
    anchors,
    covering_tests,
    defines,
    links,
    modules_without_a_mirrored_test,
    named_functions,
    paths,
)
from tests.support.generated import COMMAND, PARTS, updated
from tests.support.paths import ROOT

CHANGELOG_HEADINGS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


@pytest.mark.parametrize("name", PARTS)
def test_what_is_made_from_the_code_is_up_to_date(name: str) -> None:
    stored, made = updated(name)

    assert stored == made, f"run: {COMMAND}"


def test_the_example_file_lists_every_setting() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.lstrip("# ").split("=", 1)[0] for line in lines if re.match(r"#? ?[A-Z_]+=", line)]

    assert named == [name for name, _, _ in setting_rows()]


@each_page
def test_links_within_the_project_lead_somewhere(path: Path) -> None:
    for target, anchor in links(path.read_text(encoding="utf-8")):
        page = (path.parent / target) if target else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page.read_text(encoding="utf-8")), f"{target}#{anchor}"


@each_page
def test_files_and_folders_that_a_page_names_exist(path: Path) -> None:
    named = paths(path.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@each_page
def test_functions_that_a_page_names_exist(path: Path) -> None:
    named = list(named_functions(path.read_text(encoding="utf-8")))

    assert [(file, name) for file, name in named if not defines(ROOT / file, name)] == []


def test_the_four_lines_name_a_function_at_each_step() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\d+\. .*", page, re.MULTILINE)

    assert len(steps) > 30
    assert [step for step in steps if not list(named_functions(step))] == []


def test_every_module_has_a_test_at_its_own_path_or_in_the_table_of_contributing() -> None:
    table, unmirrored = covering_tests(), modules_without_a_mirrored_test()

    without_test = sorted(unmirrored - table.keys())
    needless = sorted(table.keys() - unmirrored)
    missing = sorted({test for test in table.values() if not (ROOT / test).is_file()})

    assert (without_test, needless, missing) == ([], [], [])


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_the_changelog_keeps_its_form() -> None:
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert "\n## [Unreleased]\n" in page
    assert set(re.findall(r"^### (.+)$", page, re.MULTILINE)) <= CHANGELOG_HEADINGS
