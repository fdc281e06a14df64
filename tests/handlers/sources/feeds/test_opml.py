"""OPML: what readers export is read, what is written is read back, and hostile files harm nothing."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.feeds.opml import MAX_OPML_BYTES, OpmlFeed, read_opml, write_opml


def opml(body: str, start: str = '<?xml version="1.0"?>') -> bytes:
    return f'{start}<opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'.encode()


def test_feeds_in_folders_are_found_in_order_and_once() -> None:
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
def test_the_forms_of_an_address_are_read(outline: str, url: str) -> None:
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
def test_what_is_no_feed_is_passed_over(outline: str) -> None:
    assert read_opml(opml(outline)) == ()


def test_a_damaged_file_gives_what_can_be_saved() -> None:
    body = opml('<outline text="A & B" xmlUrl="https://a.example/1?x=1&y=2"/><outline xmlUrl="https://a.example/2"/>')

    assert [feed.url for feed in read_opml(body[:-14])] == ["https://a.example/1?x=1&y=2", "https://a.example/2"]


def test_what_is_written_is_read_back() -> None:
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
        (b"hello", "no OPML"),
        (b"<html><body>no</body></html>", "not OPML"),
        (b"<opml>" + b" " * MAX_OPML_BYTES, "larger than"),
        (
            opml(
                '<outline text="&b;" xmlUrl="https://a.example/"/>',
                '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
            ),
            "entities of its own",
        ),
        (
            opml('<outline text="&f;"/>', '<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
            "entities of its own",
        ),
        (
            b"<?xml version='1.0' encoding='none'?>"  # so that only the forgiving parser reads it
            + opml('<outline xmlUrl="&b;"/>', '<!DOCTYPE opml [<!ENTITY b "https://b.example/">]>'),
            "entities of its own",
        ),
        (opml("".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(5_001))), "more than 5000 feeds"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        read_opml(body)


def test_deep_folders_do_no_harm() -> None:
    body = opml("<outline>" * 150 + '<outline xmlUrl="https://a.example/1"/>' + "</outline>" * 150)

    assert len(read_opml(body)) == 1
