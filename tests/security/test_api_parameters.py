"""Whatever a program sends to the API, the answer says in words what is wrong, and is no server error."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.web.documents import DocumentIn
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.hostile import PAYLOADS
from tests.support.web_server import Site, open_site

TIMES = (
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59Z",
    "1899-12-31T23:59:59Z",
    "2101-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-23T25:00:00Z",
    "2026-11-23T10:00:60Z",
    "2026-11-23T10:00:00+99:99",
    "-0001-01-01T00:00:00Z",
    "20000-01-01T00:00:00Z",
    "2026-11-23",
    "now",
)
NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, -1e308, 0.5, 9_999_999_999_999)
OTHER: tuple[object, ...] = (None, True, [], {}, [[]] * 3, {"a": {"b": []}})
TEXTS = (
    *PAYLOADS,
    *TIMES,
    *map(str, NUMBERS),
    "nan",
    "inf",
    "-inf",
    "1e400",
    "null",
    "٣",
    "https://[::1",
    "http://a:99999/",
)
RAW_BODIES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b'"text"',
    b"1e999",
    b"[" * 50_000,
    b'{"title": "' + b"\xed\xa0\x80" + b'"}',
    b'{"title": "\\ud800"}',
    b'{"title": "x", "title": "y"}',
    b'{"title": NaN}',
    b'{"title": "x"}{"title": "y"}',
)
TYPES = (
    "text/plain; charset=",
    "application/json; charset=\xa0",
    "text/plain; charset=idna",
    "text/html; charset=hex",
    "a/b/c",
    ";",
)


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    async with open_site(sqlite_store, FakeClock()) as site:
        yield site


async def check(answer: aiohttp.ClientResponse) -> int:
    """Check that the answer explains a refusal in words; return its status."""
    text = await answer.text()
    assert answer.status < 500, text
    if answer.status >= 400:
        detail = json.loads(text)["detail"]
        assert isinstance(detail, str)
        assert len(detail) > 10
    return answer.status


async def parameters(site: Site) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (method, path, parameter) of every parameter in the API's description."""
    async with site.session.get(f"{site.url}openapi.json") as answer:
        described = await answer.json()
    return [
        (method, path, parameter)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", ())
    ]


async def test_every_parameter_of_the_api_takes_anything(site: Site) -> None:
    found = await parameters(site)
    assert {(path, parameter["name"]) for _, path, parameter in found} == {
        ("/api/documents", "name"),
        ("/api/documents", "url"),
        ("/api/messages", "channel"),
        ("/api/messages", "limit"),
    }

    for number, (method, path, parameter) in enumerate(found):
        for place, text in enumerate(TEXTS):
            address = URL(site.url + path.lstrip("/")).with_query(
                {parameter["name"]: text.encode("utf-8", "replace").decode()[:4_000]}
            )
            body = f"Huawei opens plant {number} {place}\n\nIt is in Lyon.".encode() if method == "post" else None
            headers = {"Content-Type": "text/plain"} if body else {}
            async with site.session.request(method, address, data=body, headers=headers) as answer:
                await check(answer)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (field, document): each field of a document with each hostile value."""
    for field in DocumentIn.model_fields:
        for place, value in enumerate((*TEXTS, *NUMBERS, *OTHER)):
            valid = {"title": f"Huawei opens plant {field} {place}", "text": "It is in Lyon."}
            yield field, valid | {field: value}


async def test_every_field_of_a_document_takes_anything(site: Site) -> None:
    accepted = []
    for field, document in documents():
        async with site.session.post(f"{site.url}api/documents", json=document) as answer:
            status = await check(answer)
        assert status in (202, 422), (document, status)
        if status == 202:
            accepted.append(field)

    assert {"title", "text", "source", "url", "published_at", "language"} == set(accepted)
    await site.deliver_all()
    for path in ("status", "api/messages", f"channels/{site.channel.id}", "metrics"):
        async with site.session.get(site.url + path) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("time", TIMES)
async def test_a_time_that_is_none_or_out_of_range_is_refused_in_words(site: Site, time: str) -> None:
    document = {"title": "Huawei opens a plant", "published_at": time}
    async with site.session.post(f"{site.url}api/documents", json=document) as answer:
        assert answer.status == 422
        assert (await answer.json())["detail"].startswith("published_at: ")


@pytest.mark.parametrize("body", RAW_BODIES, ids=range(len(RAW_BODIES)))
async def test_a_body_that_is_no_document_is_refused_in_words(site: Site, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with site.session.post(f"{site.url}api/documents", data=body, headers=headers) as answer:
        assert await check(answer) in (202, 422)


@pytest.mark.parametrize("kind", TYPES)
async def test_a_strange_content_type_is_no_server_error(site: Site, kind: str) -> None:
    headers = {"Content-Type": kind}
    async with site.session.post(f"{site.url}api/documents", data=b"Huawei opens a plant", headers=headers) as answer:
        await check(answer)


@pytest.mark.parametrize("part", ["url", "source", "query url", "query name"])
async def test_credentials_in_the_address_of_a_document_are_not_stored(site: Site, part: str) -> None:
    address = "https://anna:hunter22secret@wire.example/mts?token=0123456789abcdef0123"
    document = {"title": "Huawei opens a plant", "text": "It is in Lyon."}
    if part in ("url", "source"):
        options: dict[str, Any] = {"json": document | {part: address}}
    else:
        options = {"data": b"Huawei opens a plant\n\nIt is in Lyon.", "params": {part.partition(" ")[2]: address}}
        options["headers"] = {"Content-Type": "text/plain"}
    async with site.session.post(f"{site.url}api/documents", **options) as answer:
        assert answer.status == 202

    async with site.store.read() as tx:
        source = next(source for source in await tx.sources.all() if source.kind == "api")
        (arrival,) = await tx.arrivals.recent(source.id, 10)
        article = await tx.articles.get(arrival.article_id or 0)
    assert "hunter22secret" not in repr((arrival, article))
    assert "0123456789abcdef0123" not in arrival.origin
