"""Signing in and out."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.web.security import own_path
from handlers.answers.answer import Notice
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

TOKEN = "a-token-of-the-page-0123"


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock(), token=TOKEN) as opened:
        yield opened


async def test_signing_in_sets_a_cookie_that_is_not_the_token(site: Site) -> None:
    async with site.session.post(
        f"{site.url}login", data={"token": TOKEN, "next": "/status"}, allow_redirects=False
    ) as answer:
        cookie = answer.headers["Set-Cookie"]

    assert (answer.status, answer.headers["Location"]) == (303, "/status")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie


async def test_a_signed_in_browser_sees_the_pages_until_it_signs_out(site: Site) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        await browser.post(f"{site.url}login", data={"token": TOKEN})
        async with browser.get(f"{site.url}status", allow_redirects=False) as seen:
            assert seen.status == 200
        await browser.post(f"{site.url}logout")
        async with browser.get(f"{site.url}status", allow_redirects=False) as gone:
            assert gone.status == 401


async def test_signing_out_ends_the_session_in_other_browsers_and_open_streams(site: Site) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post(f"{site.url}login", data={"token": TOKEN})
        copied = {cookie.key: cookie.value for cookie in browser.cookie_jar}
        async with (
            aiohttp.ClientSession(cookies=copied, cookie_jar=aiohttp.CookieJar(unsafe=True)) as thief,
            thief.get(f"{site.url}events?channel={site.channel.id}") as stream,
        ):
            assert stream.status == 200
            await browser.post(f"{site.url}logout")
            await site.messenger.post(site.channel, Notice(text="Later"), key="later")
            received = await asyncio.wait_for(stream.content.read(), 5)
            async with thief.get(f"{site.url}status", allow_redirects=False) as answer:
                assert answer.status == 401

    assert b"Later" not in received


@pytest.mark.parametrize(
    ("path", "redirects_to"),
    [
        ("/status", "/status"),
        ("/channels/1?before=2", "/channels/1?before=2"),
        ("//attacker.example", "/"),
        ("/\\attacker.example", "/"),
        ("https://attacker.example", "/"),
        ("/\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_signing_in_never_redirects_to_another_site(path: str, redirects_to: str) -> None:
    assert own_path(path) == redirects_to
