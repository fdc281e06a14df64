"""The floors, the homes of third-party packages, what those packages may be given to read, and cycles."""

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
    "lxml": ("handlers/sources/text/html_tree.py", "handlers/sources/text/xml_tree.py"),
    "defusedxml": ("handlers/sources/text/xml_tree.py",),
    "xml": ("handlers/sources/text/xml_tree.py", "handlers/sources/feeds/opml.py"),
    "zipfile": ("handlers/sources/documents/document.py",),
    "markdown_it": ("handlers/sources/documents/markdown.py",),
    "charset_normalizer": ("handlers/sources/text/encoding.py",),
    "aiohttp": ("handlers/sources/fetch/", "bot/slack/", "bot/discord/"),
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
    "starlette": ("bot/web/", "bot/slack/http_mode.py", "bot/slack/oauth.py"),
    "matplotlib": ("bot/charts/png.py",),
    "pydantic_settings": ("bot/config.py",),
    "watchfiles": ("handlers/ingest/inbox.py",),
    "py3langid": ("handlers/sources/text/language_model.py",),
    "structlog": ("bot/logs.py",),
    "prometheus_client": ("bot/web/",),
    "uvloop": ("bot/cli/app.py",),
    "typer": ("bot/cli", "bot/__main__.py"),
}
STREAM, TREE, CONTENT, NOTHING = "a stream", "a parsed tree", "content", "nothing"
READERS = {
    "feedparser.parse": STREAM,
    "pypdf.PdfReader": STREAM,
    "zipfile.ZipFile": STREAM,
    "trafilatura.extract": TREE,
    "defusedxml.ElementTree.fromstring": CONTENT,
    "lxml.etree.fromstring": CONTENT,
    "lxml.html.document_fromstring": CONTENT,
    "lxml.html.fragment_fromstring": CONTENT,
    "lxml.etree.iterwalk": TREE,
    "lxml.etree.XMLParser": NOTHING,
    "lxml.html.HTMLParser": NOTHING,
    "charset_normalizer.from_bytes": CONTENT,
    "xml.etree.ElementTree.Element": NOTHING,
    "xml.etree.ElementTree.SubElement": NOTHING,
    "xml.etree.ElementTree.indent": NOTHING,
    "xml.etree.ElementTree.tostring": NOTHING,
}
"""The only calls into packages that read documents, and what each is given. CONTENT: the function never takes its
argument for a path or an address. STREAM and TREE: it would, or might guess, were it given bytes or a string."""
READING_PACKAGES = {name.partition(".")[0] for name in READERS}
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


def test_no_document_can_name_a_file_or_an_address_that_its_reader_opens() -> None:
    assert [f"{name_of(path)}: {fault}" for path in sources() for fault in misread(tree_of(path))] == []


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("import feedparser\nfeedparser.parse(body)", 1),
        ("import feedparser as f\nf.parse(body)", 1),
        ("from feedparser import parse\nparse(body)", 1),
        ("import io, feedparser\nfeedparser.parse(io.BytesIO(body), response_headers=headers)", 0),
        ("from lxml import etree\netree.parse(io.BytesIO(body))", 1),
        ("import lxml.html\nlxml.html.parse(address)", 1),
        ("import trafilatura\ndef read(text: str):\n    trafilatura.extract(text)", 1),
        ("import trafilatura\ndef read(tree: Element):\n    trafilatura.extract(tree)", 0),
        ("from trafilatura import fetch_url\nfetch_url(address)", 1),
        ("from io import BytesIO\nfrom pypdf import PdfReader\nPdfReader(BytesIO(body))", 0),
        ("import pypdf\npypdf.PdfReader(stream=path)", 1),
    ],
)
def test_a_call_that_might_open_what_a_document_names_is_found(code: str, faults: int) -> None:
    assert len(list(misread(ast.parse(code)))) == faults


def misread(tree: ast.Module) -> Iterator[str]:
    """The calls into packages that read documents which are not in READERS, or are given something else."""
    names = _imported_names(tree)
    annotated = _annotated_calls(tree)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = _dotted(call.func, names)
        if name is None or name.partition(".")[0] not in READING_PACKAGES:
            continue
        given = READERS.get(name)
        first = call.args[0] if call.args else None
        if given is None:
            yield f"{name} is not known to be safe"
        elif given == STREAM and not (
            isinstance(first, ast.Call) and _dotted(first.func, names) in ("io.BytesIO", "io.StringIO")
        ):
            yield f"{name} is not given a stream"
        elif given == TREE and not (isinstance(first, ast.Name) and annotated.get((call, first.id)) == "Element"):
            yield f"{name} is not given a parsed tree"


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name of a module stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value, names)):
        return f"{owner}.{node.attr}"
    return None


def _annotated_calls(tree: ast.Module) -> dict[tuple[ast.Call, str], str]:
    """For each call and each parameter of the function around it: the parameter's type as written."""
    return {
        (call, parameter.arg): ast.unparse(parameter.annotation)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        for parameter in (*function.args.args, *function.args.kwonlyargs)
        if parameter.annotation is not None
    }


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
    allowed = ("bot/schedule.py", "bot/slack/gateway.py", "bot/discord/client.py", "bot/cli/app.py", "bot/web/app.py")

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
