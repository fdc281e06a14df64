"""What the server refuses: other hosts and origins, and requests without a token."""

from collections.abc import AsyncIterator

import pytest

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


async def test_every_response_has_the_security_headers(site: Site) -> None:
    for path in ("status", "healthz", "nothing", "static/console.js", "api/messages"):
        async with site.session.get(site.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
