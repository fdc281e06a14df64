"""Discovery: any page to its feeds."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.feeds.discover import discover, known_feed, page_feeds, proposal, usual_urls, web_address
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from tests.support.http_server import Answer, LocalServer, local_server

RSS = b"<rss version='2.0'><channel><title>Wire</title><item><title>One</title><link>/1</link></item></channel></rss>"
PAGE = "<html><head><title>Site</title>{}</head><body>{}</body></html>"


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(user_agent="test", allow_private=True, limits=Limits(delay=timedelta(0))) as opened:
        yield opened


async def test_an_address_that_is_a_feed_is_found_itself(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/rss", RSS)

    assert [(one.url, one.title, one.kind) for one in await discover(fetcher, url)] == [(url, "Wire", "rss")]


async def test_the_feeds_that_a_page_declares_are_found(fetcher: Fetcher, server: LocalServer) -> None:
    links = """<base href="/deep/">
      <link rel="alternate" type="application/rss+xml" href="comments/feed" title="Comments">
      <link rel="ALTERNATE feed" type="application/atom+xml" href="atom.xml" title="All &amp; more">
      <link rel="alternate" type="application/feed+json" href="/feed.json">
      <link rel="alternate" hreflang="de" href="/de"><link rel="alternate stylesheet" type="text/css" href="/x.css">"""
    url = server.answer("/", PAGE.format(links, "").encode())

    found = await discover(fetcher, url)

    assert [(one.url.removeprefix(server.address), one.title, one.kind) for one in found] == [
        ("/deep/atom.xml", "All & more", "atom"),
        ("/feed.json", "Site", "json"),
        ("/deep/comments/feed", "Comments", "rss"),
    ]


async def test_a_linked_feed_and_the_usual_places_are_tried(fetcher: Fetcher, server: LocalServer) -> None:
    linked = server.answer("/about", PAGE.format("", '<a href="/my-rss.xml">RSS</a>').encode())
    server.answer("/my-rss.xml", RSS)
    silent = server.answer("/blog", PAGE.format("", "nothing").encode())
    server.answer("/blog/feed/", RSS)

    assert [one.url for one in await discover(fetcher, linked)] == [f"{server.address}/my-rss.xml"]
    assert [one.url for one in await discover(fetcher, silent)] == [f"{server.address}/blog/feed/"]


async def test_a_page_without_any_feed_gives_none_and_is_not_hammered(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/", PAGE.format("", "").encode())

    assert await discover(fetcher, url) == ()
    assert len(server.requests) <= 9


async def test_a_page_that_cannot_be_fetched_says_so(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/", Answer(status=403))

    with pytest.raises(FetchError, match="403"):
        await discover(fetcher, url)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        ("https://youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"),
        ("https://www.reddit.com/r/huawei/", "https://www.reddit.com/r/huawei/.rss"),
        ("https://old.reddit.com/user/jo", "https://www.reddit.com/user/jo/.rss"),
        ("https://medium.com/@jo", "https://medium.com/feed/@jo"),
        ("https://github.com/a/b", "https://github.com/a/b/releases.atom"),
        ("https://jo.substack.com/", "https://jo.substack.com/feed"),
        ("https://bsky.app/profile/jo.example", "https://bsky.app/profile/jo.example/rss"),
        ("https://example.com/r/huawei", None),
    ],
)
def test_known_sites_keep_their_feeds_where_they_do(page: str, feed: str | None) -> None:
    assert known_feed(page) == feed


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.com", "https://example.com"),
        (" <https://example.com/a> ", "https://example.com/a"),
        ("feed://example.com/rss", "http://example.com/rss"),
        ("feed:https://example.com/rss", "https://example.com/rss"),
    ],
)
def test_what_people_type_is_an_address(typed: str, address: str) -> None:
    assert web_address(typed) == address


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<link rel=alternate", b"<" * 50_000])
def test_pages_that_are_none_declare_nothing(body: bytes) -> None:
    assert page_feeds(body, url="https://example.com/") == ()


def test_the_usual_places_lie_beside_the_page_and_at_the_front() -> None:
    places = usual_urls("https://example.com/blog/")

    assert places[:2] == ("https://example.com/blog/feed/", "https://example.com/feed/")


def test_a_proposal_names_what_was_found() -> None:
    page = PAGE.format('<link rel="alternate" type="application/rss+xml" href="/rss">', "").encode()

    assert "https://example.com/rss" in proposal(page_feeds(page, url="https://example.com/"))
    assert "names no feed" in proposal(())
