"""`make bench`: runs every benchmark, or those that are named. They print figures; none of them passes or fails."""

import importlib
import os
import platform
import sys
from typing import Final

BENCHMARKS: Final = (
    "pipeline",
    "commands",
    "first_click",
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


def main() -> None:
    chosen = sys.argv[1:] or BENCHMARKS
    unknown = sorted(set(chosen) - set(BENCHMARKS))
    if unknown:
        sys.exit(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
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
