"""Discovery: the feeds of a page, of known sites, and at the usual paths."""

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.feeds.discover import discover, known_feed, page_feeds, proposal, usual_urls, web_address
from handlers.sources.fetch.client import Fetcher
from tests.support.http_server import Answer, LocalServer

RSS = b"<rss version='2.0'><channel><title>Wire</title><item><title>One</title><link>/1</link></item></channel></rss>"
PAGE = "<html><head><title>Site</title>{}</head><body>{}</body></html>"


async def test_a_feed_is_found_at_its_own_address(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/rss", RSS)

    assert [(feed.url, feed.title, feed.kind) for feed in await discover(fetcher, url)] == [(url, "Wire", "rss")]


async def test_the_feeds_that_a_page_declares_are_found(fetcher: Fetcher, server: LocalServer) -> None:
    links = """<base href="/deep/">
      <link rel="alternate" type="application/rss+xml" href="comments/feed" title="Comments">
      <link rel="ALTERNATE feed" type="application/atom+xml" href="atom.xml" title="All &amp; more">
      <link rel="alternate" type="application/feed+json" href="/feed.json">
      <link rel="alternate" hreflang="de" href="/de"><link rel="alternate stylesheet" type="text/css" href="/x.css">"""
    url = server.answer("/", PAGE.format(links, "").encode())
    for path in ("/deep/comments/feed", "/deep/atom.xml", "/feed.json"):
        server.answer(path, RSS)

    feeds = await discover(fetcher, url)

    assert [(feed.url.removeprefix(server.address), feed.title, feed.kind) for feed in feeds] == [
        ("/deep/atom.xml", "All & more", "rss"),
        ("/feed.json", "Site", "rss"),
        ("/deep/comments/feed", "Comments", "rss"),
    ]


async def test_of_the_feeds_that_a_page_declares_only_those_that_can_be_read_are_found_and_each_once(
    fetcher: Fetcher, server: LocalServer
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    paths = ("/dead.xml", "/page.xml", "/feed.xml", f"{server.address}/feed.xml", "/moved.xml")
    url = server.answer("/", PAGE.format("".join(map(link.format, paths)), "").encode())
    server.answer("/page.xml", b"<html><body>Not a feed</body></html>")
    server.redirect("/moved.xml", "/feed.xml", status=301)
    server.answer("/feed.xml", RSS)

    assert [feed.url for feed in await discover(fetcher, url)] == [f"{server.address}/feed.xml"]


async def test_if_no_declared_feed_can_be_read_the_usual_paths_are_tried(fetcher: Fetcher, server: LocalServer) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/dead.xml">'
    living = server.answer("/", PAGE.format(link, "").encode())
    server.answer("/feed/", RSS)

    assert [feed.url for feed in await discover(fetcher, living)] == [f"{server.address}/feed/"]
    server.answer("/feed/", Answer(status=500))
    with pytest.raises(FetchError, match=r"names a feed that cannot be read\. .*/dead\.xml answered 404"):
        await discover(fetcher, living)


async def test_linked_feeds_and_the_usual_paths_are_tried(fetcher: Fetcher, server: LocalServer) -> None:
    linked = server.answer("/about", PAGE.format("", '<a href="/my-rss.xml">RSS</a>').encode())
    server.answer("/my-rss.xml", RSS)
    unlinked = server.answer("/blog", PAGE.format("", "nothing").encode())
    server.answer("/blog/feed/", RSS)

    assert [feed.url for feed in await discover(fetcher, linked)] == [f"{server.address}/my-rss.xml"]
    assert [feed.url for feed in await discover(fetcher, unlinked)] == [f"{server.address}/blog/feed/"]


async def test_a_site_without_feeds_gets_few_requests(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/", PAGE.format("", "").encode())

    assert await discover(fetcher, url) == ()
    assert len(server.requests) <= 9


async def test_a_page_that_cannot_be_fetched_is_an_error(fetcher: Fetcher, server: LocalServer) -> None:
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
def test_the_feeds_of_known_sites_are_known(page: str, feed: str | None) -> None:
    assert known_feed(page) == feed


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("example.com", "https://example.com"),
        (" <https://example.com/a> ", "https://example.com/a"),
        ("feed://example.com/rss", "http://example.com/rss"),
        ("feed:https://example.com/rss", "https://example.com/rss"),
    ],
)
def test_typed_text_becomes_a_web_address(typed: str, url: str) -> None:
    assert web_address(typed) == url


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"<link rel=alternate", b"<" * 50_000])
def test_a_document_that_is_not_a_page_declares_no_feed(body: bytes) -> None:
    assert page_feeds(body, url="https://example.com/") == ()


def test_the_usual_urls_are_below_the_page_and_at_the_root_of_the_site() -> None:
    urls = usual_urls("https://example.com/blog/")

    assert urls[:2] == ("https://example.com/blog/feed/", "https://example.com/feed/")


def test_a_proposal_names_the_feeds_of_the_page() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    pages = [PAGE.format("".join(map(link.format, names)), "").encode() for names in ([], ["rss"], ["rss", "news"])]

    none, single, several = (proposal(page_feeds(page, url="https://example.com/")) for page in pages)

    assert none == "The page names no feed. Look for the address of a feed on this site."
    assert single == "The page names this feed: https://example.com/rss. Add it instead."
    assert several == (
        "The page names these feeds: https://example.com/rss, https://example.com/news. Add one of them instead."
    )
