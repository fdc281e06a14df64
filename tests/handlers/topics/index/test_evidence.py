"""Which words are shown, exactly as they stand in the article."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import parse
from tests.support.topics import a_topic

CASES = tomllib.loads((Path(__file__).parent / "data" / "evidence.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_the_words_shown_are_the_words_of_the_article(case: dict[str, Any]) -> None:
    article = Readable(title="", body=case["text"], language=case.get("language", "en"))

    evaluation = evaluate(parse(case["query"]), article)

    assert [evidence.text for evidence in evaluation.evidence] == case["found"]
    assert all(article.body[one.start : one.end] == one.text for one in evaluation.evidence)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_all_topics_at_once_show_the_same_words(case: dict[str, Any]) -> None:
    article = Readable(title="", body=case["text"], language=case.get("language", "en"))

    found = Matcher([a_topic(1, case["query"])]).match(article)

    assert [one.text for topic in found for one in topic.evidence] == case["found"]
