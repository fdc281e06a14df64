"""HTML is limited before parsing, so that no page keeps the parser busy."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.page import read_page
from handlers.sources.text.html_limits import MAX_PAGE_CHARACTERS, limit_html, strip_tags


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 50_000 + "words",
        "<html><body><div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">words",
        "<html><body>" + "<a href=x>y</a>" * 60_000,
        "<html><body>" + "<table><tr><td>" * 20_000,
        "<html><body>" + "<a " * 100_000,
        "<html><body>" + "<script>" * 50_000,
        "<html><head><script type='application/ld+json'>" + "[" * 100_000 + "</script></head><body>x",
    ],
    ids=["nested", "attributes", "links", "tables", "unclosed", "scripts", "json"],
)
def test_a_page_that_would_take_a_parser_minutes_is_read_or_refused(page: str) -> None:
    try:
        read_page(page, origin="a")
    except UnreadableDocument as error:
        assert "no readable text" in str(error)


def test_scripts_styles_and_comments_are_removed_and_json_ld_remains() -> None:
    page = limit_html(
        "<p>a</p><script>x<b</script><style>y</style><!-- z --><script type='application/ld+json'>{}</script><p>b</p>"
    )

    assert page == "<p>a</p><script type='application/ld+json'>{}</script><p>b</p>"
    assert len(limit_html("<p>" + "a" * (MAX_PAGE_CHARACTERS + 10))) == MAX_PAGE_CHARACTERS


def test_without_a_parser_each_block_is_a_line() -> None:
    page = "<html><head><title>Head</title></head><body><p>One &amp; two</p><div>Three <b>four</b></div>"

    assert strip_tags(page).split() == ["One", "&", "two", "Three", "four"]
    assert "One & two\n\n" in strip_tags(page)
