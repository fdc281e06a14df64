"""The health of feeds: failure, silence and recovery are reported once each, to the right channel."""

from datetime import timedelta

import pytest

from storage.records import SourceState
from tests.support.http_server import Answer
from tests.support.polling import Polling, rss


async def test_a_failure_is_reported_once_with_its_cause_and_so_is_the_recovery(polling: Polling) -> None:
    down = Answer(status=503, headers={"Retry-After": "600"})
    url = polling.server.answer("/feed", down, down, down, down, rss("1 one"), rss("1 one", "2 two"))
    feed = await polling.feed(url, is_private=True)

    first = await polling.poll(feed)
    counts = []
    for minutes in (10, 20, 30, 60, 90):
        await polling.poll(feed, after=timedelta(minutes=minutes))
        counts.append(len(await polling.notices()))

    assert first.source.next_poll_at == polling.now + timedelta(minutes=10)
    assert counts == [0, 1, 1, 2, 2]
    trouble, recovery = await polling.notices()
    assert "answered 503" in trouble and "Tried 3 times" in trouble
    assert recovery.endswith("is back: 1 new entry caught up.")
    assert (await polling.stored(feed)).trouble_since is None


async def test_the_failure_of_a_shared_feed_is_reported_on_the_console(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", Answer(status=500)))

    for minutes in range(3):
        await polling.poll(feed, after=timedelta(minutes=minutes))

    assert len(await polling.notices()) == 1


async def test_a_feed_that_is_missing_for_a_week_is_no_longer_polled(polling: Polling) -> None:
    feed = await polling.feed(polling.server.answer("/feed", Answer(status=404)), is_private=True)

    await polling.poll(feed)
    polled = await polling.poll(feed, after=timedelta(days=8))

    assert (polled.source.state, polled.source.next_poll_at) == (SourceState.GONE, None)
    assert any("I no longer poll it" in text for text in await polling.notices())


async def test_a_single_410_changes_nothing_and_is_reported(polling: Polling) -> None:
    url = polling.server.answer("/feed", rss("1 one"), Answer(status=410), rss("1 one", "2 two"))
    feed = await polling.feed(url, is_private=True)

    await polling.poll(feed)
    gone = await polling.poll(feed, after=timedelta(hours=1))
    back = await polling.poll(feed, after=timedelta(hours=13))

    assert gone.source.state is SourceState.ACTIVE
    assert gone.source.next_poll_at == polling.now + timedelta(hours=13)
    assert (back.new, back.source.gone_since) == (1, None)
    reported, recovered = await polling.notices()
    assert "answered 410" in reported and "I try again in 12 hours" in reported
    assert recovered.endswith("is back: 1 new entry caught up.")


@pytest.mark.parametrize("between", [(), (Answer(status=503),)], ids=["in a row", "with another error between"])
async def test_a_second_410_pauses_the_feed_until_somebody_resumes_it(
    polling: Polling, between: tuple[Answer, ...]
) -> None:
    url = polling.server.answer("/feed", Answer(status=410), *between, Answer(status=410))
    feed = await polling.feed(url, is_private=True)

    for hours in range(2 + len(between)):
        polled = await polling.poll(feed, after=timedelta(hours=12 * hours))

    assert (polled.source.state, polled.source.next_poll_at) == (SourceState.PAUSED, None)
    first, second = await polling.notices()
    assert "I try again" in first
    assert "is paused" in second and "second such answer" in second


async def test_a_feed_silent_for_unusually_long_is_reported_once(polling: Polling) -> None:
    url = polling.server.answer("/feed", rss("1 one"), rss("1 one"), rss("1 one"), rss("1 one", "2 two"))
    feed = await polling.feed(url, is_private=True)
    await polling.poll(feed)
    async with polling.store.begin() as tx:
        await tx.sources.update(feed.id, usual_gap=timedelta(minutes=7))

    reports = []
    for hours in (29, 31, 32):
        await polling.poll(feed, after=timedelta(hours=hours))
        reports.append(await polling.notices())

    assert [len(texts) for texts in reports] == [0, 1, 2]
    assert "silent for 31 h (usually 9 an hour)" in reports[1][0]
    assert "is back: 1 new entry" in reports[2][1]
