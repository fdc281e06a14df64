"""What each token opens, and that wrong tokens slow only the address that sends them."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.web.access import Limiter
from bot.web.proxies import Proxies
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

PAGE = "a-token-of-the-page-0123"
DOCUMENTS = "a-token-of-the-api-01234"
READING = "a-token-that-reads-01234"
DOCUMENT = {"title": "Huawei opens a plant", "text": "It is in Lyon."}
REQUESTS = {
    "post a document": ("POST", "api/documents"),
    "read messages": ("GET", "api/messages"),
    "read channels": ("GET", "api/channels"),
    "read metrics": ("GET", "metrics"),
    "read the description": ("GET", "openapi.json"),
    "open a page": ("GET", "status"),
    "run a command": ("POST", "channels/1/say"),
    "sign out": ("POST", "logout"),
}
READS = {"read messages", "read channels", "read metrics", "read the description"}


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    """A site with all tokens, behind a proxy on this machine."""
    async with open_site(
        sqlite_store,
        FakeClock(),
        token=PAGE,
        api_token=DOCUMENTS,
        read_token=READING,
        proxies=Proxies(["127.0.0.1"]),
    ) as opened:
        yield opened


def bearer(token: str, address: str = "") -> dict[str, str]:
    """Return the headers of a request with this token; `address`: of the client behind the proxy."""
    return {"Authorization": f"Bearer {token}"} | ({"X-Forwarded-For": address} if address else {})


async def send(site: Site, what: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
    method, path = REQUESTS[what]
    bodies: dict[str, dict[str, Any]] = {
        "post a document": {"json": DOCUMENT},
        "run a command": {"data": {"words": "/news"}},
    }
    sent: dict[str, Any] = {"headers": headers, "allow_redirects": False} | bodies.get(what, {})
    async with site.session.request(method, site.url + path, **sent) as answer:
        await answer.read()
        return answer


@pytest.mark.parametrize("what", REQUESTS)
@pytest.mark.parametrize(
    ("token", "opens"),
    [(PAGE, set(REQUESTS)), (DOCUMENTS, {"post a document"}), (READING, READS), ("unknown", set()), ("", set())],
    ids=["page", "documents", "reading", "unknown", "none"],
)
async def test_a_token_opens_what_it_is_for_and_nothing_else(
    site: Site, token: str, opens: set[str], what: str
) -> None:
    answer = await send(site, what, bearer(token) if token else {})

    refused = 403 if token in (DOCUMENTS, READING) else 401
    assert (answer.status < 400) if what in opens else (answer.status == refused), answer.status


async def test_the_answer_to_a_token_for_something_else_says_what_it_opens(site: Site) -> None:
    async with site.session.get(f"{site.url}metrics", headers=bearer(DOCUMENTS)) as answer:
        assert "WIREWATCH_READ_TOKEN reads messages and metrics" in await answer.text()


@pytest.mark.parametrize("what", ["post a document", *sorted(READS)])
@pytest.mark.parametrize(
    ("tokens", "needs_one"),
    [
        ({}, set()),
        ({"api_token": DOCUMENTS}, {"post a document"}),
        ({"read_token": READING}, READS),
        ({"token": PAGE}, {"post a document", *READS}),
    ],
    ids=["no token", "documents", "reading", "page"],
)
async def test_a_token_that_is_set_is_required(
    sqlite_store: Store, tokens: dict[str, str], needs_one: set[str], what: str
) -> None:
    async with open_site(sqlite_store, FakeClock(), **tokens) as opened:
        assert ((await send(opened, what, {})).status == 401) is (what in needs_one)


async def test_wrong_tokens_slow_only_their_sender_and_never_the_right_token(site: Site) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post(f"{site.url}login", data={"token": PAGE})
        guesses = [
            await send(site, "read messages", bearer(f"guess {number}")) for number in range(Limiter.ALLOWED + 1)
        ]

        assert [answer.status for answer in guesses] == [401] * Limiter.ALLOWED + [429]
        assert 0 < int(guesses[-1].headers["Retry-After"]) <= 301
        for token, what in ((PAGE, "open a page"), (READING, "read messages"), (DOCUMENTS, "post a document")):
            assert (await send(site, what, bearer(token))).status < 400
        async with browser.get(f"{site.url}status", allow_redirects=False) as answer:
            assert answer.status == 200
        async with site.session.post(f"{site.url}login", data={"token": PAGE}, allow_redirects=False) as answer:
            assert answer.status == 303
    assert (await send(site, "open a page", bearer("guess", "192.0.2.9"))).status == 401


async def test_the_form_slows_who_guesses(site: Site) -> None:
    statuses = []
    for _ in range(Limiter.ALLOWED + 1):
        async with site.session.post(f"{site.url}login", data={"token": "guess"}) as answer:
            statuses.append(answer.status)

    assert statuses == [401] * Limiter.ALLOWED + [429]


async def test_a_token_for_something_else_is_no_guess(site: Site) -> None:
    answers = [await send(site, "open a page", bearer(DOCUMENTS)) for _ in range(Limiter.ALLOWED + 2)]

    assert {answer.status for answer in answers} == {403}


def test_an_address_may_try_again_after_five_minutes() -> None:
    seconds = [0.0]
    limiter = Limiter(lambda: seconds[0])

    assert [limiter.failed("192.0.2.1") for _ in range(Limiter.ALLOWED)] == [0] * Limiter.ALLOWED
    assert limiter.failed("192.0.2.1") == Limiter.WINDOW.total_seconds() + 1
    assert limiter.failed("192.0.2.2") == 0
    seconds[0] = Limiter.WINDOW.total_seconds()
    assert limiter.failed("192.0.2.1") == 0


def test_the_addresses_of_an_ipv6_network_count_as_one() -> None:
    limiter = Limiter(lambda: 0.0)
    waits = [limiter.failed(f"2001:db8:1:2::{number:x}") for number in range(Limiter.ALLOWED + 1)]

    assert waits[-1] > 0
    assert limiter.failed("2001:db8:1:3::1") == 0
