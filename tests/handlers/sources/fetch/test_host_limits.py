"""Limits per host: concurrent requests, and hosts that ask to wait."""

import asyncio

import pytest
from aiohttp import web

from handlers.answers.errors import FetchError
from handlers.sources.fetch.client import Fetcher
from tests.support.http_server import Answer, LocalServer


async def test_a_host_that_asks_to_wait_gets_no_request_until_then(fetcher: Fetcher, server: LocalServer) -> None:
    url = server.answer("/feed", Answer(status=429, headers={"Retry-After": "120"}), b"feed")

    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url, max_bytes=10_000)
        assert caught.value.retry_after == pytest.approx(120, abs=2)

    assert len(server.requests) == 1


async def test_a_host_gets_at_most_two_requests_at_a_time(fetcher: Fetcher, server: LocalServer) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response(body=b"feed")

    url = server.answer("/feed", slow)

    await asyncio.gather(*(fetcher.fetch(url, max_bytes=10_000) for _ in range(6)))

    assert server.most_concurrent == 2
