"""Bodies that are too large, or whose next part does not come."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

STALL = timedelta(milliseconds=100)


@pytest.fixture
async def patient_site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock(), stall=STALL) as opened:
        yield opened


async def connect(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(site.url.rsplit(":", 1)[1].rstrip("/")))


async def answer_to(site: Site, request: bytes) -> bytes:
    """Send the beginning of a request, and return what the server sends until it closes the connection."""
    reader, writer = await connect(site)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("path", "kind", "size", "expected"),
    [
        ("api/documents", "application/json", 2_000_001, 413),
        ("api/documents", "text/plain", 20_000_001, 413),
        ("login", "application/x-www-form-urlencoded", 64_001, 413),
    ],
)
async def test_a_body_that_is_too_large_is_refused_by_its_declared_size(
    site: Site, path: str, kind: str, size: int, expected: int
) -> None:
    reader, writer = await connect(site)
    head = f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    writer.write(head.encode())

    first = await asyncio.wait_for(reader.readline(), 20)

    writer.close()
    assert first.decode().split()[1] == str(expected)


async def test_a_body_without_a_declared_size_is_refused_once_it_is_too_large(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 500_000

    try:
        headers = {"Content-Type": "text/plain"}
        async with site.session.post(f"{site.url}api/documents", data=endless(), headers=headers) as answer:
            answered = answer.status
    except aiohttp.ClientError:
        answered = 413  # the server closed the connection while we were still sending

    assert answered == 413
    async with site.store.read() as tx:
        assert (await tx.ledger.totals()).arrivals == 0


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("api/documents", "application/json"),
        ("api/documents", "text/plain"),
        ("login", "application/x-www-form-urlencoded"),
        ("channels/1/say", "application/x-www-form-urlencoded"),
        ("channels/1/files", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_body_that_stalls_is_refused_and_the_connection_closed(
    patient_site: Site, path: str, kind: str
) -> None:
    head = f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 50\r\n\r\n"

    answer = await answer_to(patient_site, head.encode() + b"--x")

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"did not arrive in time" in answer


async def test_a_body_that_comes_byte_by_byte_is_cut_off(patient_site: Site) -> None:
    reader, writer = await connect(patient_site)
    writer.write(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n")
    writer.write(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
    answered = asyncio.ensure_future(reader.read())

    for _ in range(1_000):
        if answered.done():
            break
        writer.write(b"t")
        await asyncio.sleep(0.01)

    (answer,) = await asyncio.gather(answered, return_exceptions=True)
    # A connection that is reset loses the answer.
    is_refused = isinstance(answer, bytes) and answer.startswith(b"HTTP/1.1 408")
    assert is_refused or isinstance(answer, ConnectionError)
    writer.close()
