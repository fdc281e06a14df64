"""Feeds that are none, unfold without end or never end: told in one log line, and no other feed waits for them."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from handlers.ingest.ingest import Arrive
from handlers.ingest.poll import poll_due
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from storage.records import SHARED, Source, SourceKind
from storage.store import Store
from tests.support.http_server import Answer, LocalServer, drip, local_server

LIMITS = Limits(total=timedelta(milliseconds=400), delay=timedelta(0))
GOOD = (
    b"<rss version='2.0'><channel><title>Wire</title><item><title>Huawei opens a plant</title>"
    b"<link>https://example.com/plant</link><description>It opened on Monday.</description></item></channel></rss>"
)
PAGE = b"<!doctype html><html><head><title>Our site</title></head><body><p>Welcome to our site.</p></body></html>"
ENTITIES = zip("abcdefghi", "bcdefghij", strict=True)
LAUGHS = (
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


async def watch(store: Store, url: str, now: datetime) -> Source:
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(workspace_id=SHARED, kind=SourceKind.FEED, url=url, title=url, now=now)
    return source


async def test_each_is_told_once_and_the_others_are_read(
    sqlite_store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    page = await watch(sqlite_store, server.answer("/page", PAGE), now)
    drips = await watch(sqlite_store, server.answer("/drip", drip), now)
    good = await watch(sqlite_store, server.answer("/good", GOOD), now)

    with caplog.at_level(logging.INFO):
        for minutes in range(0, 120, 40):
            later = now + timedelta(minutes=minutes)
            await poll_due(sqlite_store, fetcher, Arrive(sqlite_store), now=later, limit=10)

    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert {record.args[0] for record in warnings if isinstance(record.args, tuple)} == {page.id, drips.id}
    assert len(warnings) == 2
    assert all(record.exc_info is None for record in warnings)
    async with sqlite_store.read() as tx:
        stood = {source.id: source for source in await tx.sources.all()}
        (article,) = await tx.articles.recent(SHARED, since=now - timedelta(days=9), limit=9)
    assert "web page, not a feed" in (stood[page.id].error or "")
    assert "did not answer in full" in (stood[drips.id].error or "")
    assert stood[good.id].error is None
    assert article.title == "Huawei opens a plant"


async def test_entities_that_unfold_without_end_are_never_unfolded(
    sqlite_store: Store, fetcher: Fetcher, server: LocalServer, now: datetime
) -> None:
    laughs = await watch(sqlite_store, server.answer("/laughs", Answer(body=LAUGHS)), now)
    await watch(sqlite_store, server.answer("/good", GOOD), now)

    await poll_due(sqlite_store, fetcher, Arrive(sqlite_store), now=now, limit=10)

    async with sqlite_store.read() as tx:
        articles = await tx.articles.recent(SHARED, since=now - timedelta(days=9), limit=9)
        ledger = await tx.ledger.totals()
        stood = await tx.sources.get(laughs.id)
    assert stood is not None
    assert "Huawei opens a plant" in {article.title for article in articles}
    assert all(len(article.title) + len(article.text) < 1_000 for article in articles)
    assert len(stood.title) < 1_000
    assert ledger.agrees
