"""Errors of failed fetches: what happened, what to do, and no secrets."""

import gzip
import socket
from datetime import timedelta

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.fetch import errors as fetch_errors
from handlers.sources.fetch.client import Fetcher
from tests.support.http_server import Answer, LocalServer


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (304, "never sent this document"),
        (401, "a password is required"),
        (403, "blocks bots"),
        (404, "nothing at this address"),
        (410, "removed permanently"),
        (500, "an internal error"),
        (418, "sent no document"),
    ],
)
async def test_an_error_status_says_what_happened_and_what_to_do(
    fetcher: Fetcher, server: LocalServer, status: int, says: str
) -> None:
    url = server.answer("/feed", Answer(status=status)).replace("http://", "http://jo:secret@") + "?token=secret"

    with pytest.raises(FetchError, match=says) as caught:
        await fetcher.fetch(url, max_bytes=10_000)

    assert caught.value.status == status
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_down_refuses_the_connection(fetcher: Fetcher) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        with pytest.raises(FetchError, match="refused the connection"):
            await fetcher.fetch(f"http://127.0.0.1:{port}/feed", max_bytes=10_000)


async def test_a_damaged_compressed_body_says_so(fetcher: Fetcher, server: LocalServer) -> None:
    damaged = gzip.compress(b"<rss/>" * 100)[:-12]
    url = server.answer("/feed", Answer(body=damaged, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(FetchError, match="could not be decompressed"):
        await fetcher.fetch(url, max_bytes=10_000)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/feed?token=secret", "example.com/feed"),
        ("https://jo:secret@example.com:8080/", "example.com:8080"),
        ("https://example.com/" + "a" * 100, "example.com/" + "a" * 76 + "..."),
        ("https://[::1", "that address"),
    ],
)
def test_an_address_is_shown_without_secrets_and_not_too_long(url: str, shown: str) -> None:
    assert fetch_errors.shown(url) == shown


@pytest.mark.parametrize(
    ("wait", "says"),
    [
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=5), "5 h"),
    ],
)
def test_a_wait_is_named_in_a_unit_that_fits(wait: timedelta, says: str) -> None:
    assert str(fetch_errors.rate_limited("https://example.com/feed", wait)) == (
        f"example.com asked the bot to wait. The next attempt is in {says}."
    )
