"""Evidence: the words by which a query matches, quoted exactly from the article."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import parse
from tests.support.topics import a_topic

CASES = tomllib.loads((Path(__file__).parent / "data" / "evidence.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_evidence_is_quoted_from_the_article(case: dict[str, Any]) -> None:
    article = Readable(title="", body=case["text"], language=case.get("language", "en"))

    evaluation = evaluate(parse(case["query"]), article)

    assert [evidence.text for evidence in evaluation.evidence] == case["found"]
    assert all(article.body[words.start : words.end] == words.text for words in evaluation.evidence)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_the_matcher_returns_the_same_evidence(case: dict[str, Any]) -> None:
    article = Readable(title="", body=case["text"], language=case.get("language", "en"))

    matches = Matcher([a_topic(1, case["query"])]).match(article)

    assert [words.text for match in matches for words in match.evidence] == case["found"]
