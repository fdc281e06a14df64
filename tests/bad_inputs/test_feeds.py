"""Feeds that are web pages, entity bombs, endless or refer to files: one log line each, and no other feed waits."""

import contextlib
import logging
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.ingest.ingest import Ingest
from handlers.ingest.pollers import Pollers
from handlers.sources.feeds.feed import read_feed
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from storage.records import SHARED, Source, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.http_server import Answer, LocalServer, drip, local_server

LIMITS = Limits(total=timedelta(milliseconds=400), delay=timedelta(0))
GOOD = (
    b"<rss version='2.0'><channel><title>Wire</title><item><title>Huawei opens a plant</title>"
    b"<link>https://example.com/plant</link><description>It opened on Monday.</description></item></channel></rss>"
)
PAGE = b"<!doctype html><html><head><title>Our site</title></head><body><p>Welcome to our site.</p></body></html>"
ENTITY_BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>"
    + b"".join(
        f"<!ENTITY {new} '{f'&{old};' * 10}'>".encode() for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + b"]><rss version='2.0'><channel><title>&j;</title><item><title>&j;</title></item></channel></rss>"
)


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(user_agent="test", allow_private=True, limits=LIMITS) as opened:
        yield opened


async def poll_due(store: Store, fetcher: Fetcher, now: datetime) -> None:
    await Pollers(store, fetcher, Ingest(store), clock=lambda: now).poll_due()


async def watch(store: Store, url: str, now: datetime) -> Source:
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=url, title=url), now
        )
    return source


async def test_each_bad_feed_is_reported_once_and_the_others_are_read(
    sqlite_store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    page = await watch(sqlite_store, server.answer("/page", PAGE), now)
    endless = await watch(sqlite_store, server.answer("/drip", drip), now)
    good = await watch(sqlite_store, server.answer("/good", GOOD), now)

    with caplog.at_level(logging.INFO):
        for minutes in range(0, 120, 40):
            later = now + timedelta(minutes=minutes)
            await poll_due(sqlite_store, fetcher, later)

    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert {record.args[0] for record in warnings if isinstance(record.args, tuple)} == {page.id, endless.id}
    assert len(warnings) == 2
    assert all(record.exc_info is None for record in warnings)
    async with sqlite_store.read() as tx:
        sources = {source.id: source for source in await tx.sources.all()}
        (article,) = await tx.articles.recent(SHARED, since=now - timedelta(days=9), limit=9)
    assert "web page, not a feed" in (sources[page.id].error or "")
    assert "did not answer completely" in (sources[endless.id].error or "")
    assert sources[good.id].error is None
    assert article.title == "Huawei opens a plant"


async def test_an_entity_bomb_is_never_expanded(
    sqlite_store: Store, fetcher: Fetcher, server: LocalServer, now: datetime
) -> None:
    bomb = await watch(sqlite_store, server.answer("/bomb", Answer(body=ENTITY_BOMB)), now)
    await watch(sqlite_store, server.answer("/good", GOOD), now)

    await poll_due(sqlite_store, fetcher, now)

    async with sqlite_store.read() as tx:
        articles = await tx.articles.recent(SHARED, since=now - timedelta(days=9), limit=9)
        ledger = await tx.ledger.totals()
        source = await tx.sources.get(bomb.id)
    assert source is not None
    assert "Huawei opens a plant" in {article.title for article in articles}
    assert all(len(article.title) + len(article.text) < 1_000 for article in articles)
    assert len(source.title) < 1_000
    assert ledger.agrees


SECRET = b"<rss version='2.0'><channel><title>SECRET</title><item><title>SECRET</title></item></channel></rss>"


def references_to(file: Path) -> dict[str, str]:
    return {
        "path": str(file),
        "relative path": os.path.relpath(file),
        "path and a line end": f"{file}\n",
        "file address": file.as_uri(),
    }


@pytest.mark.parametrize("reference", ["path", "relative path", "path and a line end", "file address", "web address"])
async def test_a_body_that_refers_to_another_feed_is_not_a_feed(
    sqlite_store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, tmp_path: Path, reference: str
) -> None:
    other = tmp_path / "feed.xml"
    other.write_bytes(SECRET)
    references = references_to(other) | {"web address": server.answer("/other", SECRET)}
    source = await watch(sqlite_store, server.answer("/feed", references[reference].encode()), now)

    await poll_due(sqlite_store, fetcher, now)

    async with sqlite_store.read() as tx:
        polled = await tx.sources.get(source.id)
        articles = await tx.articles.recent(SHARED, since=now - timedelta(days=9), limit=9)
    assert polled is not None
    assert "This is not a feed" in (polled.error or "")
    assert "SECRET" not in f"{polled.title} {polled.error}"
    assert articles == ()
    assert [request.path for request in server.requests if request.path == "/other"] == []


def feed_with(doctype: str, extra: str = "") -> str:
    """Return a feed whose only entry uses the entity `other`, which the DOCTYPE may define."""
    item = f"<item><title>Huawei opens a plant &other;</title><description>{extra}Text.</description></item>"
    return f"<?xml version='1.0'?>{doctype}<rss version='2.0'><channel><title>Wire</title>{item}</channel></rss>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(
    "feed",
    [
        feed_with("<!DOCTYPE rss SYSTEM '{address}'>"),
        feed_with("<!DOCTYPE rss [<!ENTITY other SYSTEM '{address}'>]>"),
        feed_with("<!DOCTYPE rss PUBLIC '-//A//B' '{address}' [<!ENTITY % more SYSTEM '{address}'> %more;]>"),
        feed_with("<?xml-stylesheet type='text/xsl' href='{address}'?>"),
        feed_with("", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{address}' parse='text'/>"),
    ],
    ids=["dtd", "entity", "parameter entity", "stylesheet", "include"],
)
async def test_files_and_addresses_that_a_feed_refers_to_are_not_opened(
    fetcher: Fetcher, server: LocalServer, tmp_path: Path, feed: str, encoding: str
) -> None:
    other = tmp_path / "other"
    other.write_text("SECRET", encoding="utf-8")

    for address in (other.as_uri(), server.answer("/other", b"<!ENTITY other 'SECRET'>")):
        url = server.answer("/feed", feed.format(address=address).encode(encoding))
        page = await fetcher.fetch(url, max_bytes=10_000)
        with contextlib.suppress(UnreadableDocument):
            assert "SECRET" not in repr(read_feed(page.body, content_type=page.content_type, url=page.url))

    assert [request.path for request in server.requests if request.path == "/other"] == []
