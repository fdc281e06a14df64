"""Polls: due feeds are leased, leases end early or later, and a result is stored only by whoever holds the lease."""

from dataclasses import replace
from datetime import datetime, timedelta

from storage.polls import UnchangedPoll
from storage.records import Source, SourceState
from storage.store import Store
from tests.support.stores import make_source

LEASE = timedelta(minutes=5)
LATER = timedelta(hours=1)


def unchanged(source: Source, now: datetime) -> UnchangedPoll:
    return UnchangedPoll(source=source, etag='"2"', last_modified=None, polled_at=now, next_poll_at=now + LATER)


async def test_a_released_feed_can_be_claimed_at_once_and_a_postponed_one_later(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        for name in ("a", "b"):
            await make_source(tx, now, f"https://{name}.example/")
        first, second = await tx.polls.claim_due(now, lease=LEASE, limit=9)

        await tx.polls.release([first])
        await tx.polls.postpone({second: now + 2 * LEASE})

        assert [source.id for source in await tx.polls.claim_due(now, lease=LEASE, limit=9)] == [first.id]
        later = await tx.polls.claim_due(now + 2 * LEASE, lease=LEASE, limit=9)
        assert {source.id for source in later} == {first.id, second.id}


async def test_an_unchanged_poll_is_stored_by_the_holder_of_the_lease_only(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await make_source(tx, now, "https://a.example/")
        (claimed,) = await tx.polls.claim_due(now, lease=LEASE, limit=9)

        await tx.polls.store_unchanged([unchanged(replace(claimed, leased_until=now + LATER), now)])
        other = await tx.sources.get(claimed.id)
        await tx.polls.store_unchanged([unchanged(claimed, now)])
        own = await tx.sources.get(claimed.id)

    assert other == claimed
    assert own is not None
    assert (own.etag, own.next_poll_at, own.interval, own.leased_until) == ('"2"', now + LATER, LATER, None)


async def test_a_feed_that_was_paused_meanwhile_is_not_scheduled(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await make_source(tx, now, "https://a.example/")
        (claimed,) = await tx.polls.claim_due(now, lease=LEASE, limit=9)
        await tx.sources.update(claimed.id, state=SourceState.PAUSED, next_poll_at=None)

        await tx.polls.store_unchanged([unchanged(claimed, now)])
        paused = await tx.sources.get(claimed.id)

    assert paused is not None
    assert (paused.state, paused.next_poll_at, paused.last_polled_at) == (SourceState.PAUSED, None, now)


async def test_the_feed_that_has_waited_longest_counts_while_it_is_polled(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        assert await tx.polls.oldest_due(now) is None
        await make_source(tx, now - LATER, "https://a.example/")
        paused = await make_source(tx, now - 2 * LATER, "https://b.example/")
        await tx.sources.update(paused.id, state=SourceState.PAUSED)
        await make_source(tx, now, "https://c.example/")
        await tx.polls.claim_due(now, lease=LEASE, limit=1)

        assert await tx.polls.oldest_due(now) == now - LATER


async def test_a_failed_poll_is_stored_without_the_secrets_of_its_address(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now, "https://a.example/")
        error = "https://a.example/feed?token=hunter2hunter2 answered 500."

        await tx.polls.store_failed([replace(source, failures=3, error=error, trouble_since=now)])
        failed = await tx.sources.get(source.id)

    assert failed is not None
    assert (failed.failures, failed.trouble_since) == (3, now)
    assert "hunter2" not in (failed.error or "")
