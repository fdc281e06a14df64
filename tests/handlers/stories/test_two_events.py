"""Two events are two stories and one event is one story, in one outlet and in two: tables of pairs of reports."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.stories.features import encode_features
from handlers.stories.similarity import StoryIndex

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
DATA = Path(__file__).with_name("data")


def pairs(name: str) -> list[Any]:
    """Return each pair of the table as reports of one outlet or of two, as the pair says; of both by default."""
    return [
        pytest.param(pair, outlets, id=f"{pair['name']}-{outlets}")
        for pair in tomllib.loads((DATA / name).read_text(encoding="utf-8"))["pair"]
        for outlets in pair.get("outlets", (1, 2))
    ]


def are_one_story(pair: dict[str, Any], outlets: int) -> bool:
    names = ("Example Wire", "Example Wire" if outlets == 1 else "Other Wire")
    one, two = (
        encode_features(title, text, pair["language"], outlet=name)
        for (title, text), name in zip((pair["one"], pair["two"]), names, strict=True)
    )
    index = StoryIndex()
    index.add(article_id=1, story_id=1, workspace_id=0, at=START, features=one)
    at = START + timedelta(hours=pair.get("hours", 2))
    similar = index.similar(two, at=at, workspace_ids=None)
    return bool(similar or index.one_story(similar, two, at=at, workspace_id=0))


@pytest.mark.parametrize(("pair", "outlets"), pairs("two_events.toml"))
def test_two_events_are_two_stories(pair: dict[str, Any], outlets: int) -> None:
    assert not are_one_story(pair, outlets)


@pytest.mark.parametrize(("pair", "outlets"), pairs("one_event.toml"))
def test_one_event_is_one_story(pair: dict[str, Any], outlets: int) -> None:
    assert are_one_story(pair, outlets)
