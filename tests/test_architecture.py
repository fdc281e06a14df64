"""The floors, the homes of third-party packages, cycles, and the size of files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FLOORS = ("bot", "handlers", "storage")
MAY_IMPORT = {"bot": {"bot", "handlers", "storage"}, "handlers": {"handlers", "storage"}, "storage": {"storage"}}
HOMES = {
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "feedparser": ("handlers/sources/feeds/feed.py",),
    "pypdf": ("handlers/sources/documents/pdf_worker.py",),
    "trafilatura": ("handlers/sources/documents/page.py",),
    "aiohttp": ("handlers/sources/fetch/client.py", "bot/slack/", "bot/discord/"),
    "re2": ("handlers/topics/",),
    "Stemmer": ("handlers/topics/",),
    "numpy": ("handlers/topics/text/hashing.py", "handlers/sources/text/language_model.py"),
    "cython": ("handlers/topics/index/scan.py",),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "cryptography": ("storage/sealing.py",),
    "discord": ("bot/discord/",),
    "apscheduler": ("bot/schedule.py",),
    "fastapi": ("bot/web/",),
    "matplotlib": ("bot/charts/png.py",),
    "pydantic_settings": ("bot/config.py",),
    "watchfiles": ("handlers/ingest/inbox.py",),
    "py3langid": ("handlers/sources/text/language_model.py",),
    "structlog": ("bot/logs.py",),
    "prometheus_client": ("bot/web/",),
    "uvloop": ("bot/cli/app.py",),
    "typer": ("bot/cli", "bot/__main__.py"),
}
PURE = ("handlers/rules/", "handlers/topics/", "handlers/stories/")
PURE_MAY_NOT = {"asyncio", "socket", "pathlib", "os", "subprocess", "sqlite3", "random", "time", "threading"}


def sources() -> list[Path]:
    return sorted(
        path
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "migrations/versions" not in path.as_posix()
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_only_go_down() -> None:
    imported = [(name_of(path), other) for path in sources() for other in imports(path)]

    upward = [
        f"{name} imports {other}"
        for name, other in imported
        if (floor := other.split(".")[0]) in FLOORS and floor not in MAY_IMPORT[name.split("/")[0]]
    ]

    assert upward == []


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
        if any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree_of(path)))
    ]

    assert touching == waiting == []


def test_platforms_never_import_one_another() -> None:
    rooms = ("bot.slack", "bot.discord", "bot.console")
    for path in sources():
        own = ".".join(name_of(path).split("/")[:2])
        if own in rooms:
            for imported in imports(path):
                assert not any(imported.startswith(room) for room in rooms if room != own), name_of(path)


def test_there_is_no_cycle_between_files() -> None:
    modules = {
        name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources()
    }
    graph = {name: {i for i in imports(path) if i in modules and i != name} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for following in sorted(graph[name]):
                visit(following, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_a_file_says_what_lives_there() -> None:
    assert [name_of(path) for path in sources() if not ast.get_docstring(tree_of(path))] == []


def test_catching_everything_happens_in_few_places_only() -> None:
    allowed = ("bot/schedule.py", "bot/slack/gateway.py", "bot/discord/gateway.py", "bot/cli/app.py", "bot/web/app.py")

    elsewhere = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        if name_of(path) not in allowed
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]

    assert elsewhere == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )
