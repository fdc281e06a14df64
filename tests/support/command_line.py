"""The command line inside the test's own process: its own data folder, a bare environment, and what was printed."""

import contextlib
import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cli.app import main
from bot.config import setting_rows
from storage.private_files import FILE, make_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON, an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        (only,) = self.rows
        return only


@dataclass(slots=True)
class CommandLine:
    """Runs commands one after the other on the same data folder."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    """More settings, by their names in the environment."""

    def __call__(self, *words: str, stdin: bytes = b"") -> Ran:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with (
            self._environment(),
            _logs_put_back(),
            _standard_input(stdin),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main(words)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Ran(code=code, out=out.getvalue(), err=err.getvalue())

    def environment(self) -> dict[str, str]:
        """The same for a process of its own."""
        bare = {name for name, _, _ in setting_rows()}
        kept = {name: value for name, value in os.environ.items() if name not in bare}
        given = {"WIREWATCH_DATA_DIR": str(self.home), "WIREWATCH_STARTER_FEEDS": "false"}
        return kept | given | {"COLUMNS": "200", "PYTHONUNBUFFERED": "1"} | self.settings

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        wanted = self.environment()
        # Elsewhere than in the project: a .env of the person who runs the tests is none of theirs.
        with contextlib.chdir(self.home.parent):
            os.environ.clear()
            os.environ.update(wanted)
            try:
                yield
            finally:
                os.environ.clear()
                os.environ.update(before)


def command_line(folder: Path, template: Path, **settings: str) -> CommandLine:
    """On a copy of a database that is made already, which a test need not wait for."""
    home = folder / "home"
    make_folder(home)
    (home / "wirewatch.sqlite3").touch(FILE)
    shutil.copyfile(template, home / "wirewatch.sqlite3")
    return CommandLine(home=home, settings=settings)


@contextlib.contextmanager
def _logs_put_back() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    for handler in before:
        root.removeHandler(handler)
    try:
        yield
    finally:
        for handler in list(root.handlers):
            root.removeHandler(handler)
            handler.close()
        for handler in before:
            root.addHandler(handler)
        root.setLevel(level)


@contextlib.contextmanager
def _standard_input(body: bytes) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before
