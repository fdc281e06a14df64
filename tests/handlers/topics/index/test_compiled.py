"""The compiled matcher finds the same as the plain Python, and is compiled from the current sources."""

import importlib
import json
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from tests.support.matching import COMPILED, matches
from tests.support.paths import ROOT


def compiled() -> dict[str, Path]:
    """Return the file of each module that is compiled here."""
    files = {name: Path(importlib.import_module(name).__file__ or "") for name in COMPILED}
    return {name: file for name, file in files.items() if file.name.endswith(tuple(EXTENSION_SUFFIXES))}


def test_compiled_and_plain_find_the_same_in_every_script() -> None:
    if not compiled():
        pytest.skip("the matcher is not compiled here: .ci/compile.py needs a C compiler")

    command = [sys.executable, "-m", "tests.support.matching", "--plain"]
    plain = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)

    result = json.loads(plain.stdout)
    assert result["file"].endswith(".py")
    assert result["found"] == json.loads(json.dumps(matches()))


def test_compiled_modules_are_not_older_than_their_sources() -> None:
    older = [
        name
        for name, file in compiled().items()
        for source in (ROOT / f"{name.replace('.', '/')}.py", ROOT / f"{name.replace('.', '/')}.pxd")
        if file.stat().st_mtime < source.stat().st_mtime
    ]

    assert older == [], "run `make install`, which compiles them again"
