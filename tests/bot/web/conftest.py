"""The console's web site on a fresh SQLite store, and requests to it as a browser or a script makes them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.web_server import Site, open_site

BROWSER = {"Accept": "text/html"}
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
async def site(sqlite_store: Store) -> AsyncIterator[Site]:
    """A site without tokens."""
    async with open_site(sqlite_store, FakeClock()) as opened:
        yield opened


async def page(site: Site, path: str) -> str:
    """Return a page's HTML."""
    async with site.session.get(site.url + path, headers=BROWSER) as answer:
        return await answer.text()


async def drop(site: Site, name: str, body: bytes, kind: str = "text/plain") -> tuple[int, dict[str, Any]]:
    """Drop a file on the channel's page; return the status and the JSON of the response."""
    form = aiohttp.FormData()
    form.add_field("file", body, filename=name, content_type=kind)
    async with site.session.post(site.channel_url("/files"), data=form, headers=SCRIPT) as answer:
        return answer.status, await answer.json()


async def next_event(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the next Server-Sent Event: its id and its data. Raises: AssertionError when the stream ends."""
    event: dict[str, Any] = {}
    async with asyncio.timeout(5):
        async for raw in stream.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("id: "):
                event["id"] = line[4:]
            elif line.startswith("data: "):
                event["data"] = json.loads(line[6:])
            elif not line and "data" in event:
                return event
    raise AssertionError("the stream ended")
