"""Feeds: what becomes of their entries, and what is said of documents that are none."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, FailedDraft
from handlers.sources.feeds.feed import MAX_FEED_BYTES, FeedReading, read_feed

FEEDS = Path(__file__).parent / "data" / "feeds"
URL = "https://example.com/feed.xml"


def read(body: str | bytes, content_type: str | None = None) -> FeedReading:
    return read_feed(body if isinstance(body, bytes) else body.encode(), content_type=content_type, url=URL)


def articles(body: str | bytes, content_type: str | None = None) -> list[ArticleDraft]:
    return [entry for entry in read(body, content_type).entries if isinstance(entry, ArticleDraft)]


def rss(items: str, head: str = "<title>Wire</title><link>https://example.com/</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def test_a_feed_says_who_it_is_and_how_often_to_come() -> None:
    reading = read((FEEDS / "news.rss").read_bytes())

    assert (reading.title, reading.site_url, reading.language) == ("Example Wire & Co", "https://example.com/", "en")
    assert reading.hub_urls == ("https://hub.example.com/",)
    assert reading.ttl == timedelta(minutes=30)
    assert (set(reading.skip_hours), set(reading.skip_days)) == ({2, 3}, {6})
    assert len(reading.entries) == 3


def test_an_entry_becomes_plain_text_with_everything_known_of_it() -> None:
    first = articles((FEEDS / "news.rss").read_bytes())[0]

    assert first.title == 'MTS & Huawei agree: "5G" now'
    assert first.text.split("\n\n") == [
        "MTS and Huawei signed an agreement in Moscow on Wednesday, both companies said in a statement.",
        "Pilot networks start in 2019.",
        "The price is R&D-based: 5 < 6.",
        "It is the first of its kind.",
        "Others will follow.",
    ]
    assert first.url == "https://example.com/news/1?utm_source=rss"
    assert (first.guid, first.key, first.author) == ("wire-1", "guid:wire-1", "Jo Doe")
    assert (first.tags, first.language, first.publisher) == (("Telecoms", "Russia"), "en", "Example Wire & Co")
    assert first.image_url == "https://cdn.example.com/wide.jpg"
    assert first.published_at == datetime(2026, 11, 22, 11, 2, tzinfo=UTC)


def test_an_entry_without_a_headline_takes_its_first_sentence() -> None:
    second = articles((FEEDS / "news.rss").read_bytes())[1]

    assert second.title == "Without a headline this entry begins with a sentence."
    assert second.text.endswith("Then it goes on for a while.")


def test_an_entry_that_says_nothing_is_counted_with_its_reason() -> None:
    third = read((FEEDS / "news.rss").read_bytes()).entries[2]

    assert isinstance(third, FailedDraft)
    assert third.key == "guid:wire-3" and "neither a title nor a text" in third.reason


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
def test_furniture_at_the_end_is_cut_and_sentences_stay(end: str, left: str | None) -> None:
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
def test_headlines_are_plain(title: str, plain: str) -> None:
    assert articles(rss(f"<item><title>{title}</title><link>/1</link></item>"))[0].title == plain


def test_a_text_that_only_repeats_the_headline_is_no_text() -> None:
    headline = "MTS and Huawei agree"
    item = f"<item><title>{headline}</title><link>/1</link><description>{headline}.</description></item>"

    assert articles(rss(item))[0].text == ""


def test_an_aggregators_entry_names_its_publisher() -> None:
    item = (
        "<item><title>MTS and Huawei agree - Daily Sample</title><link>https://news.example/1</link>"
        "<source url='https://sample.example'>Daily Sample</source></item>"
    )

    first = articles(rss(item))[0]

    assert (first.title, first.publisher) == ("MTS and Huawei agree", "Daily Sample")


def test_guids_and_addresses_that_all_entries_share_identify_nothing() -> None:
    items = "".join(
        f"<item><title>Number {n}</title><link>https://example.com/live</link><guid>same</guid>"
        f"<description>Text {n}</description></item>"
        for n in range(3)
    )

    found = articles(rss(items))

    assert [one.guid for one in found] == [None] * 3
    assert all(one.shared_url for one in found)
    assert len({one.key for one in found}) == 3


def test_an_entry_listed_twice_is_one() -> None:
    item = "<item><title>News</title><link>/1</link><guid>g1</guid></item>"

    assert len(read(rss(item * 3)).entries) == 1


def test_atom_with_a_base_an_author_of_the_feed_and_xhtml() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/a/" xml:lang="de">
      <title type="html">Der &lt;i&gt;Draht&lt;/i&gt;</title>
      <author><name>Jo Doe</name><email>jo@example.com</email></author>
      <entry><id>tag:example.com,2026:1</id><title>Gespräch über Huawei</title><link href="eins"/>
      <updated>2026-11-22T12:00:00Z</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Ein Satz.</p><p>Noch einer.</p></div></content>
      </entry></feed>"""

    first = articles(feed)[0]

    assert (first.url, first.author, first.publisher) == ("https://example.com/a/eins", "Jo Doe", "Der Draht")
    assert first.text == "Ein Satz.\n\nNoch einer."
    assert first.published_at == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_rdf_is_read() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel rdf:about="x"><title>Old wire</title><link>https://example.com/</link></channel>
      <item rdf:about="https://example.com/1"><title>One</title><link>https://example.com/1</link></item></rdf:RDF>"""

    assert [one.url for one in articles(feed)] == ["https://example.com/1"]


def test_json_feed_is_read_forgivingly() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire",
        "home_page_url": "/",
        "items": [
            {
                "id": 7,
                "url": "/7",
                "content_text": "5 < 6 & more.\n\nSecond.",
                "date_published": "2026-11-22T14:00:00+02:00",
            },
            {
                "id": "8",
                "external_url": "https://other.example/8",
                "content_html": "<p>Hi <b>there</b></p>",
                "title": "8",
            },
            "nonsense",
        ],
    }

    seven, eight = articles(json.dumps(feed))

    assert (seven.guid, seven.url, seven.text) == ("7", "https://example.com/7", "5 < 6 & more.\n\nSecond.")
    assert seven.published_at == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert (eight.url, eight.text) == ("https://other.example/8", "Hi there")


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
        "mark",
        "utf-16",
        "wrong header",
        "gb18030",
        "warning first",
        "blanks first",
        "controls",
        "unclosed",
        "malformed",
    ],
)
def test_a_damaged_or_oddly_encoded_feed_is_read_all_the_same(body: bytes, content_type: str | None) -> None:
    assert articles(body, content_type)[0].title == "Huawei 华为"


def test_an_entry_that_the_end_cuts_off_is_left_for_the_next_poll() -> None:
    whole = rss(
        "<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2-long-address</link></item>"
    )
    cut = whole[: whole.index("long-address")]

    assert [one.title for one in articles(cut)] == ["One"]


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "laugh">{entities}]>'
    return start + rss("<item><title>Ha &l9;</title><link>/1</link></item>").partition("?>")[2]


def quadratic() -> str:
    start = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY long "{"x" * 50_000}">]>'
    item = f"<item><title>Ha</title><link>/1</link><description>{'&long;' * 5_000}</description></item>"
    return start + rss(item).partition("?>")[2]


@pytest.mark.parametrize("bomb", [laughs(), quadratic()], ids=["billion laughs", "quadratic"])
def test_entities_never_unfold(bomb: str) -> None:
    assert all(len(one.title) + len(one.text) < 100_000 for one in articles(bomb))


def test_files_of_the_host_are_never_read() -> None:
    feed = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>A &file; B</title><link>/1</link></item>"

    assert "root:" not in articles(feed + rss(item).partition("?>")[2])[0].title


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hi</p></body></html>", "web page, not a feed"),
        (b'{"items": [{"id"', "damaged or cut off"),
        (b'{"a": 1}', "not a JSON Feed"),
        (b"[" * 100_000, "damaged"),
        (b"hello", "not a feed"),
        (b"\x01", "not a feed"),
        (b"<" + b"a" * 9_000, "not a feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not a feed"),
        (b"x" * (MAX_FEED_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_feed_is_told_plainly(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read(body)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()


@pytest.mark.parametrize("body", ["<" * 200_000, rss("<item><title>" + "<b>" * 20_000 + "x</title></item>")])
def test_hostile_markup_ends(body: str) -> None:
    with contextlib.suppress(UnreadableDocument):
        read(body)


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
