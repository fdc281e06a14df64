"""A page that checks for bots is recognized, and is not confused with a document, or with a page about such checks."""

import gzip

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.fetch.bot_walls import is_bot_wall
from handlers.sources.fetch.client import Fetcher
from tests.support.http_server import Answer, LocalServer

CLOUDFLARE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><div id='challenge-running'></div>"
    b"<script src='/cdn-cgi/challenge-platform/x.js'></script></body></html>"
)
INCAPSULA = b'<html style="height:100%"><head><script src="/_Incapsula_Resource?SWJIYLWA=719d34d3"></script>'
DATADOME = b"<html><head><title>news.example</title></head><body><script src='https://geo.captcha-delivery.com/c.js'>"
BEHIND_CLOUDFLARE = (
    b"<!DOCTYPE html><html><head><title>The Daily</title></head><body><p>News.</p>"
    b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></body></html>"
)
FEED = b"<rss version='2.0'><channel><title>Just a moment...</title><item><title>Robot check</title></item></channel>"


@pytest.mark.parametrize(
    ("body", "is_wall"),
    [(CLOUDFLARE, True), (INCAPSULA, True), (DATADOME, True), (BEHIND_CLOUDFLARE, False), (FEED, False), (b"", False)],
    ids=["Cloudflare", "Incapsula", "DataDome", "a page behind Cloudflare", "a feed", "nothing"],
)
def test_a_check_for_bots_is_recognized(body: bytes, is_wall: bool) -> None:
    assert is_bot_wall({}, body) is is_wall
    assert is_bot_wall({"cf-mitigated": "challenge"}, body)


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_a_site_that_checks_for_bots_is_named_as_such(
    fetcher: Fetcher, server: LocalServer, status: int, encoding: str
) -> None:
    body = gzip.compress(CLOUDFLARE) if encoding else CLOUDFLARE
    headers = {"Content-Type": "text/html", "Retry-After": "600", "Content-Encoding": encoding or "identity"}
    url = server.answer("/feed", Answer(body=body, status=status, headers=headers))

    with pytest.raises(FetchError, match="the site blocks bots") as caught:
        await fetcher.fetch(url, max_bytes=100_000)

    assert caught.value.status == status


async def test_the_error_of_a_server_whose_page_cannot_be_read_is_still_reported(
    fetcher: Fetcher, server: LocalServer
) -> None:
    headers = {"Content-Encoding": "br"}
    url = server.answer("/feed", Answer(body=b"x" * 200_000, status=503, headers=headers))

    with pytest.raises(FetchError, match="answered 503"):
        await fetcher.fetch(url, max_bytes=100_000)
