"""The web pages and the API, over real HTTP, with an attacker's input."""

import re
from collections.abc import AsyncIterator

import aiohttp
import lxml.html
import pytest
from yarl import URL

from bot.console.timeline import START, read_cursor
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.hostile import PAYLOADS
from tests.support.web_server import Site, open_site

_PAYLOADS = [text for text in PAYLOADS if text.strip() and len(text) < 1_000 and "\ud800" not in text]
_NO_HEADER = re.compile(r"[\x00-\x1f]")
"""Characters that the HTTP client refuses to send."""
_TEXT = "The agreement was signed in Moscow on Wednesday between MTS and Huawei and covers pilot networks in 2027."


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock()) as site:
        yield site


def _foreign_parts(html: str) -> list[str]:
    """Return what no page may contain: scripts other than our own, event handlers, frames and unsafe addresses."""
    found = []
    for element in lxml.html.document_fromstring(html.replace("\x00", "")).iter():
        tag = str(element.tag)
        if tag in ("img", "iframe", "object", "base", "style") or (tag == "script" and element.text):
            found.append(tag)
        for name, value in [(str(key), str(content)) for key, content in element.attrib.items()]:
            if name.startswith("on") or name == "style":
                found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and not re.match(
                r"https?://|#|/|data:application/octet-stream", value
            ):
                found.append(f"{tag} {name}={value}")
            if name == "src" and not value.startswith("/static/"):
                found.append(f"{tag} {name}={value}")
            if name == "action" and not re.match(r"/(?!/)", value):
                found.append(f"{tag} {name}={value}")
    return found


async def test_a_hostile_article_is_plain_text_on_every_page(site: Site) -> None:
    for place, payload in enumerate(_PAYLOADS):
        document = {
            "title": f"Huawei {place} {payload}"[:1000],
            "text": f"{_TEXT}\n\nHuawei said: {payload} and more words of it {place}.",
            "source": payload[:200],
            "url": f"https://news.example/{place}?x=%22%3E<script>alert(1)</script>|'\"",
        }
        async with site.session.post(f"{site.url}api/documents", json=document) as answer:
            assert answer.status == 202, await answer.text()
    await site.deliver_all()

    for path in (f"channels/{site.channel.id}", "status"):
        async with site.session.get(site.url + path) as answer:
            assert _foreign_parts(await answer.text()) == []


@pytest.mark.parametrize("path", ["say", "press", "files", "complete", "login"])
async def test_what_is_typed_clicked_or_dropped_comes_back_as_text(site: Site, path: str) -> None:
    for payload in _PAYLOADS:
        place = site.channel_url(f"/{path}")
        match path:
            case "say":
                asking = site.session.post(place, data={"words": f"/topics add {payload} = {payload}", "zone": payload})
            case "press":
                asking = site.session.post(place, data={"action": payload, "zone": payload})
            case "files":
                form = aiohttp.FormData()
                form.add_field(
                    "file", f"{payload}\n\n{_TEXT}".encode(), filename=f"../../{_NO_HEADER.sub('', payload)}.txt"
                )
                asking = site.session.post(place, data=form)
            case "complete":
                asking = site.session.get(place, params={"line": f"/brief {payload}", "zone": payload})
            case _:
                asking = site.session.get(f"{site.url}login", params={"next": payload})
        async with asking as answer:
            assert answer.status < 500
            if "html" in answer.headers.get("Content-Type", ""):
                assert _foreign_parts(await answer.text()) == []


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP"])
async def test_a_request_through_a_proxy_is_refused_if_no_token_is_set(site: Site, header: str) -> None:
    """A proxy may forward requests from anywhere on the internet."""
    async with site.session.get(f"{site.url}status", headers={header: "127.0.0.1"}) as answer:
        assert answer.status == 421


async def test_an_origin_that_is_not_an_address_counts_as_another_site(site: Site) -> None:
    headers = {"Origin": "http://["}
    async with site.session.post(site.channel_url("/say"), data={"words": "/news"}, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "path",
    [
        "channels/99999999999999999999999",
        "channels/2147483648",
        "channels/-1",
        "channels/1?before=99999999999999999999",
        "channels/1/complete?line=%00%ED%A0%80",
        "events?channel=99999999999999999999",
        "api/messages?limit=99999999999999999999",
        "api/messages?channel=%00",
        "static/..%2f..%2fapp.py",
        "static/%2e%2e/app.py",
        "static//etc/passwd",
        "static/%00",
        "login?next=//evil.example",
    ],
)
async def test_malformed_addresses_are_refused_without_a_server_error(site: Site, path: str) -> None:
    address = URL(site.url + path, encoded=True)
    async with site.session.get(address, allow_redirects=False) as answer:
        assert answer.status < 500
        assert "import" not in await answer.text()
        assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("cursor", ["nan", "inf", "-inf", "-62135596800", "1e400", "99999999999999", "", "x", "-1"])
def test_a_cursor_from_a_browser_is_never_before_the_first_possible_time(cursor: str) -> None:
    assert read_cursor(cursor) >= START


async def test_every_response_has_the_security_headers(site: Site) -> None:
    for method, path in (
        ("GET", "status"),
        ("GET", "nowhere"),
        ("GET", "healthz"),
        ("DELETE", "status"),
        ("GET", "static/no"),
    ):
        async with site.session.request(method, site.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
