"""Feeds before parsing: encodings, text before the feed, control characters, and entity bombs."""

import pytest

from handlers.sources.feeds.preparse import has_relative_pictures, needs_cleaning
from tests.support.feeds import articles, rss


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("<item><title>Huawei 华为</title><link>/1</link></item>").encode("utf-8-sig"), None),
        (rss("<item><title>Huawei 华为</title><link>/1</link></item>").encode("utf-16"), "application/xml"),
        (rss("<item><title>Huawei 华为</title><link>/1</link></item>").encode(), "text/xml; charset=iso-8859-1"),
        (
            rss("<item><title>Huawei 华为</title><link>/1</link></item>")
            .replace('version="1.0"', 'version="1.0" encoding="gb18030"')
            .encode("gb18030"),
            None,
        ),
        (
            b"<br />\n<b>Warning</b>: broken\n"
            + rss("<item><title>Huawei 华为</title><link>/1</link></item>").encode(),
            None,
        ),
        (b"\n\n  " + rss("<item><title>Huawei 华为</title><link>/1</link></item>").encode(), "text/html"),
        (rss("<item><title>Huawei\x0b 华为\x01</title><link>/1</link></item>").encode(), None),
        (rss("<item><title>Huawei 华为</title><link>/1</link></item>").replace("</channel>", "").encode(), None),
        (rss("<item><title>Huawei 华为</title><link>/1</link><b>&nbsp;&broken;</item>").encode(), None),
    ],
    ids=[
        "byte-order mark",
        "utf-16",
        "wrong header",
        "gb18030",
        "warning first",
        "spaces first",
        "controls",
        "unclosed",
        "malformed",
    ],
)
def test_a_damaged_or_wrongly_encoded_feed_is_read(body: bytes, content_type: str | None) -> None:
    assert articles(body, content_type)[0].title == "Huawei 华为"


def billion_laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "laugh">{entities}]>'
    return start + rss("<item><title>Ha &l9;</title><link>/1</link></item>").partition("?>")[2]


def quadratic() -> str:
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY long "{"x" * 50_000}">]>'
    item = f"<item><title>Ha</title><link>/1</link><description>{'&long;' * 5_000}</description></item>"
    return start + rss(item).partition("?>")[2]


@pytest.mark.parametrize("bomb", [billion_laughs(), quadratic()], ids=["billion laughs", "quadratic"])
def test_an_entity_bomb_is_not_expanded(bomb: str) -> None:
    assert all(len(entry.title) + len(entry.text) < 100_000 for entry in articles(bomb))


def test_files_of_the_host_are_never_read() -> None:
    feed = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>A &file; B</title><link>/1</link></item>"

    assert "root:" not in articles(feed + rss(item).partition("?>")[2])[0].title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Plain text with <b>bold</b> words.</p>", False),
        ('<p>A film.</p><iframe src="https://video.example/1"> It was shown.', True),
        ("<p>One</p><script>alert(1)</script>", True),
        ("<<b>two brackets</b>", True),
    ],
)
def test_only_texts_with_markup_that_a_parser_may_misread_are_cleaned(text: str, expected: bool) -> None:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")

    assert needs_cleaning(f"<item><description>{escaped}</description></item>".encode()) is expected
    assert needs_cleaning(f"<item><description><![CDATA[{text}]]></description></item>".encode()) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<img src='https://pictures.example/1.jpg'>", False),
        ("&lt;img src=&quot;https://pictures.example/1.jpg&quot;>", False),
        ("<a href='/story?src=rss'>", False),
        ("<img src='/1.jpg'>", True),
        ("&lt;img src=&quot;../1.jpg&quot;>", True),
        ("<img src=//pictures.example/1.jpg>", True),
        ("<content xml:base='https://other.example/'>", True),
    ],
)
def test_links_of_texts_are_resolved_only_where_a_picture_needs_it(text: str, expected: bool) -> None:
    assert has_relative_pictures(text.encode()) is expected
