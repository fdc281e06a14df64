"""Compiles in place what costs most of matching: `python .ci/compile.py`. Without it all works the same, only slower.

Needs a C compiler and Python's headers. The sources are plain Python; the .pxd files beside them give the types of C.
"""

import os
import sys
import tempfile
from pathlib import Path

from Cython.Build import cythonize
from Cython.Compiler.Errors import CompileError
from setuptools import Extension, setup

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(types.relative_to(ROOT).with_suffix("") for types in (ROOT / "handlers").rglob("*.pxd"))
SHARED = "handlers.topics.compiled"
"""What they all need of Cython, once."""
DIRECTIVES = {
    "language_level": 3,
    # The types are those of the .pxd files alone.
    "annotation_typing": False,
    # The same files are tested as plain Python too, where a place past the end of a row is an error.
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "show_performance_hints": False,
}


def main() -> int:
    os.chdir(ROOT)
    os.environ.setdefault("CFLAGS", "-O1 -g0 -Wno-sign-compare")
    modules = [Extension(".".join(module.parts), [f"{module}.py"]) for module in MODULES]
    with tempfile.TemporaryDirectory() as folder:
        try:
            extensions = cythonize(
                [*modules, Extension(SHARED, [])],
                build_dir=folder,
                compiler_directives=DIRECTIVES,
                shared_utility_qualified_name=SHARED,
                quiet=True,
            )
            setup(
                name="wirewatch",
                packages=[],
                ext_modules=extensions,
                script_args=[
                    "--quiet",
                    "build_ext",
                    "--inplace",
                    *("--parallel", "2"),
                    *("--build-temp", folder),
                    *("--build-lib", folder),
                ],
            )
        except (CompileError, SystemExit) as error:
            print(
                f"The matcher was not compiled: {error}. All works the same, but matching takes thirty times as long."
                " It needs a C compiler and Python's headers; then run `python .ci/compile.py` again.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
