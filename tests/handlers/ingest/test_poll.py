"""Polling: each entry is ingested once, and a feed counts as read only after its entries were ingested."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from handlers.drafts import Draft
from handlers.ingest.results import IngestResult
from storage.errors import StorageError
from storage.records import Source, SourceState
from tests.support.http_server import Answer
from tests.support.polling import Polling, poll_source, rss


async def test_an_entry_is_ingested_once_however_often_it_is_listed(polling: Polling) -> None:
    url = polling.server.answer("/feed", rss("1 one", "2 two"), rss("3 three", "1 one", "2 two"))
    feed = await polling.feed(url)

    polls = [await polling.poll(feed) for _ in range(3)]

    assert [(polled.new, polled.unchanged) for polled in polls] == [(2, False), (1, False), (0, True)]
    assert await polling.titles() == ["1 one", "2 two", "3 three"]
    source = await polling.stored(feed)
    assert (source.title, source.first_read_at, source.failures) == ("Wire", polling.now, 0)
    assert source.next_poll_at is not None and source.next_poll_at > polling.now


async def test_a_feed_that_is_empty_at_first_has_its_back_catalogue_still_to_come(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", rss(), rss("1 one"), rss("1 one")))

    reads = [(await polling.poll(feed, after=timedelta(hours=hours))).source.first_read_at for hours in range(3)]

    assert reads == [None, polling.now + timedelta(hours=1), polling.now + timedelta(hours=1)]


async def test_the_next_request_for_a_feed_sends_its_etag(polling: Polling) -> None:
    url = polling.server.answer("/feed", Answer(body=rss("1 one"), headers={"ETag": '"7"'}))
    feed = await polling.feed(url)

    await polling.poll(feed)
    again = await polling.poll(feed)

    assert again.unchanged
    assert polling.server.requests[1].headers["If-None-Match"] == '"7"'


async def test_after_a_crash_during_ingestion_the_feed_is_read_again(polling: Polling) -> None:
    async def crash(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        raise StorageError("the disk is full")

    url = polling.server.answer("/feed", Answer(body=rss("1 one"), headers={"ETag": '"7"'}))
    feed = await polling.feed(url)

    with pytest.raises(StorageError):
        await poll_source(polling.store, polling.fetcher, crash, feed, now=polling.now)

    source = await polling.stored(feed)
    assert (source.etag, source.body_hash, source.first_read_at) == (None, None, None)
    assert (await polling.poll(feed)).new == 1


async def test_edits_of_the_publisher_revise_an_article_and_other_sources_do_not(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", rss("1 one"), rss("1 one, corrected")))
    other = await polling.feed(polling.server.answer("/other", rss("1 one, as others report it")))
    await polling.poll(feed)

    elsewhere = await polling.poll(other)
    edited = await polling.poll(feed)

    assert (elsewhere.new, edited.revised) == (0, 1)
    assert await polling.titles() == ["1 one, corrected"]


async def test_a_web_page_in_place_of_a_feed_gives_an_error_with_the_feeds_it_names(polling: Polling) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/real.xml"></head><body>x</body></html>'
    feed = await polling.feed(polling.server.answer("/feed", page), is_private=True)

    polled = await polling.poll(feed)

    assert "web page, not a feed" in (polled.error or "")
    assert f"{polling.server.address}/real.xml" in (polled.error or "")


async def test_a_feed_paused_during_its_poll_stays_paused(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", rss("1 one")))
    async with polling.store.begin() as tx:
        await tx.sources.update(feed.id, state=SourceState.PAUSED, next_poll_at=None)

    polled = await poll_source(polling.store, polling.fetcher, polling.ingest, feed, now=polling.now)

    assert (polled.source.state, polled.source.next_poll_at) == (SourceState.PAUSED, None)
