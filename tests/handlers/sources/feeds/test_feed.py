"""Feeds of all formats, and documents that are not feeds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.feeds.feed import MAX_FEED_BYTES
from tests.support.feeds import articles, read, rss

FEEDS = Path(__file__).parent / "data" / "feeds"


def test_a_feed_states_its_title_its_site_and_how_often_to_read_it() -> None:
    reading = read((FEEDS / "news.rss").read_bytes())

    assert (reading.title, reading.site_url, reading.language) == ("Example Wire & Co", "https://example.com/", "en")
    assert reading.hub_urls == ("https://hub.example.com/",)
    assert reading.ttl == timedelta(minutes=30)
    assert (set(reading.skip_hours), set(reading.skip_days)) == ({2, 3}, {6})
    assert len(reading.entries) == 3


def test_atom_is_read_with_its_base_url_the_author_of_the_feed_and_xhtml() -> None:
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

    assert [article.url for article in articles(feed)] == ["https://example.com/1"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"<!DOCTYPE html><html><head><title>News</title></head><body><p>Hi</p></body></html>", "web page, not a feed"),
        (b"hello", "not a feed"),
        (b"\x01", "not a feed"),
        (b"<" + b"a" * 9_000, "not a feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not a feed"),
        (b"x" * (MAX_FEED_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_a_document_that_is_not_a_feed_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read(body)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()
