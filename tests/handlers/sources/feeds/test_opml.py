"""OPML: exports of feed readers are read, written lists can be read again, and hostile files do no harm."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.feeds.opml import MAX_OPML_BYTES, OpmlFeed, read_opml, write_opml


def opml(body: str, start: str = '<?xml version="1.0"?>') -> bytes:
    return f'{start}<opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'.encode()


def test_feeds_in_folders_are_read_in_order_and_once() -> None:
    body = """<outline text="News"><outline text="More"><outline type="rss" text="One" xmlUrl="https://a.example/1"/></outline>
      <outline title="Two &amp;amp; a &lt;b&gt;half&lt;/b&gt;" xmlurl=" https://a.example/2 " htmlUrl="https://a.example/"/>
      </outline><outline text="Again" xmlUrl="https://a.example/1"/><outline text="A note"/>"""

    assert read_opml(opml(body)) == (
        OpmlFeed(title="One", url="https://a.example/1"),
        OpmlFeed(title="Two & a half", url="https://a.example/2", site_url="https://a.example/"),
    )


@pytest.mark.parametrize(
    ("outline", "url"),
    [
        ('<outline XMLURL="https://a.example/1"/>', "https://a.example/1"),
        ('<outline type="RSS" url="https://a.example/1"/>', "https://a.example/1"),
        ('<outline xmlUrl="feed://a.example/1"/>', "http://a.example/1"),
        ('<outline xmlUrl="feed:https://a.example/1"/>', "https://a.example/1"),
        ('<outline feedUrl="https://a.example/1"/>', "https://a.example/1"),
    ],
)
def test_every_attribute_with_a_feed_url_is_read(outline: str, url: str) -> None:
    assert [feed.url for feed in read_opml(opml(outline))] == [url]


@pytest.mark.parametrize(
    "outline",
    [
        '<outline xmlUrl="javascript:alert(1)"/>',
        '<outline xmlUrl="file:///etc/passwd"/>',
        '<outline xmlUrl=""/>',
        '<outline type="link" url="https://a.example/"/>',
    ],
)
def test_outlines_that_are_not_feeds_are_ignored(outline: str) -> None:
    assert read_opml(opml(outline)) == ()


def test_a_damaged_file_is_read_as_far_as_possible() -> None:
    body = opml('<outline text="A & B" xmlUrl="https://a.example/1?x=1&y=2"/><outline xmlUrl="https://a.example/2"/>')

    assert [feed.url for feed in read_opml(body[:-14])] == ["https://a.example/1?x=1&y=2", "https://a.example/2"]


def test_a_written_list_can_be_read_again() -> None:
    feeds = (
        OpmlFeed(title='"Wire" <&> 华为', url="https://a.example/?a=1&b=2", site_url="https://a.example/"),
        OpmlFeed(title="Control", url="https://b.example/"),
    )

    assert read_opml(write_opml(feeds)) == feeds
    assert write_opml(feeds).startswith(b"<?xml")
    assert b"\x01" not in write_opml([OpmlFeed(title="a\x01b", url="https://a.example/1")])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"hello", "not OPML"),
        (b"<html><body>no</body></html>", "not OPML"),
        (b"<opml>" + b" " * MAX_OPML_BYTES, "larger than"),
        (
            opml(
                '<outline text="&b;" xmlUrl="https://a.example/"/>',
                '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
            ),
            "its own entities",
        ),
        (
            opml('<outline text="&f;"/>', '<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
            "its own entities",
        ),
        (
            b"<?xml version='1.0' encoding='none'?>"  # an encoding that only the lenient parser accepts
            + opml('<outline xmlUrl="&b;"/>', '<!DOCTYPE opml [<!ENTITY b "https://b.example/">]>'),
            "its own entities",
        ),
        (opml("".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(5_001))), "more than 5000 feeds"),
    ],
)
def test_an_unreadable_file_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read_opml(body)


def test_deeply_nested_folders_are_read() -> None:
    body = opml("<outline>" * 150 + '<outline xmlUrl="https://a.example/1"/>' + "</outline>" * 150)

    assert len(read_opml(body)) == 1
