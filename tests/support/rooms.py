"""The rooms of the code in their order, and which room imports which, read from the sources.

A room is a folder, or a single file of `handlers/` or `bot/` that stands alone.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.support.paths import ROOT

FLOORS: Final = ("storage", "handlers", "bot")
"""From the ground up."""
ROOMS: Final = (
    "storage",
    "handlers/drafts",
    "handlers/rules",
    "handlers/stories",
    "handlers/answers",
    "handlers/topics/text",
    "handlers/topics/query",
    "handlers/topics/index",
    "handlers/topics",
    "handlers/sources/fetch",
    "handlers/sources/text",
    "handlers/sources/lists",
    "handlers/sources/feeds",
    "handlers/sources/documents",
    "handlers/ports",
    "handlers/queries",
    "handlers/delivery",
    "handlers/reports",
    "handlers/alerts",
    "handlers/workspaces",
    "handlers/ingest",
    "handlers/commands",
    "bot/charts",
    "bot/console",
    "bot/web",
    "bot/slack",
    "bot/discord",
    "bot",
    "bot/cli",
    "bot/__main__",
)
"""From the ground up: a room imports only rooms listed before it. "bot" is the files that connect all others."""

Graph = Mapping[str, Iterable[str]]


def sources() -> list[Path]:
    """Return every Python file of the three floors except the migrations, which are never changed."""
    return sorted(
        path
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "migrations/versions" not in path.as_posix()
    )


def name_of(path: Path) -> str:
    """Return the path relative to the repository, such as "bot/app.py"."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


@cache
def modules() -> dict[str, Path]:
    """Return every source file by its dotted name; a package's name stands for its `__init__.py`."""
    return {name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources()}


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the dotted names that a file imports: `from a import b` gives both "a" and "a.b"."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imported_files(path: Path) -> frozenset[Path]:
    """Return the files of the project that a file imports."""
    return frozenset(found for name in imports(path) if (found := modules().get(name)) not in (None, path))


def room_of(path: Path) -> str:
    """Return the entry of ROOMS that a file belongs to, or its own path where no entry fits."""
    name = name_of(path).removesuffix(".py")
    return max((room for room in ROOMS if name == room or name.startswith(f"{room}/")), key=len, default=name)


@cache
def arrows() -> dict[tuple[str, str], list[str]]:
    """Return the imports between rooms: for each pair (room, imported room) the files that import, with what."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sources():
        for other in sorted(imported_files(path)):
            pair = room_of(path), room_of(other)
            if pair[0] != pair[1]:
                found.setdefault(pair, []).append(f"{name_of(path)} imports {name_of(other)}")
    return found


def siblings() -> dict[str, dict[str, set[str]]]:
    """Return for each folder which of its files and subfolders import which of its other files and subfolders."""
    found: dict[str, dict[str, set[str]]] = {}
    for path in sources():
        for other in imported_files(path):
            a, b = name_of(path).split("/"), name_of(other).split("/")
            depth = next(place for place in range(len(a)) if a[place] != b[place])
            if b[depth] != "__init__.py" and a[depth] != "__init__.py":
                found.setdefault("/".join(a[:depth]), {}).setdefault(a[depth], set()).add(b[depth])
    return found


def cycles(graph: Graph) -> list[str]:
    """Return the cycles that a depth-first search meets, each written as "a -> b -> a"."""
    found: list[str] = []
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            found.append(" -> ".join((*trail[trail.index(name) :], name)))
        elif name not in done:
            for following in sorted(graph.get(name, ())):
                visit(following, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
    return found


def mermaid() -> str:
    """Return the rooms as a Mermaid diagram. An arrow that a longer path of arrows implies is left out."""
    below: dict[str, set[str]] = {room: set() for room in ROOMS}
    for room, other in arrows():
        if ROOMS.index(other) < ROOMS.index(room):
            below[room].add(other)
    lines = ["```mermaid", "graph TD"]
    for floor in reversed(FLOORS):
        lines += [f'  subgraph floor_{floor} ["{floor}/"]']
        lines += [f'    {_id(room)}["{_label(room)}"]' for room in reversed(ROOMS) if room.split("/")[0] == floor]
        lines += ["  end"]
    for room in reversed(ROOMS):
        implied = {far for near in below[room] for far in _reach(near, below)}
        lines += [f"  {_id(room)} --> {_id(other)}" for other in ROOMS if other in below[room] - implied]
    return "\n".join((*lines, "```\n"))


def _id(room: str) -> str:
    return room.replace("/", "_").strip("_")


def _label(room: str) -> str:
    """Return the room's name within its floor."""
    inside = room.partition("/")[2] or room
    if (ROOT / f"{room}.py").is_file():
        return f"{inside}.py"
    has_rooms = any(other.startswith(f"{room}/") for other in ROOMS)
    return f"{inside}/*.py" if has_rooms else f"{inside}/"


def _reach(room: str, below: Graph) -> set[str]:
    found: set[str] = set()
    waiting = [*below[room]]
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += below[other]
    return found


def room_rows() -> list[tuple[str, str]]:
    """Return each room from the top down, with the first paragraph of the docstring that says what it holds."""
    files = {room: ROOT / f"{room}.py" for room in ROOMS}
    rows = []
    for room in reversed(ROOMS):
        is_file = files[room].is_file()
        path = files[room] if is_file else ROOT / room / "__init__.py"
        docstring = ast.get_docstring(tree_of(path)) or ""
        rows.append((name_of(path) if is_file else f"{room}/", docstring.split("\n\n")[0].replace("\n", " ")))
    return rows
