"""Queries that are refused, and those that people paste from elsewhere."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topics.matcher import Readable, evaluate
from handlers.topics.query import QueryError, parse, point_at

CASES = tomllib.loads((Path(__file__).parent / "data" / "refused.toml").read_text(encoding="utf-8"))["case"]
TOPICS = {"circle": "5G OR @loop", "loop": "@circle", "broken": "(huawei"}


@pytest.mark.parametrize("case", CASES, ids=[case["query"] or "nothing" for case in CASES])
def test_a_query_that_cannot_work_is_refused_with_its_place(case: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case["query"], resolve=TOPICS.get)

    assert case["says"] in caught.value.message
    assert caught.value.column == case["at"]
    if "better" in case:
        assert caught.value.suggestion == case["better"]
        parse(case["better"], resolve=TOPICS.get)


def test_a_caret_stands_under_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        parse("huawei\nOR zte)")

    assert point_at(caught.value) == "OR zte)\n      ^"


def test_brackets_too_deep_are_refused() -> None:
    with pytest.raises(QueryError, match="deep"):
        parse("(" * 1000 + "huawei" + ")" * 1000)


def test_a_query_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="is the most"):
        parse("huawei " * 10_000)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"huawei" | "zte"', "ZTE"),
        ("“trade war”", "the trade war"),
        ("«guerre commerciale»", "guerre commerciale"),
        ("huawei && 5G || zte", "zte"),
        ("+huawei +5G", "Huawei 5G"),
        ("huawei AROUND(3) ban", "ban on Huawei"),
        ("intitle:huawei OR huawei", "Huawei"),
        ("huawei !phone", "Huawei"),
        ("（华为 OR 中兴）", "华为"),
        ("at least 1 of (huawei, zte)", "zte"),
        ("who is Huawei?", "who is Huaweis"),
        ('"who owns Huawei?"', "asked who owns Huawei"),
        ("https://example.com/huawei", "see https://example.com/huawei"),
    ],
)
def test_what_people_paste_is_understood(query: str, text: str) -> None:
    assert evaluate(parse(query), Readable(title="", body=text, language="en")).matches


@pytest.mark.parametrize("query", ['gold NOT ("gold coast" OR "gold medal")', 'war NOT "trade war"', "2 of (a, a, b)"])
def test_a_query_that_can_match_is_not_refused(query: str) -> None:
    parse(query)


@pytest.mark.parametrize("query", ["(a OR", "huawei AND (", 'huawei AND "entity list', "a)", "@"])
def test_what_is_suggested_can_be_saved(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)

    if caught.value.suggestion is not None:
        parse(caught.value.suggestion)


def test_a_bracket_that_is_no_host_is_a_mistake_not_a_fault() -> None:
    with pytest.raises(QueryError, match="is no site"):
        parse("site:[x")
