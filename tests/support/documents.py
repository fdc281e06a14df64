"""The documentation as data: its pages, the files and names that it mentions, and the table of CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.paths import ROOT
from tests.support.rooms import name_of, sources, tree_of

PAGES: Final = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
)
_LINK: Final = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
_PATH: Final = re.compile(r"`((?:bot|handlers|storage|tests|docs|seeds|benchmarks|\.ci)/[\w./-]*)`")
_STEP: Final = re.compile(r"^\d+\. `([\w/]+\.py)`((?: `[\w.]+`)+):", re.MULTILINE)
_NAMES_IN: Final = re.compile(r"((?:`[\w.]+`(?:, | and )?)+)\s+in\s+`([\w/]+\.py)`")
_CODE: Final = re.compile(r"`([^`]+)`")


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def links(page: str) -> list[tuple[str, str]]:
    """Return the links within the project, as (file, anchor); either may be empty."""
    return [(target, anchor or "") for target, anchor in _LINK.findall(page)]


def paths(page: str) -> list[str]:
    """Return the files and folders of the project that a page names as code."""
    return _PATH.findall(page)


def named_functions(page: str) -> Iterator[tuple[str, str]]:
    """Return the functions, classes and constants that a page names together with their file, as (file, name).

    They are written as a numbered step "1. `file.py` `name` `name`: ...", or as "`name` in `file.py`".
    """
    for file, names in _STEP.findall(page):
        yield from ((file, name) for name in _CODE.findall(names))
    for names, file in _NAMES_IN.findall(page):
        yield from ((file, name) for name in _CODE.findall(names))


def defines(path: Path, name: str) -> bool:
    """Return whether a file defines a name, such as "open_store" or "Store.begin"."""
    scope: ast.Module | ast.ClassDef = tree_of(path)
    *classes, last = name.split(".")
    for wanted in classes:
        found = [node for node in scope.body if isinstance(node, ast.ClassDef) and node.name == wanted]
        if not found:
            return False
        scope = found[0]
    return any(last in _bound(node) for node in scope.body)


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def modules_without_a_mirrored_test() -> set[str]:
    """Return the modules for which no test lies at the mirrored path (tests/bot/test_app.py for bot/app.py)."""
    names = {name_of(path) for path in sources() if path.stem != "__init__"}
    return {name for name in names if not mirrored(name).is_file()}


def mirrored(module: str) -> Path:
    """Return where the test of a module lies when the two trees agree."""
    folder, _, file = module.rpartition("/")
    return ROOT / "tests" / folder / f"test_{file}"


def covering_tests() -> dict[str, str]:
    """Return the table of CONTRIBUTING.md: for each module without a mirrored test, the test file that covers it.

    A row names a test file and its modules. A module without a folder lies in the folder of the one before it.
    """
    found: dict[str, str] = {}
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines():
        test, *modules = _CODE.findall(line) if line.startswith("| `tests/") else [""]
        folder = ""
        for module in modules:
            folder = module.rpartition("/")[0] or folder
            name = f"{folder}/{module.rpartition('/')[2]}"
            assert name not in found, f"{name} has two entries"
            found[name] = test
    return found
