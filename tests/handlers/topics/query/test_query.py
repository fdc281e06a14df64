"""Queries that are refused, and queries in the syntax of other tools."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topics.matcher import Readable, evaluate
from handlers.topics.query.describe import describe
from handlers.topics.query.query import QueryError, convert_filter, parse, point_at

CASES = tomllib.loads((Path(__file__).parent / "data" / "refused.toml").read_text(encoding="utf-8"))["case"]
TOPICS = {"circle": "5G OR @loop", "loop": "@circle", "broken": "(huawei", "outer": "5G @broken"}


@pytest.mark.parametrize("case", CASES, ids=[case["query"] or "nothing" for case in CASES])
def test_an_invalid_query_is_refused_with_the_column_and_a_suggestion(case: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case["query"], resolve=TOPICS.get)

    assert case["says"] in caught.value.message
    assert caught.value.column == case["at"]
    if "better" in case:
        assert caught.value.suggestion == case["better"]
        parse(case["better"], resolve=TOPICS.get)


@pytest.mark.parametrize("query", ["ban ONEAR/5 huawei", "ban pre/5 huawei", "ban onear(5) huawei"])
def test_onear_requires_the_order_of_its_sides(query: str) -> None:
    assert not evaluate(parse(query), Readable(title="", body="Huawei fears a ban", language="en")).matches


def test_a_query_in_google_s_syntax_keeps_its_meaning() -> None:
    tree = parse('"trade war" OR tariff -sport intitle:china site:example.com')

    def matches(title: str, body: str, url: str) -> bool:
        return evaluate(tree, Readable(title=title, body=body, language="en", url=url)).matches

    assert matches("China", "new tariffs", "https://news.example.com/a")
    assert not matches("China", "new tariffs in sport", "https://news.example.com/a")
    assert not matches("Japan", "new tariffs", "https://news.example.com/a")
    assert not matches("China", "new tariffs", "https://example.org/a")
    assert matches("", "a trade war", "https://example.org/a")


def test_a_caret_is_printed_under_the_column_of_the_error() -> None:
    with pytest.raises(QueryError) as caught:
        parse("huawei\nOR zte)")

    assert point_at(caught.value) == "OR zte)\n      ^"


def test_brackets_that_are_nested_too_deep_are_refused() -> None:
    with pytest.raises(QueryError, match="deep"):
        parse("(" * 1000 + "huawei" + ")" * 1000)


def test_a_query_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryError, match="20,000 are allowed"):
        parse("huawei " * 10_000)


EXPANDING = {
    "each refers 800 times to the next": {f"t{n}": " OR ".join([f"@t{n + 1}"] * 800) for n in range(30)}
    | {"t30": "x1"},
    "each refers twice to the next": {f"t{n}": f"@t{n + 1} OR @t{n + 1}" for n in range(40)} | {"t40": "x1"},
    "one refers to very long ones": {"t0": " OR ".join(f"@l{n}" for n in range(900))}
    | {f"l{n}": f'"{"w" * 19_000} {n}"' for n in range(900)},
    "a chain of 500": {f"t{n}": f"@t{n + 1}" for n in range(500)},
}


@pytest.mark.parametrize("topics", EXPANDING.values(), ids=EXPANDING)
def test_references_that_expand_too_far_are_refused_early(topics: dict[str, str]) -> None:
    resolved: list[str] = []

    def resolve(name: str) -> str | None:
        resolved.append(name)
        return topics.get(name)

    with pytest.raises(QueryError, match=r"^In @t0: .* more than|^Topics that name topics|more than"):
        parse("@t0", resolve=resolve)

    assert len(resolved) < 2_000


@pytest.mark.parametrize(
    "query",
    [
        " NEAR/3 ".join(["a1"] * 900),
        " OUTSIDE ".join(["a1"] * 900),
        f'"{"a1 " * 5_000}"~5',
        f"2 of ({' NEAR/3 '.join(['a1'] * 900)} OR b1)",
        " OR ".join(f"/x{n}/" for n in range(100)),
    ],
    ids=["NEAR", "OUTSIDE", "words of a loose phrase", "at least", "regular expressions"],
)
def test_long_chains_are_refused_without_exhausting_the_stack(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ('"huawei" | "zte"', "ZTE"),
        ("“trade war”", "the trade war"),
        ("«guerre commerciale»", "guerre commerciale"),
        ("huawei && 5G || zte", "zte"),
        ("+huawei +5G", "Huawei 5G"),
        ("huawei AROUND(3) ban", "ban on Huawei"),
        ("huawei NEAR/5 ban", "ban on Huawei"),
        ("ban ONEAR/5f huawei", "ban on Huawei"),
        ("huawei w/5 ban", "ban on Huawei"),
        ("ban pre/5 huawei", "ban on Huawei"),
        ("(huawei OR zte) AND NOT nokia", "ZTE"),
        ("huawei|zte", "ZTE"),
        ('"huawei"||"zte"', "ZTE"),
        ("huawei&&5G", "5G by Huawei"),
        ('"trade war" OR tariffs -sport', "a trade war"),
        ("„Huawei“ OR 「華為」", "Huawei"),
        ("title: nokia OR huawei", "Huawei"),
        (r"/\bhuawei\b/i", "HUAWEI"),
        ("site:*.gov.uk OR huawei", "Huawei"),
        ("intitle:huawei OR huawei", "Huawei"),
        ("huawei !phone", "Huawei"),
        ("（华为 OR 中兴）", "华为"),
        ("at least 1 of (huawei, zte)", "zte"),
        ("who is Huawei?", "who is Huaweis"),
        ('"who owns Huawei?"', "resolved who owns Huawei"),
        ("https://example.com/huawei", "see https://example.com/huawei"),
    ],
)
def test_queries_in_the_syntax_of_other_tools_are_understood(query: str, text: str) -> None:
    assert evaluate(parse(query), Readable(title="", body=text, language="en")).matches


@pytest.mark.parametrize("query", ['gold NOT ("gold coast" OR "gold medal")', 'war NOT "trade war"', "2 of (a, a, b)"])
def test_a_query_that_can_match_is_not_refused(query: str) -> None:
    parse(query)


@pytest.mark.parametrize("query", ["(a OR", "huawei AND (", 'huawei AND "entity list', "a)", "@"])
def test_a_suggestion_is_a_valid_query(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)

    if caught.value.suggestion is not None:
        parse(caught.value.suggestion)


def test_a_site_that_is_not_a_host_name_is_refused() -> None:
    with pytest.raises(QueryError, match="is not a site"):
        parse("site:[x")


def relational(field: str, op: str, value: str, **more: bool) -> dict[str, Any]:
    sides = {"left": {"type": "ARTICLE", "value": field}, "right": {"type": "STRING", "value": value}}
    return {"type": "RELATIONAL", "op": op, **sides, **more}


def logical(op: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"type": "LOGICAL", "op": op, "children": list(children)}


HUAWEI = relational("title", "CONTAINS", "huawei")


def nested(op: str, levels: int) -> dict[str, Any]:
    filter = HUAWEI
    for _ in range(levels):
        filter = logical(op, filter, HUAWEI)
    return filter


@pytest.mark.parametrize(
    ("filter", "query"),
    [
        (HUAWEI, 'title:"huawei"'),
        ({"expression": HUAWEI}, 'title:"huawei"'),
        (logical("AND", HUAWEI), 'title:"huawei"'),
        (
            logical("AND", HUAWEI, logical("OR", relational("description", "CONTAINS", "entity list"), HUAWEI)),
            '(title:"huawei" AND (body:"entity list" OR title:"huawei"))',
        ),
        (logical("AND", HUAWEI, relational("title", "NOT_CONTAIN", "phone")), '(title:"huawei" AND NOT title:"phone")'),
        (
            logical("AND", HUAWEI, relational("tags", "EQ", "sport", **{"not": True})),
            '(title:"huawei" AND NOT tag:="sport")',
        ),
        (
            logical("AND", HUAWEI, logical("NOT", relational("link", "CONTAINS", "/a/"))),
            '(title:"huawei" AND NOT (url:"/a/"))',
        ),
        (relational("summary", "MATCHES", "a/b|5g"), r"body:/a\/b|5g/"),
        (relational("title", "EQ", 'the "trade"  war'), 'title:="the trade war"'),
    ],
)
def test_a_json_filter_is_converted_to_the_equivalent_query(filter: dict[str, Any], query: str) -> None:
    assert convert_filter(json.dumps(filter)) == query
    assert describe(parse(json.dumps(filter))) == describe(parse(query))


@pytest.mark.parametrize(
    ("filter", "reason"),
    [
        (relational("date", "CONTAINS", "2026"), "it tests “date”"),
        (relational("title", "CONTAINS", " "), "with an empty value"),
        (relational("title", "LIKE", "a"), "compares with “LIKE”"),
        (logical("XOR", HUAWEI), "the operator “XOR”"),
        (logical("OR"), "has no children"),
        (logical("NOT", HUAWEI), "every article"),
        ({"type": "LOGICAL", "op": "AND", "children": [1]}, "“1”"),
        ({"type": "LOGICAL", "op": "AND", "children": [{"type": "X"}]}, "the type “X”"),
        (nested("AND", 60), "nested more than"),
        (nested("NOT", 320), "nested more than"),
        (nested("AND", 320), "nested more than"),
    ],
)
def test_a_json_filter_without_an_equivalent_is_refused_with_the_reason(filter: dict[str, Any], reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as caught:
        parse(json.dumps(filter))

    assert caught.value.suggestion is None
