"""Reports of two firms or two towns are two stories, in languages and styles in which capitals mark no names."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.stories.features import encode_features
from handlers.stories.similarity import StoryIndex

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
PAIRS = tomllib.loads((Path(__file__).parent / "data" / "headline_names.toml").read_text(encoding="utf-8"))


def pairs(kind: str) -> list[Any]:
    return [
        pytest.param(group["language"], pair, id=f"{name}-{number}")
        for name, group in PAIRS.items()
        for number, pair in enumerate(group[kind], start=1)
    ]


def are_one_story(language: str, pair: tuple[str, str]) -> bool:
    features = []
    for report, outlet in zip(pair, ("Example Wire", "Other Wire"), strict=True):
        title, _, text = report.partition("\n")
        features.append(encode_features(title, text, language, outlet=outlet))
    index = StoryIndex()
    index.add(article_id=1, story_id=1, workspace_id=0, at=START, features=features[0])
    at = START + timedelta(hours=2)
    similar = index.similar(features[1], at=at, workspace_ids=None)
    return bool(similar or index.one_story(similar, features[1], at=at, workspace_id=0))


@pytest.mark.parametrize(("language", "pair"), pairs("two_events"))
def test_headlines_that_name_others_are_two_stories(language: str, pair: tuple[str, str]) -> None:
    assert not are_one_story(language, pair)


@pytest.mark.parametrize(("language", "pair"), pairs("one_event"))
def test_headlines_that_name_the_same_are_one_story(language: str, pair: tuple[str, str]) -> None:
    assert are_one_story(language, pair)


def test_a_town_in_the_news_of_the_day_does_not_take_in_the_flood_of_another_town() -> None:
    index = StoryIndex()
    for number in range(12):
        features = encode_features("Hochwasser in Passau: Damm gebrochen", "", "de", outlet=f"Paper {number}")
        at = START + timedelta(minutes=10 * number)
        index.add(article_id=number + 1, story_id=1, workspace_id=0, at=at, features=features)
    features = encode_features("Hochwasser in Straubing: Damm gebrochen", "", "de", outlet="Other Wire")

    assert not index.similar(features, at=START + timedelta(hours=3), workspace_ids=None)
