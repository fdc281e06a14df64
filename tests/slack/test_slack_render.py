"""Slack messages: within every limit, and no text from outside can act."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.render import render, split
from handlers.answers import Digest
from tests.support.answers import HOSTILE, alert, brief, digest, every_answer

LIMITS = {"plain_text": 3000, "mrkdwn": 3000}


def walk(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def require_limits(blocks: list[dict[str, Any]]) -> None:
    assert 0 < len(blocks) <= 50
    assert len(json.dumps(blocks, ensure_ascii=False)) <= 11_000
    for block in blocks:
        if block["type"] == "context":
            assert 0 < len(block["elements"]) <= 10
        if block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
            ids = [element["action_id"] for element in block["elements"]]
            assert len(ids) == len(set(ids))
    for element in walk(blocks):
        if element.get("type") in LIMITS:
            assert 0 < len(element["text"]) <= LIMITS[element["type"]]
        if element.get("type") == "button":
            assert len(element["text"]["text"]) <= 75
            assert len(element.get("value", "")) <= 2000


@pytest.mark.parametrize("name", every_answer())
def test_text_from_outside_never_acts(name: str) -> None:
    message = render(every_answer(HOSTILE)[name])

    require_limits(message.blocks)
    assert "<!channel>" not in message.text
    assert "<@U1>" not in message.text
    for element in walk(message.blocks):
        if element.get("type") == "mrkdwn":
            assert "<!channel>" not in element["text"]
            assert "<@" not in element["text"]
            assert "evil.example|" not in element["text"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=5000))
def test_any_text_stays_within_the_limits(text: str) -> None:
    for answer in every_answer(text).values():
        require_limits(render(answer).blocks)


def test_the_matched_words_are_bold_and_the_rest_is_not() -> None:
    blocks = render(alert()).blocks

    sentence = blocks[2]["elements"][0]["elements"]
    bold = [element["text"] for element in sentence if element.get("style", {}).get("bold")]
    assert bold == ["Huawei", "5G"]
    assert "".join(element["text"] for element in sentence).startswith("The agreement was signed in Moscow")


def test_a_grown_alert_says_how_many_more_reported_it() -> None:
    text = json.dumps(render(alert(more=6)).blocks)

    assert "+6 sources, 3 independent" in text
    assert "first report" not in text


@pytest.mark.parametrize("stories", [0, 1, 80])
def test_a_digest_is_split_at_stories_and_loses_none(stories: int) -> None:
    whole = digest(stories)

    parts = split(whole)

    shown = [
        story.story_id for part in parts if isinstance(part, Digest) for group in part.groups for story in group.stories
    ]
    assert shown == [story.story_id for group in whole.groups for story in group.stories]
    assert (len(parts) > 1) == (stories == 80)
    for part in parts:
        blocks = render(part).blocks
        require_limits(blocks)
        assert "cut to what fits" not in json.dumps(blocks)


def test_a_long_brief_keeps_its_buttons() -> None:
    blocks = render(brief(60)).blocks

    require_limits(blocks)
    assert blocks[-1]["type"] == "actions"
