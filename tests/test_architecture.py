"""The order of the rooms, the homes of third-party packages, cycles, and the sizes of files, classes and functions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.rooms import (
    ROOMS,
    arrows,
    cycles,
    imported_files,
    imports,
    name_of,
    nodes_of,
    room_of,
    siblings,
    sources,
    tree_of,
)

HOMES = {
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "feedparser": ("handlers/sources/feeds/feed.py",),
    "pypdfium2": (
        "handlers/sources/documents/pdf/characters.py",
        "handlers/sources/documents/pdf/fields.py",
        "handlers/sources/documents/pdf/pdfium.py",
        "handlers/sources/documents/pdf/visibility.py",
    ),
    "pdfminer": ("handlers/sources/documents/pdf/second.py",),
    "trafilatura": ("handlers/sources/documents/page.py",),
    "lxml": ("handlers/sources/text/html_tree.py", "handlers/sources/text/xml_tree.py"),
    "defusedxml": ("handlers/sources/text/xml_tree.py",),
    "xml": (
        "handlers/sources/text/xml_tree.py",
        "handlers/sources/feeds/opml.py",
        "handlers/sources/documents/office/",
    ),
    "zipfile": ("handlers/sources/documents/document.py", "handlers/sources/documents/office/package.py"),
    "markdown_it": ("handlers/sources/documents/markdown.py",),
    "charset_normalizer": ("handlers/sources/text/encoding.py",),
    "aiohttp": ("handlers/sources/fetch/", "bot/slack/", "bot/discord/"),
    "re2": ("handlers/topics/",),
    "Stemmer": ("handlers/topics/",),
    "opencc": ("handlers/topics/text/chinese.py",),
    "numpy": ("handlers/topics/text/hashing.py", "handlers/sources/text/language_model.py"),
    "cython": ("handlers/topics/index/scan.py",),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "cryptography": ("storage/sealing.py",),
    "discord": ("bot/discord/",),
    "apscheduler": ("bot/schedule.py",),
    "fastapi": ("bot/web/",),
    "starlette": ("bot/web/", "bot/slack/http_mode.py", "bot/slack/oauth.py"),
    "matplotlib": ("bot/charts/png.py",),
    "pydantic_settings": ("bot/config.py", "bot/setting_types.py"),
    "watchfiles": ("handlers/ingest/inbox.py",),
    "py3langid": ("handlers/sources/text/language_model.py",),
    "structlog": ("bot/logs.py",),
    "prometheus_client": ("bot/web/",),
    "uvloop": ("bot/cli/process.py",),
    "tzdata": ("bot/time_zones.py",),
    "typer": ("bot/cli", "bot/__main__.py"),
}
PURE = ("handlers/rules/", "handlers/topics/", "handlers/stories/")
PURE_MAY_NOT = {"asyncio", "socket", "pathlib", "os", "subprocess", "sqlite3", "random", "time", "threading"}
PLATFORMS = {"bot/slack", "bot/discord", "bot/console"}
MOST_LINES = {"file": 300, "class": 150, "function": 50}
MOST_ARGUMENTS = 6
"""Without `self` and `cls`."""


def test_a_room_imports_only_rooms_below_it() -> None:
    level = {room: place for place, room in enumerate(ROOMS)}

    upward = [
        line
        for (room, other), lines in arrows().items()
        if level.get(other, -1) >= level.get(room, -1)
        for line in lines
    ]

    assert upward == []


def test_every_file_belongs_to_a_room() -> None:
    inits = ("bot/__init__.py", "handlers/__init__.py", "handlers/sources/__init__.py")

    outside = [name_of(path) for path in sources() if room_of(path) not in ROOMS and name_of(path) not in inits]

    assert outside == []


def test_few_files_lie_beside_the_rooms_of_handlers() -> None:
    own = [path.name for path in (ROOT / "handlers").glob("*.py") if path.name != "__init__.py"]

    assert len(own) <= 4, own


@pytest.mark.parametrize("package", HOMES)
def test_a_package_stays_at_home(package: str) -> None:
    users = {
        name_of(path)
        for path in sources()
        if any(other == package or other.startswith(f"{package}.") for other in imports(path))
    }

    assert users
    assert [name for name in sorted(users) if not name.startswith(HOMES[package])] == []


def test_rooms_that_decide_touch_nothing() -> None:
    rooms = [path for path in sources() if name_of(path).startswith(PURE)]

    touching = [name_of(path) for path in rooms if PURE_MAY_NOT & {other.split(".")[0] for other in imports(path)}]
    waiting = [
        name_of(path)
        for path in rooms
        if any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in nodes_of(path))
    ]

    assert touching == waiting == []


def test_no_interval_is_measured_by_the_wall_clock() -> None:
    """The wall clock may be put right. It is read where times for people, platforms and the database come from."""
    readers = {
        name_of(path)
        for path in sources()
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in (("time", "time"), ("datetime", "now"), ("datetime", "utcnow"))
    }

    # storage/upkeep.py compares with the time of a file.
    assert readers == {"bot/core.py", "handlers/sources/fetch/client.py", "storage/upkeep.py"}


def test_platforms_never_import_one_another() -> None:
    assert [lines for pair, lines in arrows().items() if set(pair) <= PLATFORMS] == []


def test_there_is_no_cycle_between_files() -> None:
    assert cycles({name_of(path): map(name_of, imported_files(path)) for path in sources()}) == []


def test_there_is_no_cycle_between_folders() -> None:
    """In no folder do its files and subfolders import each other in a circle."""
    assert [f"{folder}: {cycle}" for folder, graph in siblings().items() for cycle in cycles(graph)] == []


def test_a_file_says_what_lives_there() -> None:
    assert [name_of(path) for path in sources() if not ast.get_docstring(tree_of(path))] == []


def test_catching_everything_happens_in_few_places_only() -> None:
    allowed = (
        "bot/schedule.py",
        "bot/connections.py",
        "bot/slack/gateway.py",
        "bot/discord/client.py",
        "bot/cli/app.py",
        "bot/web/app.py",
    )

    elsewhere = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        if name_of(path) not in allowed
        for node in nodes_of(path)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]

    assert elsewhere == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def test_files_classes_functions_and_argument_lists_are_short() -> None:
    folders = ("bot", "handlers", "storage", "tests", "benchmarks", ".ci")
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))

    too_large = [line for path in files if "migrations/versions" not in path.as_posix() for line in _too_large(path)]

    assert too_large == []


def _too_large(path: Path) -> Iterator[str]:
    name, lines = name_of(path), path.read_text(encoding="utf-8").count("\n")
    if lines > MOST_LINES["file"]:
        yield f"{name}: {lines} lines"
    for node in nodes_of(path):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES["class" if isinstance(node, ast.ClassDef) else "function"]:
                yield f"{name}:{node.lineno} {node.name}: {lines} lines"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            takes = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = len(takes) - (bool(takes) and takes[0].arg in {"self", "cls"})
            if count > MOST_ARGUMENTS:
                yield f"{name}:{node.lineno} {node.name}: {count} arguments"
