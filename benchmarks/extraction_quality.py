"""Measures how well pages are read: `read_page` compared with trafilatura alone.

Usage: python -m benchmarks.extraction_quality [--worst N]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import trafilatura

from benchmarks.labelled_data import DATA, require
from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.page import read_page


def ours(page: str, url: str) -> tuple[str, str | None]:
    """Return text and title by `read_page`."""
    try:
        draft = read_page(page, origin=url, base_url=url)
    except UnreadableDocument:
        return "", None
    return draft.text, draft.title


def peer(page: str, url: str) -> tuple[str, str | None]:
    """Return text and title by trafilatura with its defaults."""
    text = trafilatura.extract(page, url=url, include_comments=False, include_tables=True) or ""
    metadata = trafilatura.extract_metadata(page)
    return text, metadata.title if metadata else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, help="show the N pages with the worst results")
    arguments = parser.parse_args()
    require(DATA / "extraction")
    sys.path.insert(0, str(DATA / "score"))
    from packio import pack  # type: ignore[import-not-found]

    pages = list(pack("extraction/pages", "dev"))
    readers: dict[str, Callable[[str, str], tuple[str, str | None]]] = {"trafilatura": peer, "wirewatch": ours}
    for name, read in readers.items():
        times: list[float] = []
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            for page in pages:
                start = time.perf_counter()
                text, title = read(page["html"], page["url"])
                times.append((time.perf_counter() - start) * 1000)
                file.write(json.dumps({"id": page["id"], "text": text, "title": title}) + "\n")
            file.flush()
            scorer = str(DATA / "score" / "score_extraction.py")
            print(f"{name}: {statistics.median(times):.1f} ms per page (median), {max(times):.0f} ms at most")
            print(
                subprocess.run(
                    [sys.executable, scorer, file.name, "--worst", str(arguments.worst)],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            )


if __name__ == "__main__":
    main()
