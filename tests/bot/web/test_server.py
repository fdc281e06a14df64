"""Connections that stall outside of a request's handling are closed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from bot.web.server import serve
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock(), stall=timedelta(milliseconds=100)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (b"", 0),
        (b"G", 0),
        (HEAD, 0),
        (HEAD + b"X-Long: " + b"x" * 500, 0),
        (HEAD + b"\r\n" + HEAD, 1),
        (HEAD + b"Content-Length: 10\r\n\r\nshort", 1),
    ],
    ids=["nothing", "a letter", "half a head", "half a header", "half of a second head", "half of an unread body"],
)
async def test_a_connection_whose_request_stalls_is_closed(site: Site, sent: bytes, answers: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rsplit(":", 1)[1].rstrip("/")))
    writer.write(sent)

    received = await asyncio.wait_for(reader.read(), 20)

    assert received.count(b"HTTP/1.1 200") == answers
    writer.close()


async def test_a_head_that_comes_byte_by_byte_is_cut_off(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rsplit(":", 1)[1].rstrip("/")))
    writer.write(HEAD + b"X-Long: ")
    received = asyncio.ensure_future(reader.read())

    for _ in range(1_000):
        if received.done():
            break
        writer.write(b"x")
        await asyncio.sleep(0.01)

    (answer,) = await asyncio.gather(received, return_exceptions=True)
    assert isinstance(answer, ConnectionError) or answer == b""
    writer.close()


async def test_a_browser_that_keeps_its_connection_is_not_cut_off_between_requests(site: Site) -> None:
    for _ in range(3):
        async with site.session.get(f"{site.url}healthz") as answer:
            assert answer.status == 200
        await asyncio.sleep(0.06)


async def test_the_server_ends_as_soon_as_the_bot_is_asked_to_stop() -> None:
    stop = asyncio.Event()
    async with serve(FastAPI(), host="127.0.0.1", port=0, stop=stop) as (_, task):
        stop.set()

        await asyncio.wait_for(task, 20)
