"""Reads sets of articles and assigns them to stories, for benchmarks of story quality."""

import gzip
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from handlers.stories.features import encode_features
from handlers.stories.similarity import StoryIndex
from handlers.stories.templates import Entry, SourceProfile

START: Final = datetime(2020, 1, 1, tzinfo=UTC)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a compressed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def published_at(row: Mapping[str, Any]) -> datetime:
    """Return the publication time of an article; the same time for all articles without one."""
    value = row.get("date") or row.get("published")
    return datetime.fromisoformat(value.replace("Z", "+00:00")) if value else START


def outlet_of(row: Mapping[str, Any]) -> str | None:
    """Return who published an article: the set's own name of it, else the host of its address."""
    return row.get("source") or row.get("site") or (urlsplit(row["url"]).hostname if row.get("url") else None)


def group(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, int], list[float]]:
    """Assign articles to stories in one pass in date order.

    Returns the story of each row by its id, and the processor time of each article in seconds.
    """
    index = StoryIndex()
    story_of: dict[str, int] = {}
    seconds = []
    profiles: dict[str | None, SourceProfile] = {}
    for number, row in enumerate(sorted(rows, key=published_at), start=1):
        started = time.process_time()
        name = outlet_of(row)
        profile = profiles.get(name, SourceProfile())
        data = encode_features(
            row["title"], row["text"], row.get("lang") or "und", template=profile.template(), outlet=name or ""
        )
        similar = index.similar(data, at=published_at(row), workspace_ids=frozenset({0}))
        merged = index.one_story(similar, data, at=published_at(row), workspace_id=0)
        story = (similar[0].story_id if similar else None) or (merged[0] if merged else number)
        index.add(article_id=number, story_id=story, workspace_id=0, at=published_at(row), features=data)
        if name is not None:
            profiles[name] = profile.with_entries([Entry.read(row["title"], row["text"]).of_story(story)])
        if number % 500 == 0:
            index.prune(published_at(row))
        story_of[row["id"]] = story
        seconds.append(time.process_time() - started)
        for other in merged[1:]:
            index.move(other, merged[0])
            story_of = {key: merged[0] if found == other else found for key, found in story_of.items()}
    return story_of, seconds
