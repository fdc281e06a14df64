"""Entries whose articles or arrivals retention has deleted: their feed may list them, and none of them is new."""

from datetime import timedelta

from handlers.rules.retention import Retention
from handlers.workspaces.retention import prune
from tests.support.polling import Polling, rss

AGE = timedelta(days=401)


async def _prune(polling: Polling, after: timedelta) -> None:
    async for _ in prune(polling.store, Retention(), now=polling.now + after):
        pass


async def test_an_entry_that_its_feed_still_lists_does_not_come_back_as_new(polling: Polling) -> None:
    url = polling.server.answer("/feed", rss("1 one", "2 two"), rss("3 three", "1 one", "2 two, edited"))
    other = polling.server.answer("/other", rss("1 one, as others report it"))
    feed = await polling.feed(url)
    await polling.poll(feed)
    await _prune(polling, AGE)
    assert await polling.titles() == []

    again = await polling.poll(feed, after=AGE)
    elsewhere = await polling.poll(await polling.feed(other), after=AGE)

    assert (again.new, elsewhere.new) == (1, 0)
    assert await polling.titles() == ["3 three"]
    async with polling.store.read() as tx:
        ledger = await tx.ledger.totals()
    assert ledger.agrees
    assert (ledger.articles, ledger.pruned.articles) == (3, 2)


async def test_arrivals_go_earlier_than_their_articles_unless_their_feed_lists_them(polling: Polling) -> None:
    feed = await polling.feed(
        polling.server.answer("/feed", rss("1 one", "2 two"), rss("2 two"), rss("2 two", "1 one"))
    )
    await polling.poll(feed)
    await polling.poll(feed)

    await _prune(polling, timedelta(days=150))
    relisted = await polling.poll(feed, after=timedelta(days=150))

    assert relisted.new == 0
    assert await polling.titles() == ["1 one", "2 two"]
    async with polling.store.read() as tx:
        ledger = await tx.ledger.totals()
    assert ledger.agrees
    assert (ledger.arrivals, ledger.pruned.arrivals, ledger.duplicate) == (3, 1, 1)
