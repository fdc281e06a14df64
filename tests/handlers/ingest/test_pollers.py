"""Pollers: due feeds are polled at the same time, each once and politely to each host. No feed waits for another."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from handlers.drafts import Draft
from handlers.ingest.feed_claims import LEASE, LONGEST_LINE
from handlers.ingest.pollers import Pollers
from handlers.ingest.results import IngestResult
from handlers.queries.poll_lag import poll_lag
from handlers.sources.fetch.client import Limits, open_fetcher
from storage.errors import StorageError
from storage.records import Source, SourceState
from tests.support.http_server import Answer
from tests.support.polling import Polling, rss

PATIENT = Limits(delay=timedelta(0))


async def test_only_due_feeds_are_polled_and_a_failing_feed_does_not_stop_others(polling: Polling) -> None:
    bad = await polling.feed(polling.server.answer("/bad", Answer(status=500)))
    good = await polling.feed(polling.server.answer("/good", rss("1 one")))
    later = await polling.feed(f"{polling.server.address}/later", next_poll_at=polling.now + timedelta(hours=1))

    polls = [await polling.poll_due() for _ in range(2)]

    assert polls == [2, 0]
    failed = await polling.stored(bad)
    assert (failed.failures, failed.leased_until) == (1, None)
    assert (await polling.stored(good)).last_success_at == polling.now
    assert (await polling.stored(later)).last_polled_at is None


async def test_an_internal_error_with_one_feed_does_not_stop_others(polling: Polling) -> None:
    async def sometimes(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        if source.url.endswith("/odd"):
            raise ZeroDivisionError
        return await polling.ingest(drafts, source=source, now=now)

    odd = await polling.feed(polling.server.answer("/odd", rss("1 one")))
    await polling.feed(polling.server.answer("/good", rss("2 two")))

    assert await polling.poll_due(sometimes) == 2

    assert await polling.titles() == ["2 two"]
    assert "error in this bot" in ((await polling.stored(odd)).error or "")


async def test_feeds_without_news_are_scheduled_again(polling: Polling) -> None:
    answer = Answer(body=rss("1 one"), headers={"ETag": '"7"'})
    feeds = [await polling.feed(polling.server.answer(f"/{n}", answer)) for n in range(LONGEST_LINE)]
    async with polling.store.begin() as tx:
        for feed in feeds:
            await tx.sources.update(feed.id, etag='"7"', first_read_at=polling.now)

    assert await polling.poll_due(chance=0.0) == LONGEST_LINE

    stored = [await polling.stored(feed) for feed in feeds]
    assert all(source.last_success_at == polling.now and source.leased_until is None for source in stored)
    assert all(source.next_poll_at is not None and source.next_poll_at > polling.now for source in stored)
    assert await polling.titles() == []


async def test_a_batch_ends_the_trouble_of_a_feed_that_is_well_again(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", Answer(body=rss("1 one"), headers={"ETag": '"7"'})))
    async with polling.store.begin() as tx:
        await tx.sources.update(feed.id, etag='"7"', first_read_at=polling.now, failures=2, error="It was down.")

    await polling.poll_due(chance=0.0)

    source = await polling.stored(feed)
    assert (source.failures, source.error, source.last_success_at) == (0, None, polling.now)


async def test_a_silent_host_delays_no_other_feed(polling: Polling) -> None:
    released = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response(status=503)

    async def releasing(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        if source.id == good[-1].id:
            released.set()
        return await polling.ingest(drafts, source=source, now=now)

    host = polling.server.address.replace("127.0.0.1", "localhost")
    polling.server.answer("/silent", silent)
    slow = await polling.feed(f"{host}/silent")
    good = [await polling.feed(polling.server.answer(f"/{n}", rss(f"{n} news"))) for n in range(3)]

    async with open_fetcher(user_agent="test", allow_private=True, limits=PATIENT) as fetcher:
        polled = await Pollers(polling.store, fetcher, releasing, clock=lambda: polling.now).poll_due()

    assert polled == 4
    assert "503" in ((await polling.stored(slow)).error or "")
    assert await polling.titles() == ["0 news", "1 news", "2 news"]


async def test_a_host_is_asked_by_one_poll_at_a_time_however_many_of_its_feeds_are_due(polling: Polling) -> None:
    number = LONGEST_LINE * 2 + 1
    for n in range(number):
        await polling.feed(polling.server.answer(f"/{n}", rss(f"{n} news")))
    now = polling.now
    pollers = Pollers(polling.store, polling.fetcher, polling.ingest, clock=lambda: now)

    for _ in range(3):
        await pollers.poll_due()
        now += LEASE

    assert len(await polling.titles()) == number
    assert polling.server.most_concurrent == 1


async def test_a_feed_that_was_claimed_by_a_killed_process_is_polled_when_the_lease_ends(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", rss("1 one")))
    async with polling.store.begin() as tx:
        await tx.polls.claim_due(polling.now, lease=LEASE, limit=9)

    at_once = await polling.poll_due()
    later = await Pollers(polling.store, polling.fetcher, polling.ingest, clock=lambda: polling.now + LEASE).poll_due()

    assert (at_once, later) == (0, 1)
    assert (await polling.stored(feed)).last_success_at == polling.now + LEASE


async def test_stopping_gives_up_silent_hosts_and_their_feeds_can_be_polled_at_once(polling: Polling) -> None:
    stop = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        stop.set()
        await asyncio.sleep(30)
        return web.Response()

    feed = await polling.feed(polling.server.answer("/feed", silent))
    async with open_fetcher(user_agent="test", allow_private=True, limits=PATIENT) as fetcher:
        pollers = Pollers(polling.store, fetcher, polling.ingest, clock=lambda: polling.now)
        async with asyncio.timeout(5):
            polled = await pollers.poll_due(stop)

    source = await polling.stored(feed)
    assert polled == 0
    assert (source.leased_until, source.failures, source.next_poll_at) == (None, 0, polling.now)


async def test_stopping_waits_for_what_is_being_ingested(polling: Polling) -> None:
    stop, entered = asyncio.Event(), asyncio.Event()

    async def slow(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        entered.set()
        await stop.wait()
        return await polling.ingest(drafts, source=source, now=now)

    feed = await polling.feed(polling.server.answer("/feed", rss("1 one")))
    run = asyncio.create_task(polling.pollers(slow).poll_due(stop))
    await entered.wait()

    stop.set()

    assert await run == 1
    assert await polling.titles() == ["1 one"]
    assert (await polling.stored(feed)).first_read_at == polling.now


async def test_while_the_first_poll_after_an_outage_waits_the_start_is_why_feeds_are_late(polling: Polling) -> None:
    asked, stop = asyncio.Event(), asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(30)
        return web.Response()

    due = polling.now - timedelta(hours=15)
    await polling.feed(polling.server.answer("/feed", silent), next_poll_at=due)
    async with open_fetcher(user_agent="test", allow_private=True, limits=PATIENT) as fetcher:
        pollers = Pollers(polling.store, fetcher, polling.ingest, clock=lambda: polling.now)
        run = asyncio.create_task(pollers.poll_due(stop))
        await asked.wait()
        async with polling.store.read() as tx:
            late = await poll_lag(tx, polling.now)
        stop.set()
        await run

    assert late == "feeds are 15 hours late because the bot was started 1 minute ago"


async def test_a_failure_of_the_database_ends_the_run_and_the_feed_is_polled_again(polling: Polling) -> None:
    async def fails(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[IngestResult]:
        raise StorageError("the disk is full")

    await polling.feed(polling.server.answer("/feed", rss("1 one")))

    with pytest.raises(StorageError):
        await polling.poll_due(fails)

    later = Pollers(polling.store, polling.fetcher, polling.ingest, clock=lambda: polling.now + LEASE)
    assert await later.poll_due() == 1
    assert await polling.titles() == ["1 one"]


async def test_a_feed_paused_while_its_server_is_asked_is_not_scheduled(polling: Polling) -> None:
    feed = await polling.feed(f"{polling.server.address}/feed")

    async def pause(request: web.Request) -> web.StreamResponse:
        async with polling.store.begin() as tx:
            await tx.sources.update(feed.id, state=SourceState.PAUSED, next_poll_at=None)
        return web.Response(status=304)

    polling.server.answer("/feed", pause)
    async with polling.store.begin() as tx:
        await tx.sources.update(feed.id, etag='"7"', first_read_at=polling.now)

    assert await polling.poll_due(chance=0.0) == 1

    source = await polling.stored(feed)
    assert (source.state, source.next_poll_at) == (SourceState.PAUSED, None)
    assert (source.last_success_at, source.leased_until) == (polling.now, None)
