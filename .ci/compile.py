"""Compiles the modules that matching spends its time in: `python .ci/compile.py`. Without it the bot works, but slower.

Needs a C compiler and Python's headers. The sources are plain Python; the .pxd files beside them declare C types.
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
"""The Cython helpers that all modules share."""
DIRECTIVES = {
    "language_level": 3,
    # Only the .pxd files declare types; annotations in the sources do not.
    "annotation_typing": False,
    # The same files are also tested as plain Python, where an index past the end of an array is an error.
    "boundscheck": False,
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,
    "show_performance_hints": False,
}


def main() -> int:
    os.chdir(ROOT)
    os.environ.setdefault("CFLAGS", "-O2 -g0 -Wno-sign-compare")
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
                f"The matcher was not compiled: {error}. Everything works, but matching takes thirty times as long."
                " Install a C compiler and Python's headers, then run `python .ci/compile.py` again.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
