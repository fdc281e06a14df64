"""Polling: every entry arrives once, what was read is remembered only after that, and troubles are told once."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import pytest

from handlers.answers.answer import Notice
from handlers.answers.serialize import deserialize
from handlers.drafts import Draft
from handlers.ingest.ingest import Arrive, Arrived
from handlers.ingest.poll import Polled, poll_due, poll_source
from handlers.sources.fetch.client import Fetcher, Limits, open_fetcher
from storage.errors import StorageError
from storage.records import Channel, DeliveryKind, Source, SourceKind, SourceState
from storage.sources import NewSource
from storage.store import Store
from tests.support.http_server import Answer, LocalServer, local_server
from tests.support.stores import make_channel, make_workspace

LIMITS = Limits(total=timedelta(milliseconds=250), delay=timedelta(0))


def rss(*titles: str, text: str = "It was signed.") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://example.com/{title.split()[0]}</link>"
        f"<guid>https://example.com/?p={title.split()[0]}</guid><description>{text}</description></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>Wire</title><link>/</link>{items}</channel></rss>".encode()


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with local_server() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(user_agent="test", allow_private=True, limits=LIMITS) as opened:
        yield opened


@pytest.fixture
async def channel(store: Store, now: datetime) -> Channel:
    async with store.begin() as tx:
        await make_workspace(tx, now)
        return await make_channel(tx, now)


async def feed_at(store: Store, url: str, now: datetime, channel: Channel | None = None) -> Source:
    async with store.begin() as tx:
        source, _ = await tx.sources.ensure(
            NewSource(
                workspace_id=0 if channel is None else channel.workspace_id,
                kind=SourceKind.FEED,
                url=url,
                title=url,
                channel_id=None if channel is None else channel.id,
            ),
            now,
        )
    return source


async def stored(store: Store, source: Source) -> Source:
    async with store.read() as tx:
        found = await tx.sources.get(source.id)
    assert found is not None
    return found


async def titles(store: Store, now: datetime) -> list[str]:
    async with store.read() as tx:
        return sorted(one.title for one in await tx.articles.recent(1, since=now - timedelta(days=900), limit=50))


async def notices(store: Store, channel: Channel) -> list[str]:
    """The texts of all notices owed to the channel, in order."""
    found = []
    async with store.read() as tx:
        for id in range(1, 30):
            delivery = await tx.deliveries.get(id)
            if delivery and delivery.channel_id == channel.id and delivery.kind is DeliveryKind.NOTICE:
                post = deserialize(delivery.body or {})
                assert isinstance(post, Notice)
                found.append(post.text)
    return found


class Poller:
    """Polls one source at the moments it is told to."""

    def __init__(self, store: Store, fetcher: Fetcher, source: Source) -> None:
        self.store, self.fetcher, self.source = store, fetcher, source
        self.arrive = Arrive(store)

    async def at(self, now: datetime) -> Polled:
        source = await stored(self.store, self.source)
        return await poll_source(self.store, self.fetcher, self.arrive, source, now=now, chance=lambda: 0.0)


async def test_entries_arrive_once_however_often_they_are_listed(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    url = server.answer("/feed", rss("1 one", "2 two"), rss("3 three", "1 one", "2 two"))
    poll = Poller(store, fetcher, await feed_at(store, url, now))

    first, second, third = await poll.at(now), await poll.at(now), await poll.at(now)

    assert [(one.new, one.unchanged) for one in (first, second, third)] == [(2, False), (1, False), (0, True)]
    assert await titles(store, now) == ["1 one", "2 two", "3 three"]
    source = await stored(store, poll.source)
    assert (source.title, source.first_read_at, source.failures) == ("Wire", now, 0)
    assert source.next_poll_at is not None and source.next_poll_at > now


async def test_an_unchanged_feed_is_asked_with_its_etag(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    url = server.answer("/feed", Answer(body=rss("1 one"), headers={"ETag": '"7"'}))
    poll = Poller(store, fetcher, await feed_at(store, url, now))

    await poll.at(now)
    again = await poll.at(now)

    assert again.unchanged
    assert server.asked[1].headers["If-None-Match"] == '"7"'


async def test_a_crash_while_arriving_reads_the_feed_again(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    async def crash(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[Arrived]:
        raise StorageError("the disk is full")

    url = server.answer("/feed", Answer(body=rss("1 one"), headers={"ETag": '"7"'}))
    source = await feed_at(store, url, now)

    with pytest.raises(StorageError):
        await poll_source(store, fetcher, crash, source, now=now)

    kept = await stored(store, source)
    assert (kept.etag, kept.body_hash, kept.first_read_at) == (None, None, None)
    assert (await Poller(store, fetcher, source).at(now)).new == 1


async def test_what_the_publisher_edits_is_passed_on_and_other_sources_words_are_not(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    url = server.answer("/feed", rss("1 one"), rss("1 one, corrected"))
    other = server.answer("/other", rss("1 one, as others tell it"))
    poll = Poller(store, fetcher, await feed_at(store, url, now))
    await poll.at(now)

    elsewhere = await Poller(store, fetcher, await feed_at(store, other, now)).at(now)
    edited = await poll.at(now)

    assert (elsewhere.new, edited.revised) == (0, 1)
    assert await titles(store, now) == ["1 one, corrected"]


async def test_only_due_feeds_are_polled_and_one_that_fails_stops_no_other(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    bad = await feed_at(store, server.answer("/bad", Answer(status=500)), now)
    good = await feed_at(store, server.answer("/good", rss("1 one")), now)
    async with store.begin() as tx:
        later = await feed_at_later(tx, server.address, now)

    polled = await poll_due(store, fetcher, Arrive(store), now=now, limit=10)
    again = await poll_due(store, fetcher, Arrive(store), now=now, limit=10)

    assert (polled, again) == (2, 0)
    assert (await stored(store, bad)).failures == 1
    assert (await stored(store, good)).last_success_at == now
    assert (await stored(store, later)).last_polled_at is None
    assert (await stored(store, bad)).leased_until is None


async def feed_at_later(tx, address: str, now: datetime) -> Source:  # type: ignore[no-untyped-def]
    source, _ = await tx.sources.ensure(
        NewSource(
            workspace_id=0,
            kind=SourceKind.FEED,
            url=f"{address}/later",
            title="Later",
            next_poll_at=now + timedelta(hours=1),
        ),
        now,
    )
    assert isinstance(source, Source)
    return source


async def test_a_fault_of_ours_in_one_feed_stops_no_other(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    arrive = Arrive(store)

    async def sometimes(drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[Arrived]:
        if source.url.endswith("/odd"):
            raise ZeroDivisionError
        return await arrive(drafts, source=source, now=now)

    odd = await feed_at(store, server.answer("/odd", rss("1 one")), now)
    await feed_at(store, server.answer("/good", rss("2 two")), now)

    assert await poll_due(store, fetcher, sometimes, now=now, limit=10) == 2

    assert await titles(store, now) == ["2 two"]
    assert "fault in this bot" in ((await stored(store, odd)).error or "")


async def test_trouble_is_told_once_with_its_cause_and_so_is_recovery(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    down = Answer(status=503, headers={"Retry-After": "600"})
    url = server.answer("/feed", down, down, down, down, rss("1 one"), rss("1 one", "2 two"))
    poll = Poller(store, fetcher, await feed_at(store, url, now, channel))

    first = await poll.at(now)
    told = []
    for minutes in (10, 20, 30, 60, 90):
        await poll.at(now + timedelta(minutes=minutes))
        told.append(len(await notices(store, channel)))

    assert first.source.next_poll_at == now + timedelta(minutes=10)
    assert told == [0, 1, 1, 2, 2]
    trouble, recovery = await notices(store, channel)
    assert "answered 503" in trouble and "Tried 3 times" in trouble
    assert recovery == "Wire is back: 1 new entry caught up." or recovery.endswith("is back: 1 new entry caught up.")
    assert (await stored(store, poll.source)).trouble_since is None


async def test_trouble_of_a_shared_feed_is_told_on_the_console(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    poll = Poller(store, fetcher, await feed_at(store, server.answer("/feed", Answer(status=500)), now))

    for minutes in range(3):
        await poll.at(now + timedelta(minutes=minutes))

    assert len(await notices(store, channel)) == 1


async def test_a_page_instead_of_a_feed_names_the_feeds_on_it(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/real.xml"></head><body>x</body></html>'
    poll = Poller(store, fetcher, await feed_at(store, server.answer("/feed", page), now, channel))

    polled = await poll.at(now)

    assert "web page, not a feed" in (polled.error or "")
    assert f"{server.address}/real.xml" in (polled.error or "")


@pytest.mark.parametrize(("status", "days"), [(410, 0), (404, 8)])
async def test_a_feed_that_is_gone_is_no_longer_polled(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel, status: int, days: int
) -> None:
    poll = Poller(store, fetcher, await feed_at(store, server.answer("/feed", Answer(status=status)), now, channel))

    await poll.at(now)
    polled = await poll.at(now + timedelta(days=days))

    assert (polled.source.state, polled.source.next_poll_at) == (SourceState.GONE, None)
    assert any("no longer watched" in text for text in await notices(store, channel))


async def test_silence_against_its_rhythm_is_told_once(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    url = server.answer("/feed", rss("1 one"), rss("1 one"), rss("1 one"), rss("1 one", "2 two"))
    poll = Poller(store, fetcher, await feed_at(store, url, now, channel))
    await poll.at(now)
    async with store.begin() as tx:
        await tx.sources.update(poll.source.id, usual_gap=timedelta(minutes=7))

    told = []
    for hours in (29, 31, 32):
        await poll.at(now + timedelta(hours=hours))
        told.append(await notices(store, channel))

    assert [len(texts) for texts in told] == [0, 1, 2]
    assert "silent for 31 h (usually 9 an hour)" in told[1][0]
    assert "is back: 1 new entry" in told[2][1]


async def test_a_feed_that_moved_for_good_is_polled_at_its_new_address(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    new = server.answer("/new", rss("1 one"))
    poll = Poller(store, fetcher, await feed_at(store, server.redirect("/old", "/new", status=301), now))

    polled = await poll.at(now)

    assert polled.source.url == new


async def test_a_feed_paused_while_it_is_polled_stays_paused(
    store: Store, fetcher: Fetcher, server: LocalServer, now: datetime, channel: Channel
) -> None:
    source = await feed_at(store, server.answer("/feed", rss("1 one")), now)
    async with store.begin() as tx:
        await tx.sources.update(source.id, state=SourceState.PAUSED, next_poll_at=None)

    polled = await poll_source(store, fetcher, Arrive(store), source, now=now)

    assert (polled.source.state, polled.source.next_poll_at) == (SourceState.PAUSED, None)
