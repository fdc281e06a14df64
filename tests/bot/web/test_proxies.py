"""Headers of proxies count only if the request comes from a proxy that the setting names."""

import logging

import pytest
from starlette.types import Scope

from bot.web.proxies import Proxies
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import open_site

PROXIES = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]
TOKEN = "a-token-of-the-page-0123"


def request(peer: str, headers: dict[str, str]) -> Scope:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (peer, 5000), "scheme": "http", "headers": pairs}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.4", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.4", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.4", "[2a00:1::7]:4711", "2a00:1::7"),
        ("10.0.0.4", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.4", "6.6.6.6, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        ("10.0.0.4", "10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("::ffff:10.0.0.4", "198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.4", "", "10.0.0.4"),
        ("10.0.0.4", " , ", "10.0.0.4"),
        ("192.168.0.4", "198.51.100.7", "192.168.0.4"),
        ("not an address", "198.51.100.7", "not an address"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_named_proxy(peer: str, forwarded: str, client: str) -> None:
    scope = request(peer, {"X-Forwarded-For": forwarded})

    Proxies(PROXIES).apply(scope)

    assert scope["client"][0] == client


@pytest.mark.parametrize(
    ("peer", "scheme", "expected"),
    [
        ("10.0.0.4", "https", "https"),
        ("10.0.0.4", "HTTPS", "https"),
        ("10.0.0.4", "https, http", "https"),
        ("10.0.0.4", "http", "http"),
        ("10.0.0.4", "gopher", "http"),
        ("192.168.0.4", "https", "http"),
    ],
)
def test_https_counts_if_a_named_proxy_says_so(peer: str, scheme: str, expected: str) -> None:
    scope = request(peer, {"X-Forwarded-Proto": scheme})

    Proxies(PROXIES).apply(scope)

    assert scope["scheme"] == expected


def test_a_proxy_that_is_not_named_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    proxies = Proxies()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            proxies.apply(request("172.17.0.1", {"X-Forwarded-For": "198.51.100.7"}))

    assert [record.getMessage() for record in caplog.records] == [
        "A request came through a proxy at 172.17.0.1, which WIREWATCH_PROXIES does not name: its headers are ignored"
    ]


@pytest.mark.parametrize(("named", "is_secure"), [(["127.0.0.1"], True), ([], False)])
async def test_behind_a_named_proxy_the_cookie_is_sent_over_https_alone(
    sqlite_store: Store, named: list[str], is_secure: bool
) -> None:
    async with (
        open_site(sqlite_store, FakeClock(), token=TOKEN, proxies=Proxies(named)) as site,
        site.session.post(
            f"{site.url}login",
            data={"token": TOKEN},
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"},
            allow_redirects=False,
        ) as answer,
    ):
        assert ("; Secure" in answer.headers["Set-Cookie"]) is is_secure
