"""Measures how well pages are read: `read_page` compared with trafilatura alone.

Usage: python -m benchmarks.extraction_quality [--worst N]

The scorer in ../shared/data/score judges text and title. A date is right if it is at most a day from the labelled one:
labels are local days, and dates are instants in UTC. An author is right if one name contains the other.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import trafilatura

from benchmarks.labelled_data import DATA, require
from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.page import read_page


class Reading(NamedTuple):
    """What a reader finds in a page."""

    text: str = ""
    title: str | None = None
    author: str | None = None
    day: date | None = None


def ours(page: str, url: str) -> Reading:
    """Return what `read_page` finds."""
    try:
        draft = read_page(page, origin=url, base_url=url)
    except UnreadableDocument:
        return Reading()
    return Reading(draft.text, draft.title, draft.author, draft.published_at.date() if draft.published_at else None)


def peer(page: str, url: str) -> Reading:
    """Return what trafilatura finds with its defaults."""
    text = trafilatura.extract(page, url=url, include_comments=False, include_tables=True) or ""
    found = trafilatura.extract_metadata(page, default_url=url)
    return Reading(text, found.title, found.author, date.fromisoformat(found.date) if found.date else None)


def metadata_figures(readings: Sequence[tuple[dict[str, Any], Reading]]) -> str:
    """Return the shares of right dates and authors among the pages that are labelled with one."""
    dates = [
        reading.day is not None and abs(reading.day - date.fromisoformat(page["date"][:10])) <= timedelta(days=1)
        for page, reading in readings
        if page.get("date")
    ]
    authors = [
        _is_same_name(name, reading.author or "")
        for page, reading in readings
        if (name := page.get("author") or page.get("authors"))
    ]
    return (
        f"dates given {len(dates)}: right {statistics.mean(dates):.3f}; "
        f"authors given {len(authors)}: right {statistics.mean(authors):.3f}"
    )


def _is_same_name(name: str, other: str) -> bool:
    first, second = (" ".join(re.findall(r"\w+", text.lower())) for text in (name, other))
    return bool(second) and (first in second or second in first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, help="show the N pages with the worst results")
    arguments = parser.parse_args()
    require(DATA / "extraction")
    sys.path.insert(0, str(DATA / "score"))
    from packio import pack  # type: ignore[import-not-found]

    pages = list(pack("extraction/pages", "dev"))
    readers: dict[str, Callable[[str, str], Reading]] = {"trafilatura": peer, "wirewatch": ours}
    for name, read in readers.items():
        times: list[float] = []
        readings = []
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            for page in pages:
                start = time.perf_counter()
                reading = read(page["html"], page["url"])
                times.append((time.perf_counter() - start) * 1000)
                readings.append((page, reading))
                file.write(json.dumps({"id": page["id"], "text": reading.text, "title": reading.title}) + "\n")
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
                + metadata_figures(readings)
                + "\n"
            )


if __name__ == "__main__":
    main()
