"""Runs the command line in the test's process, with its own data folder and without settings of the environment."""

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
from bot.cli.output import console, errors
from bot.config import setting_rows
from storage.private_files import FILE, make_folder

_WIDTH = 200
"""Columns of the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command that has ended: its exit code and its output."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON, one object per line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        """The only object on standard output."""
        (only,) = self.rows
        return only


@dataclass(slots=True)
class CommandLine:
    """Runs commands in sequence on the same data folder."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    """More settings, by the names of their environment variables."""

    def __call__(self, *words: str, stdin: bytes = b"") -> Ran:
        out, err, code = io.StringIO(), io.StringIO(), 0
        console.width = errors.width = _WIDTH
        with (
            self._environment(),
            _restored_logs(),
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
        """Return the environment of the commands, also for a separate process."""
        ours = {name for name, _, _ in setting_rows()}
        others = {name: value for name, value in os.environ.items() if name not in ours}
        given = {"WIREWATCH_DATA_DIR": str(self.home), "WIREWATCH_STARTER_FEEDS": "false"}
        return others | given | {"COLUMNS": str(_WIDTH), "PYTHONUNBUFFERED": "1"} | self.settings

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        wanted = self.environment()
        # Not in the project's folder, where a developer may have a .env file.
        with contextlib.chdir(self.home.parent):
            os.environ.clear()
            os.environ.update(wanted)
            try:
                yield
            finally:
                os.environ.clear()
                os.environ.update(before)


def command_line(folder: Path, template: Path, **settings: str) -> CommandLine:
    """Return a command line on a copy of a prepared database, so that a test need not wait for a first start."""
    home = folder / "home"
    make_folder(home)
    (home / "wirewatch.sqlite3").touch(FILE)
    shutil.copyfile(template, home / "wirewatch.sqlite3")
    return CommandLine(home=home, settings=settings)


@contextlib.contextmanager
def _restored_logs() -> Iterator[None]:
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
