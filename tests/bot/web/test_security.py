"""What the server refuses: other hosts and origins, wrong tokens, and bodies that are too large."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.web.security import SESSION, Access, Limiter
from storage.store import Store
from tests.bot.web.conftest import BROWSER
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

TOKEN = "a-token-of-the-page-0123"
API_TOKEN = "a-token-of-the-api-01234"


@pytest.fixture
async def closed_site(sqlite_store: Store) -> AsyncIterator[Site]:
    """A site with both tokens set."""
    async with open_site(sqlite_store, FakeClock(), token=TOKEN, api_token=API_TOKEN) as opened:
        yield opened


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def status(site: Site, method: str, path: str, **options: object) -> int:
    async with site.session.request(method, site.url + path, allow_redirects=False, **options) as answer:  # type: ignore[arg-type]
        return answer.status


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("127.0.0.1:8080", True),
        ("localhost", True),
        ("[::1]:8080", True),
        ("LOCALHOST:1", True),
        ("attacker.example", False),
        ("127.0.0.1.attacker.example", False),
        ("localhost@attacker.example", False),
        ("[", False),
    ],
)
async def test_without_a_token_only_a_loopback_name_is_answered(site: Site, host: str, answered: bool) -> None:
    assert await status(site, "GET", "status", headers={"Host": host}) == (200 if answered else 421)


@pytest.mark.parametrize(
    ("headers", "done"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://attacker.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
async def test_another_site_cannot_change_anything(site: Site, headers: dict[str, str], done: bool) -> None:
    for path, data in (
        (f"channels/{site.channel.id}/click", {"action": "mute:story:1"}),
        (f"channels/{site.channel.id}/say", {"words": "/news"}),
    ):
        answered = await status(site, "POST", path, data=data, headers=headers)
        assert (answered == 403) is not done


async def test_the_sites_own_pages_may_change_things(site: Site) -> None:
    own = {"Origin": site.url.rstrip("/")}

    assert await status(site, "POST", f"channels/{site.channel.id}/say", data={"words": "/news"}, headers=own) == 200


@pytest.mark.parametrize(
    "path",
    ["", "status", "channels/1", "events?channel=1", "api/messages", "metrics", "openapi.json", "channels/1/complete"],
)
async def test_with_a_token_nothing_is_shown_without_it(closed_site: Site, path: str) -> None:
    assert await status(closed_site, "GET", path) == 401
    assert await status(closed_site, "GET", path, headers=bearer("wrong")) == 401
    assert await status(closed_site, "GET", path, headers=BROWSER) == 303


@pytest.mark.parametrize("path", ["healthz", "readyz", "login", "static/console.css"])
async def test_health_checks_and_the_login_page_need_no_token(closed_site: Site, path: str) -> None:
    assert await status(closed_site, "GET", path) == 200


@pytest.mark.parametrize("path", ["status", "api/messages", "metrics", "openapi.json"])
async def test_a_program_may_send_the_page_token(closed_site: Site, path: str) -> None:
    assert await status(closed_site, "GET", path, headers=bearer(TOKEN)) == 200


@pytest.mark.parametrize(("path", "expected"), [("api/messages", 200), ("metrics", 200), ("status", 401)])
async def test_the_api_token_opens_the_api_and_not_the_pages(closed_site: Site, path: str, expected: int) -> None:
    assert await status(closed_site, "GET", path, headers=bearer(API_TOKEN)) == expected


async def test_after_too_many_wrong_tokens_even_the_right_one_is_refused(closed_site: Site) -> None:
    answers = [await status(closed_site, "POST", "login", data={"token": "guess"}) for _ in range(Limiter.ALLOWED)]

    assert set(answers) == {401}
    assert await status(closed_site, "POST", "login", data={"token": TOKEN}) == 429
    assert await status(closed_site, "GET", "api/messages", headers=bearer(TOKEN)) == 429


def test_an_address_may_try_again_after_five_minutes() -> None:
    seconds = [0.0]
    limiter = Limiter(lambda: seconds[0])
    for _ in range(Limiter.ALLOWED):
        limiter.failed("192.0.2.1")

    assert limiter.wait("192.0.2.1") == Limiter.WINDOW.total_seconds() + 1
    assert limiter.wait("192.0.2.2") == 0
    seconds[0] = Limiter.WINDOW.total_seconds()
    assert limiter.wait("192.0.2.1") == 0


def test_a_session_ends_after_a_month_and_with_another_token() -> None:
    clock = FakeClock()
    access = Access(token=TOKEN, api_token=None, clock=clock)
    session = access.new_session()

    assert access.is_valid_session(session)
    assert not Access(token="another-token-of-the-page", api_token=None, clock=clock).is_valid_session(session)
    clock.advance(SESSION + timedelta(seconds=1))
    assert not access.is_valid_session(session)


@pytest.mark.parametrize("value", ["", ".", "0.", "x.y", "99999999999999999999.aa", "1700000000.é", "²." + "0" * 64])
def test_a_forged_session_cookie_is_refused(value: str) -> None:
    assert not Access(token=TOKEN, api_token=None, clock=FakeClock()).is_valid_session(value)


async def test_every_response_has_the_security_headers(site: Site) -> None:
    for path in ("status", "healthz", "nothing", "static/console.js", "api/messages"):
        async with site.session.get(site.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "kind", "size", "expected"),
    [
        ("api/documents", "application/json", 2_000_001, 413),
        ("api/documents", "text/plain", 20_000_001, 413),
        ("login", "application/x-www-form-urlencoded", 64_001, 413),
    ],
)
async def test_a_body_that_is_too_large_is_refused_by_its_declared_size(
    site: Site, path: str, kind: str, size: int, expected: int
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rsplit(":", 1)[1].rstrip("/")))
    head = f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    writer.write(head.encode())

    first = await asyncio.wait_for(reader.readline(), 20)

    writer.close()
    assert first.decode().split()[1] == str(expected)


async def test_a_body_without_a_declared_size_is_refused_once_it_is_too_large(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 500_000

    try:
        answered = await status(site, "POST", "api/documents", data=endless(), headers={"Content-Type": "text/plain"})
    except aiohttp.ClientError:
        answered = 413  # the server closed the connection while we were still sending

    assert answered == 413
    async with site.store.read() as tx:
        assert (await tx.ledger.totals()).arrivals == 0
