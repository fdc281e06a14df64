"""`make bench`: runs every benchmark, or those that are named. They print figures; none of them passes or fails."""

import importlib
import os
import platform
import sys
from typing import Final

BENCHMARKS: Final = (
    "pipeline",
    "polling",
    "feed_lists",
    "commands",
    "first_click",
    "disk",
    "forged_requests",
    "matching_speed",
    "matching_quality",
    "stories_quality",
    "summaries_quality",
    "extraction_quality",
    "pdf_quality",
    "copied_pages",
    "feeds_quality",
)


ON_REQUEST: Final = ("large_archive",)
"""Benchmarks that take long, so that they run only if they are named."""


def main() -> None:
    chosen = sys.argv[1:] or BENCHMARKS
    unknown = sorted(set(chosen) - {*BENCHMARKS, *ON_REQUEST})
    if unknown:
        sys.exit(f"No benchmark {', '.join(unknown)}. There are: {', '.join((*BENCHMARKS, *ON_REQUEST))}.")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in chosen:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]
        try:
            importlib.import_module(f"benchmarks.{name}").main()
        except SystemExit as end:  # such as missing data; the other benchmarks still run
            print(end)


if __name__ == "__main__":
    main()
