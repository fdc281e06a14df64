"""A feed that did not change is not sent again: validators go back to the server as it sent them."""

import pytest
from aiohttp import web

from handlers.answers.errors import FetchError
from handlers.sources.fetch.client import Fetcher
from handlers.sources.fetch.conditional import (
    CONDITIONAL,
    condition,
    is_not_modified,
    validators,
    validators_to_send,
    validators_to_store,
)
from tests.support.http_server import Answer, LocalServer

MOST = 10_000
DATE = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("etag", "last_modified", "headers"),
    [
        (None, None, {}),
        ("", "", {}),
        ('"1"', None, {"If-None-Match": '"1"'}),
        ('W/"1"', None, {"If-None-Match": 'W/"1"'}),
        (None, DATE, {"If-Modified-Since": DATE}),
        ('"1"', DATE, {"If-None-Match": '"1"', "If-Modified-Since": DATE}),
    ],
)
def test_a_request_sends_the_validators_of_the_last_response(
    etag: str | None, last_modified: str | None, headers: dict[str, str]
) -> None:
    assert condition(etag, last_modified) == headers


@pytest.mark.parametrize(
    ("status", "sent", "unchanged"),
    [
        (304, {"If-None-Match": '"1"'}, True),
        (304, {}, False),
        (200, {"If-None-Match": '"1"'}, False),
        (412, {"If-None-Match": '"1"'}, False),
    ],
)
def test_only_a_304_to_a_conditional_request_means_unchanged(
    status: int, sent: dict[str, str], unchanged: bool
) -> None:
    assert is_not_modified(status, sent) is unchanged


def test_validators_are_none_where_a_response_has_none() -> None:
    assert validators({"ETag": '"1"'}) == ('"1"', None)
    assert validators({"Last-Modified": DATE}) == (None, DATE)


def test_now_and_then_a_poll_asks_for_the_whole_feed() -> None:
    stored = {"etag": '"1"', "last_modified": DATE}

    assert validators_to_send('"1"', DATE, chance=CONDITIONAL) == stored
    assert validators_to_send('"1"', DATE, chance=CONDITIONAL + 0.01) == {}


def test_a_304_replaces_only_the_validators_that_it_repeats() -> None:
    assert validators_to_store('"2"', None, not_modified=True) == {"etag": '"2"'}
    assert validators_to_store('"2"', None, not_modified=False) == {"etag": '"2"', "last_modified": None}


async def test_an_unchanged_feed_has_no_body_and_keeps_its_validators(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(body=b"<rss/>", headers={"ETag": '"1"', "Last-Modified": DATE}))

    first = await fetcher.fetch(url, max_bytes=MOST)
    again = await fetcher.fetch(url, etag=first.etag, last_modified=first.last_modified, max_bytes=MOST)

    assert not first.not_modified and (first.etag, first.last_modified) == ('"1"', DATE)
    assert again.not_modified and again.body == b""
    assert server.requests[1].headers["If-None-Match"] == '"1"'
    assert server.requests[1].headers["If-Modified-Since"] == DATE


async def test_a_304_that_nobody_asked_for_is_an_error(fetcher: Fetcher, server: LocalServer) -> None:
    async def unchanged(request: web.Request) -> web.StreamResponse:
        return web.Response(status=304)

    with pytest.raises(FetchError):
        await fetcher.fetch(server.answer("/feed", unchanged), max_bytes=MOST)
