"""The floors, the homes of third-party packages, cycles, and the size of files."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("bot", "handlers", "storage")
MAY_IMPORT = {"bot": {"bot", "handlers", "storage"}, "handlers": {"handlers", "storage"}, "storage": {"storage"}}
HOMES = {
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "feedparser": ("handlers/sources/feed.py",),
    "pypdf": ("handlers/sources/pdf_pages.py",),
    "trafilatura": ("handlers/sources/page.py",),
    "aiohttp": ("handlers/sources/http.py", "bot/slack/", "bot/discord/"),
    "re2": ("handlers/topics/",),
    "Stemmer": ("handlers/topics/",),
    "numpy": ("handlers/topics/hashing.py", "handlers/topics/forms.py", "handlers/sources/language_model.py"),
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "cryptography": ("bot/slack/sealing.py",),
    "discord": ("bot/discord/",),
    "apscheduler": ("bot/schedule.py",),
    "fastapi": ("bot/web/",),
    "matplotlib": ("bot/chart_picture.py",),
    "pydantic_settings": ("bot/config.py",),
    "watchfiles": ("handlers/inbox.py",),
    "py3langid": ("handlers/sources/language_model.py",),
    "structlog": ("bot/logs.py",),
    "prometheus_client": ("bot/web/",),
    "uvloop": ("bot/cli.py",),
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


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_only_go_down_and_packages_stay_at_home(path: Path) -> None:
    name = name_of(path)
    floor = name.split("/")[0]

    for imported in imports(path):
        top = imported.split(".")[0]
        if top in FLOORS:
            assert top in MAY_IMPORT[floor], f"{name} imports {imported}, which is a floor above"
        for package, homes in HOMES.items():
            if imported == package or imported.startswith(f"{package}."):
                assert name.startswith(homes), f"{name} imports {package}, whose home is {homes}"


@pytest.mark.parametrize("path", [p for p in sources() if name_of(p).startswith(PURE)], ids=name_of)
def test_rooms_that_decide_touch_nothing(path: Path) -> None:
    tree = tree_of(path)

    assert not PURE_MAY_NOT & {imported.split(".")[0] for imported in imports(path)}, name_of(path)
    assert not any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(tree)), name_of(path)


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


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_file_says_what_lives_there(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), f"{name_of(path)} has no docstring"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_catching_everything_happens_in_three_places_only(path: Path) -> None:
    allowed = ("bot/schedule.py", "bot/slack/gateway.py", "bot/discord/gateway.py", "bot/cli.py", "bot/web/app.py")
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            everything = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            assert not everything or name_of(path) in allowed, f"{name_of(path)}:{node.lineno}"
