"""Markup in feeds as plain text: titles, and boilerplate at the end of a text."""

import contextlib

import pytest

from handlers.answers.errors import UnreadableDocument
from tests.support.feeds import articles, read, rss


@pytest.mark.parametrize(
    ("end", "left"),
    [
        ("<p>The post News appeared first on Example.</p>", "It was signed."),
        (" <a href='x'>Read more</a>", "It was signed."),
        (" <a href='x'>Continue reading &rarr;</a>", "It was signed."),
        (" […]", "It was signed."),
        ("<p>Weiterlesen</p>", "It was signed."),
        ("<p>Читать далее</p>", "It was signed."),
        ("<p>阅读全文</p>", "It was signed."),
        ("<p>Read more than one book a year.</p> <p>He said so.</p>", None),
        ("<p>The comments were read by all.</p>", None),
    ],
)
def test_boilerplate_at_the_end_is_removed_and_sentences_remain(end: str, left: str | None) -> None:
    body = f"<description><![CDATA[<p>It was signed.</p>{end}]]></description>"

    text = articles(rss(f"<item><title>News</title><link>/1</link>{body}</item>"))[0].text

    if left is None:
        assert len(text) > len("It was signed.") + 10
    else:
        assert text == left


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("AT&amp;amp;T &amp;#8211; &amp;quot;5G&amp;quot;", 'AT&T – "5G"'),
        ("<![CDATA[<b>Huawei</b> &amp; ZTE]]>", "Huawei & ZTE"),
        ("Why 5 &lt; 6 and 7 &gt; 3", "Why 5 < 6 and 7 > 3"),
        ("The &lt;channel&gt; question", "The <channel> question"),
        ("One\n   line\tonly", "One line only"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "alert(1)"),
    ],
)
def test_a_title_is_one_line_without_markup(title: str, plain: str) -> None:
    assert articles(rss(f"<item><title>{title}</title><link>/1</link></item>"))[0].title == plain


def test_no_markup_is_left_in_a_text() -> None:
    item = (
        "<item><title>T</title><link>/1</link><description><![CDATA[<p onclick=x>a<p>b<div>c<td>d"
        "<!-- hidden --><style>p{}</style><a href='javascript:x'>e</a>&lt;b&gt;]]></description></item>"
    )

    assert articles(rss(item))[0].text.replace("\n\n", "|") in (
        "a|b|c|de<b>",
        "a|b|c|d e<b>",
        "a|b|cde<b>",
        "a|b|cd e<b>",
    )


@pytest.mark.parametrize("body", ["<" * 200_000, rss("<item><title>" + "<b>" * 20_000 + "x</title></item>")])
def test_hostile_markup_is_read_or_refused(body: str) -> None:
    with contextlib.suppress(UnreadableDocument):
        read(body)
