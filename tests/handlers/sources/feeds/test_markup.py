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
        ("Use of &amp;lt;b&amp;gt; by all", "Use of <b> by all"),
        ("&amp;lt;b&amp;gt;Huawei&amp;lt;/b&amp;gt; wins", "Huawei wins"),
        ("AT&amp;amp;amp;T", "AT&T"),
        ("Manager &lt;del&gt;jailed&lt;/del&gt; acquitted", "Manager acquitted"),
    ],
)
def test_a_title_is_one_line_without_markup(title: str, plain: str) -> None:
    assert articles(rss(f"<item><title>{title}</title><link>/1</link></item>"))[0].title == plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("The court <del>jailed</del> <ins>acquitted</ins> him.", "The court acquitted him."),
        ("He pays <s>$50 million</s> <b>$5 million</b>.", "He pays $5 million."),
        ("He pays <strike>much</strike> little.", "He pays little."),
        ("He pays <span style='text-decoration: line-through'>much</span> little.", "He pays little."),
        ("Seen. <span hidden>Unseen.</span>", "Seen."),
        ("Seen. <p style='display:none'>Unseen.</p>", "Seen."),
        ("<span aria-hidden='true'>Seen</span> by all.", "Seen by all."),
        ("Seen.<figure><img src='/p.jpg'><figcaption>A picture.</figcaption></figure>", "Seen."),
        ("Seen.<div class='wp-caption'><img src='/p.jpg'><p class='wp-caption-text'>A picture.</p></div>", "Seen."),
    ],
)
def test_a_text_is_what_a_reader_sees(markup: str, text: str) -> None:
    item = f"<item><title>N</title><link>/1</link><description><![CDATA[{markup}]]></description></item>"

    assert articles(rss(item))[0].text == text


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
