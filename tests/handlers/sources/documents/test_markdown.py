"""Markdown: the headline, front matter, and structure as plain text."""

import pytest

from handlers.sources.documents.markdown import read_markdown

FRONT_MATTER = "---\ntitle: Tariffs on steel\nsource: Example Wire\ntags: [steel, tariffs]\n---\n\nThe text.\n"


def test_front_matter_gives_the_facts() -> None:
    draft = read_markdown(FRONT_MATTER, origin="a.md")

    assert (draft.title, draft.publisher, draft.tags) == ("Tariffs on steel", "Example Wire", ("steel", "tariffs"))
    assert draft.text == "The text."


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Some **bold** and *italic* `code`.", "Some bold and italic code."),
        ("A [link](https://example.com) and ![a picture](x.png).", "A link and ."),
        ("14. November was the day.", "14. November was the day."),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n\n1 | 2"),
        ("<div><script>x()</script><p>In HTML &amp; tags.</p></div>", "In HTML & tags."),
        ("One line\nand its end.", "One line and its end."),
        ("- First point\n- Second point", "First point\n\nSecond point"),
    ],
    ids=["emphasis", "links", "number", "table", "html", "wrapped", "list"],
)
def test_structure_becomes_plain_text(markdown: str, text: str) -> None:
    draft = read_markdown(f"# A headline\n\n{markdown}\n", origin="a.md")

    assert (draft.title, draft.text) == ("A headline", text)


def test_markdown_that_would_take_the_parser_minutes_is_read_as_plain_text() -> None:
    draft = read_markdown("# A headline\n\nThe text.\n\n" + "[" * 250_000, origin="a.md")

    assert draft.title == "# A headline"
    assert "The text." in draft.text
