"""Every row of the grammar table in docs/topics.md holds."""

import html
import re

import pytest

from handlers.topics.matcher import Readable, evaluate
from handlers.topics.query.query import parse
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "topics.md"
PREFIX = re.compile(r"(title|author|tag|source|url): (.*?) // (.*)")
TOPICS = {"telecoms": "huawei OR zte"}


def rows() -> list[tuple[str, str, str, str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = lines.index("| write | means | language | finds | does not find |") + 2
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        cells = [html.unescape(cell.strip()) for cell in line.strip("|").split(" | ")]
        query, _, language, finds, misses = cells
        found.append((query.strip("`"), language, finds, misses))
    return found


def readable(text: str, language: str) -> Readable:
    """Return an article with the text as its body. In "title: A // B", A is the title; other fields likewise."""
    prefixed = PREFIX.fullmatch(text)
    if prefixed is None:
        return Readable(title="", body=text, language=language)
    name, value, body = prefixed.groups()
    return Readable(
        title=value if name == "title" else "",
        body=body,
        language=language,
        url=value if name == "url" else None,
        author=value if name == "author" else None,
        tags=(value,) if name == "tag" else (),
        source=value if name == "source" else "",
    )


def test_the_grammar_table_is_found() -> None:
    assert len(rows()) > 40


@pytest.mark.parametrize(("query", "language", "finds", "misses"), rows())
def test_a_row_of_the_grammar_table_holds(query: str, language: str, finds: str, misses: str) -> None:
    tree = parse(query, resolve=TOPICS.get)

    hit, miss = (evaluate(tree, readable(text, language)) for text in (finds, misses))

    assert hit.matches
    assert not miss.matches
    assert hit.missing == ()
    assert miss.missing
