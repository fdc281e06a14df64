"""Measures how well feeds are read, compared with feedparser.

Usage: python -m benchmarks.feeds_quality [--show 20] [--drafts]
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks.labelled_data import DATA, require
from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.feeds.entries import drafts_of
from handlers.sources.feeds.feed import parse_feed, read_feed
from handlers.sources.feeds.feed_model import ParsedFeed


def feeds() -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield each feed with its row in the manifest."""
    with gzip.open(DATA / "feeds" / "manifest.dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = {row["id"]: row for row in map(json.loads, lines)}
    with tarfile.open(DATA / "feeds" / "feeds.dev.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None and rows[member.name]["kind"] != "autodiscovery":
                yield rows[member.name], file.read()


def address_of(row: dict[str, Any]) -> tuple[str | None, str]:
    """Return the Content-Type and the URL with which a feed of the set was served."""
    headers = {name.lower(): value for name, value in (row["headers"] or {}).items()}
    return headers.get("content-type"), headers.get("content-location") or row["base"] or ""


def for_scorer(feed: ParsedFeed) -> dict[str, Any]:
    """Return the feed in the format of the scorer."""
    return {
        "title": feed.title,
        "link": feed.site_url,
        "description": feed.description,
        "language": feed.language,
        "feed_id": feed.id,
        "updated": feed.updated.isoformat() if feed.updated else None,
        "entries": [
            {
                "id": entry.guid,
                "title": entry.title,
                "link": entry.link,
                "published": entry.published.isoformat() if entry.published else None,
                "updated": entry.updated.isoformat() if entry.updated else None,
                "summary": entry.summary,
                "content": entry.content,
                "author": entry.author,
                "categories": list(entry.categories),
            }
            for entry in feed.entries
        ],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--show", type=int, default=0, help="show the N entries with the worst results")
    options.add_argument(
        "--drafts", action="store_true", help="also turn the real feeds into drafts and count their fields"
    )
    chosen = options.parse_args()
    require(DATA / "feeds")
    refused: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        for row, body in feeds():
            content_type, url = address_of(row)
            try:
                result = for_scorer(parse_feed(body, content_type=content_type, url=url))
            except UnreadableDocument as error:
                refused[str(error)[:60]] += 1
                result = {"error": str(error)}
            counts["feeds"] += 1
            counts["entries"] += len(result.get("entries", ()))
            out.write(json.dumps({"id": row["id"], **result}) + "\n")
        out.flush()
        seconds = time.perf_counter() - started
        scorer = DATA / "score" / "score_feeds.py"
        command = [sys.executable, str(scorer), "--split", "dev", out.name, "--show", str(chosen.show)]
        subprocess.run(command, check=True, env={**os.environ, "PACKS": str(DATA)})
    each = seconds / max(counts["entries"], 1) * 1000
    print(f"--- {counts['feeds']} feeds, {counts['entries']} entries, {seconds:.1f} s, {each:.2f} ms per entry")
    for reason, times in refused.most_common():
        print(f"refused {times:4}  {reason}")
    if chosen.drafts:
        drafts()


def drafts() -> None:
    """Print how many drafts of the real feeds have a text, a date or a picture, and how many contain markup."""
    counts: Counter[str] = Counter()
    for row, body in feeds():
        if not row["kind"].startswith("real"):
            continue
        content_type, url = address_of(row)
        address = url or "https://feed.example/feed"
        try:
            entries = read_feed(body, content_type=content_type, url=address).entries
            cleaned = drafts_of(parse_feed(body, content_type=content_type, url=address), url=address)
        except UnreadableDocument:
            counts["refused feeds"] += 1
            continue
        counts["feeds with other drafts if their HTML is cleaned"] += entries != cleaned
        for draft in entries:
            counts["drafts"] += 1
            if not isinstance(draft, ArticleDraft):
                counts["failed"] += 1
                continue
            for name in ("text", "url", "guid", "author", "language", "image_url", "publisher", "published_at"):
                counts[name] += bool(getattr(draft, name))
            counts["markup left"] += "</" in draft.text or "<p" in draft.text
            counts["entity left"] += "&amp;" in draft.text or "&nbsp;" in draft.text
    print("--- drafts of real feeds", dict(counts))


if __name__ == "__main__":
    main()
