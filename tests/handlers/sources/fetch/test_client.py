"""Fetching: what a response contains, redirects, credentials, and limits of size and time."""

import gzip
from datetime import timedelta

import pytest
from aiohttp import web

from handlers.answers.errors import FetchError
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from tests.support.http_server import Answer, LocalServer, drip, local_server

SHORT = Limits(
    total=timedelta(milliseconds=250),
    connect=timedelta(milliseconds=200),
    read=timedelta(milliseconds=200),
    delay=timedelta(0),
)
MOST = 10_000


async def test_a_response_contains_its_kind_and_how_long_it_stays_fresh(fetcher: Fetcher, server: LocalServer) -> None:
    headers = {"Cache-Control": "max-age=600", "Content-Type": "text/xml"}
    url = server.answer("/feed", Answer(body=b"<rss/>", headers=headers))

    fetched = await fetcher.fetch(url, max_bytes=MOST)

    assert (fetched.status, fetched.body, fetched.max_age) == (200, b"<rss/>", timedelta(minutes=10))
    assert fetched.content_type == "text/xml"
    assert server.requests[0].headers["User-Agent"] == "Wirewatch/test"


async def test_a_compressed_body_is_decompressed(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(body=b"<rss/>" * 100, gzipped=True))

    assert (await fetcher.fetch(url, max_bytes=MOST)).body == b"<rss/>" * 100


async def test_a_compressed_file_is_decompressed(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed.xml.gz", gzip.compress(b"<rss/>" * 100))

    assert (await fetcher.fetch(url, max_bytes=MOST)).body == b"<rss/>" * 100


async def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/bomb", Answer(body=b"\0" * 1_000_000, gzipped=True))

    with pytest.raises(FetchError, match="larger than"):
        await fetcher.fetch(url, max_bytes=100_000)


async def test_a_body_over_the_limit_is_refused(fetcher: Fetcher, server: LocalServer) -> None:
    async def without_length(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x" * 1000)
        return response

    with_length = server.answer("/with-length", b"x" * (MOST + 1))

    for url in (with_length, server.answer("/without-length", without_length)):
        with pytest.raises(FetchError, match="larger than"):
            await fetcher.fetch(url, max_bytes=MOST)


async def test_a_response_that_never_ends_is_cut_off(server: LocalServer) -> None:
    url = server.answer("/drip", drip)

    async with open_fetcher(user_agent="test", allow_private=True, limits=SHORT) as impatient:
        with pytest.raises(FetchError, match="did not answer completely"):
            await impatient.fetch(url, max_bytes=MOST)


async def test_redirects_are_followed_and_a_permanent_one_gives_the_new_address(
    fetcher: Fetcher, server: LocalServer
) -> None:
    end = server.answer("/new", b"feed")
    permanent = server.redirect("/old", "/new", status=301)
    temporary = server.redirect("/now", "/new", status=302)
    mixed = server.redirect("/mixed", "/now", status=308)

    assert (await fetcher.fetch(permanent, max_bytes=MOST)).permanent_url == end
    assert (await fetcher.fetch(temporary, max_bytes=MOST)).permanent_url is None
    fetched = await fetcher.fetch(mixed, max_bytes=MOST)
    assert (fetched.url, fetched.permanent_url) == (end, temporary)


@pytest.mark.parametrize("query", ["sig=a%2Fb%3D%7e&t=1+2", "q=%e4&sig=%2B", "a=b%20c&d=(e)'f'"])
async def test_an_address_is_requested_as_it_is_given(fetcher: Fetcher, server: LocalServer, query: str) -> None:
    url = server.answer("/signed", b"ok") + "?" + query
    first = server.redirect("/first", f"/signed?{query}")

    assert (await fetcher.fetch(url, max_bytes=100)).url == url
    assert (await fetcher.fetch(first, max_bytes=100)).url == url
    assert [request.raw_path for request in server.requests if request.path.startswith("/signed")] == [
        f"/signed?{query}"
    ] * 2


async def test_what_cannot_be_sent_in_an_address_is_encoded(fetcher: Fetcher, server: LocalServer) -> None:
    server.answer("/ä b", b"ok")

    await fetcher.fetch(f"{server.address}/ä b?q=ü", max_bytes=100)

    assert server.requests[0].raw_path == "/%C3%A4%20b?q=%C3%BC"


async def test_a_redirect_loop_ends(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.redirect("/round", "/round")

    with pytest.raises(FetchError, match="more than 6 times"):
        await fetcher.fetch(url, max_bytes=MOST)


async def test_a_cookie_that_comes_with_a_redirect_is_sent_back_to_its_own_site_only(
    fetcher: Fetcher, server: LocalServer
) -> None:
    async def feed(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Cookie") == "seen=1; lang=en":
            return web.Response(status=302, headers={"Location": f"{other.address}/feed"})
        response = web.Response(status=302, headers={"Location": "/feed"})
        response.set_cookie("seen", "1")
        response.set_cookie("lang", "en")
        return response

    async with local_server() as other:
        other.answer("/feed", b"feed")

        fetched = await fetcher.fetch(server.answer("/feed", feed), max_bytes=MOST)
        await fetcher.fetch(server.answer("/later", b"feed"), max_bytes=MOST)

    assert fetched.body == b"feed"
    assert "Cookie" not in other.requests[0].headers
    assert "Cookie" not in server.requests[-1].headers


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)"])
async def test_a_redirect_to_anything_but_a_web_address_is_refused(
    fetcher: Fetcher, server: LocalServer, target: str
) -> None:
    url = server.redirect("/away", target)

    with pytest.raises(FetchError, match="not a web address"):
        await fetcher.fetch(url, max_bytes=MOST)


async def test_credentials_are_sent_to_their_own_host_only(fetcher: Fetcher, server: LocalServer) -> None:
    async with local_server() as other:
        other.answer("/feed", b"feed")
        server.redirect("/there", "/here")
        server.redirect("/here", f"{other.address}/feed")
        address = server.address.replace("http://", "http://jo:secret@")

        fetched = await fetcher.fetch(f"{address}/there", max_bytes=MOST)

        assert [request.headers.get("Authorization") for request in server.requests] == ["Basic am86c2VjcmV0"] * 2
        assert "Authorization" not in other.requests[0].headers
        assert "secret" not in fetched.url
