"""Fixtures for all tests: fresh databases of both kinds, and a fixed time. The summary says which databases ran."""

import gc
import os
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.store import Store
from tests.support.command_line import command_line
from tests.support.postgres import PostgresUnavailable, installation, postgres_server
from tests.support.stores import Databases, copy_of, migrated_file, migrated_store

DATABASES = ("sqlite", "postgresql")


@pytest.fixture
def now() -> datetime:
    """Noon on a Sunday, in UTC."""
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_file(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def started_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same database after the first start, with the catalogue and the console."""
    cli = command_line(tmp_path_factory.mktemp("started"), sqlite_template)
    assert cli("topics", "list").code == 0
    return cli.home / "wirewatch.sqlite3"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """Our PostgreSQL server, started by the first test that needs it. If it cannot start, these tests fail."""
    with postgres_server() as server:
        yield Databases(server)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    _ran_on(request, "sqlite")
    return copy_of(sqlite_template, tmp_path)


@pytest.fixture
def sqlite_file(sqlite_url: str) -> Path:
    """The file of that database."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: Databases) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    _ran_on(request, "postgresql")
    with postgres.fresh() as url:
        yield url


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, of each kind in turn."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """An open, migrated, empty store on each database in turn."""
    async with migrated_store(store_url) as opened:
        yield opened


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[Store]:
    """The same on SQLite alone, for tests that are not about the database."""
    async with migrated_store(sqlite_url) as opened:
        yield opened


def _ran_on(request: pytest.FixtureRequest, database: str) -> None:
    # Properties are part of the test's report, which pytest-xdist sends between processes.
    request.node.user_properties.append(("database", database))


@pytest.hookimpl(trylast=True)  # after other tests are deselected
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of processes first, one file on each worker, because they wait more than they compute.

    pytest-xdist gives each worker an equal share of the list, in one piece. The last worker gets the rest.
    """
    of_processes = [item for item in items if "process" in item.path.parts]
    others = [item for item in items if "process" not in item.path.parts]
    files = list(dict.fromkeys(item.path for item in of_processes))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        first = [item for item in of_processes if files.index(item.path) % workers == worker]
        share = (len(items) - len(ordered)) // (workers - worker) - len(first)
        ordered += [*first, *others[: max(share, 0)]]
        del others[: max(share, 0)]
    items[:] = [*ordered, *others]


def pytest_configure() -> None:
    gc.disable()  # everything that collecting the tests creates is kept anyway


def pytest_collection_finish() -> None:
    gc.freeze()  # modules and tests are kept to the end, so the collector need not examine them in every test
    gc.enable()


def pytest_report_header() -> str:
    try:
        postgresql = installation().name
    except PostgresUnavailable as error:
        postgresql = f"missing, so its tests will fail: {error}"
    return f"databases: SQLite {sqlite3.sqlite_version}; PostgreSQL from {postgresql}, started by the first test on it"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and (report.when == "call" or not report.passed):
                wanted = (value for name, value in report.user_properties if name == "database")
                counts.update((str(database), report.outcome) for database in wanted)
    for database in DATABASES:
        ended = ", ".join(f"{count} {outcome}" for (name, outcome), count in sorted(counts.items()) if name == database)
        terminalreporter.write_line(f"tests on {database}: {ended or 'none'}")
