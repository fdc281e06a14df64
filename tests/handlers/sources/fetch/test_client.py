"""Fetching: what comes back, what is refused, and that nothing inside the host's network can be reached."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from handlers.answers.errors import FetchError
from handlers.sources.fetch.addresses import is_public
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from handlers.sources.fetch.headers import inflate, max_age, retry_after
from tests.support.http_server import Answer, LocalServer, drip, local_server

PATIENT = Limits(delay=timedelta(0))
IMPATIENT = Limits(
    total=timedelta(milliseconds=250),
    connect=timedelta(milliseconds=200),
    read=timedelta(milliseconds=200),
    delay=timedelta(0),
)
MOST = 10_000


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(user_agent="Wirewatch/test", allow_private=True, limits=PATIENT) as opened:
        yield opened


async def test_a_body_comes_back_with_what_the_next_poll_needs(fetcher: Fetcher, server: LocalServer) -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT", "Cache-Control": "max-age=600"}
    url = server.answer("/feed", Answer(body=b"<rss/>", headers={**headers, "Content-Type": "text/xml"}))

    first = await fetcher.fetch(url, max_bytes=MOST)
    again = await fetcher.fetch(url, etag=first.etag, last_modified=first.last_modified, max_bytes=MOST)

    assert (first.status, first.body, first.etag, first.max_age) == (200, b"<rss/>", '"1"', timedelta(minutes=10))
    assert first.content_type == "text/xml"
    assert again.not_modified and again.body == b""
    assert server.asked[1].headers["If-Modified-Since"] == headers["Last-Modified"]
    assert server.asked[0].headers["User-Agent"] == "Wirewatch/test"


async def test_a_compressed_body_is_unpacked(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(body=b"<rss/>" * 100, zipped=True))

    assert (await fetcher.fetch(url, max_bytes=MOST)).body == b"<rss/>" * 100


async def test_a_gzip_bomb_is_refused_before_it_unfolds(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/bomb", Answer(body=b"\0" * 1_000_000, zipped=True))

    with pytest.raises(FetchError, match="larger than"):
        await fetcher.fetch(url, max_bytes=100_000)


async def test_a_body_over_the_limit_is_refused(fetcher: Fetcher, server: LocalServer) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(50):
            await response.write(b"x" * 1000)
        return response

    known = server.answer("/known", b"x" * (MOST + 1))
    unknown = server.answer("/unknown", endless)

    for url in (known, unknown):
        with pytest.raises(FetchError, match="larger than"):
            await fetcher.fetch(url, max_bytes=MOST)


async def test_a_feed_that_drips_for_ever_is_cut_off(server: LocalServer) -> None:
    url = server.answer("/drip", drip)

    async with open_fetcher(user_agent="test", allow_private=True, limits=IMPATIENT) as fetcher:
        with pytest.raises(FetchError, match="did not answer in full"):
            await fetcher.fetch(url, max_bytes=MOST)


async def test_redirects_are_followed_and_a_permanent_move_is_told(fetcher: Fetcher, server: LocalServer) -> None:
    end = server.answer("/new", b"feed")
    moved = server.redirect("/old", "/new", status=301)
    for_now = server.redirect("/now", "/new", status=302)
    mixed = server.redirect("/mixed", "/now", status=308)

    assert (await fetcher.fetch(moved, max_bytes=MOST)).permanent_url == end
    assert (await fetcher.fetch(for_now, max_bytes=MOST)).permanent_url is None
    found = await fetcher.fetch(mixed, max_bytes=MOST)
    assert (found.url, found.permanent_url) == (end, for_now)


async def test_a_redirect_that_goes_round_ends(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.redirect("/round", "/round")

    with pytest.raises(FetchError, match="more than 6 times"):
        await fetcher.fetch(url, max_bytes=MOST)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)"])
async def test_a_redirect_to_what_is_no_web_address_is_refused(
    fetcher: Fetcher, server: LocalServer, target: str
) -> None:
    url = server.redirect("/away", target)

    with pytest.raises(FetchError, match="not a web address"):
        await fetcher.fetch(url, max_bytes=MOST)


async def test_credentials_go_to_their_own_host_alone(fetcher: Fetcher, server: LocalServer) -> None:
    async with local_server() as other:
        other.answer("/feed", b"feed")
        server.redirect("/there", "/here")
        server.redirect("/here", f"{other.address}/feed")
        address = server.address.replace("http://", "http://jo:secret@")

        found = await fetcher.fetch(f"{address}/there", max_bytes=MOST)

        assert [asked.headers.get("Authorization") for asked in server.asked] == ["Basic am86c2VjcmV0"] * 2
        assert "Authorization" not in other.asked[0].headers
        assert "secret" not in found.url


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "asks for a password"),
        (403, "blocks bots"),
        (404, "has nothing there"),
        (410, "gone for good"),
        (500, "a fault on its side"),
        (418, "gave no document"),
    ],
)
async def test_a_refusal_says_what_happened_and_what_to_do(
    fetcher: Fetcher, server: LocalServer, status: int, says: str
) -> None:
    url = server.answer("/feed", Answer(status=status)).replace("http://", "http://jo:secret@") + "?token=secret"

    with pytest.raises(FetchError, match=says) as caught:
        await fetcher.fetch(url, max_bytes=MOST)

    assert caught.value.status == status
    assert "secret" not in str(caught.value)


async def test_a_host_that_asks_us_to_wait_is_left_alone(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(status=429, headers={"Retry-After": "120"}), b"feed")

    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url, max_bytes=MOST)
        assert caught.value.retry_after == pytest.approx(120, abs=2)

    assert len(server.asked) == 1


async def test_one_host_is_asked_at_most_twice_at_a_time(fetcher: Fetcher, server: LocalServer) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response(body=b"feed")

    url = server.answer("/feed", slow)

    await asyncio.gather(*(fetcher.fetch(url, max_bytes=MOST) for _ in range(6)))

    assert server.most_open == 2


async def test_a_server_that_is_down_is_told_plainly(fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        with pytest.raises(FetchError, match="refused the connection"):
            await fetcher.fetch(f"http://127.0.0.1:{port}/feed", max_bytes=MOST)


async def test_a_broken_compression_is_told_plainly(fetcher: Fetcher, server: LocalServer) -> None:
    broken = gzip.compress(b"<rss/>" * 100)[:-12]
    url = server.answer("/feed", Answer(body=broken, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchError, match="could not be unpacked"):
        await fetcher.fetch(url, max_bytes=MOST)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost",
        "10.0.0.8",
        "192.168.1.1",
        "172.16.3.4",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
async def test_the_hosts_own_network_cannot_be_reached(host: str) -> None:
    async with open_fetcher(user_agent="test", limits=PATIENT) as guarded:
        with pytest.raises(FetchError):
            await guarded.fetch(f"http://{host}/latest/meta-data", max_bytes=MOST)


async def test_a_name_that_resolves_inside_is_refused_when_it_connects(server: LocalServer) -> None:
    server.answer("/", b"secret")
    async with open_fetcher(user_agent="test", limits=PATIENT) as guarded:
        with pytest.raises(FetchError, match="inside a private network"):
            await guarded.fetch("http://localhost/", max_bytes=MOST)

    assert server.asked == []


async def test_ports_of_other_services_are_refused() -> None:
    async with open_fetcher(user_agent="test", limits=PATIENT) as guarded:
        with pytest.raises(FetchError, match="port 6379"):
            await guarded.fetch("http://example.org:6379/", max_bytes=MOST)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("198.18.0.1", False),
        ("255.255.255.255", False),
        ("64:ff9b::808:808", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("no address", False),
    ],
)
def test_what_counts_as_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("99999999999999", None),
        ("9999999999", 30 * 86400),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: int | None) -> None:
    found = retry_after(value, now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

    assert found == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("cache", "age", "seconds"),
    [
        ("max-age=600", None, 600),
        ("public, max-age=600", "100", 500),
        ("max-age=60", "600", 0),
        ("no-cache, max-age=600", None, None),
        ("s-maxage=600", None, None),
        (None, None, None),
    ],
)
def test_max_age_is_what_is_left_of_it(cache: str | None, age: str | None, seconds: int | None) -> None:
    assert max_age(cache, age) == (None if seconds is None else timedelta(seconds=seconds))


def test_every_way_of_compressing_is_read() -> None:
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(b"one") + gzip.compress(b" two") + b"\0\0",
        "deflate": zlib.compress(b"one two"),
        "Deflate": raw.compress(b"one two") + raw.flush(),
        "x-gzip": b"one two",
        "": b"one two",
    }

    for encoding, body in bodies.items():
        assert inflate(body, encoding, 100) == b"one two", encoding
    with pytest.raises(ValueError, match="not asked for"):
        inflate(b"x", "br", 100)
