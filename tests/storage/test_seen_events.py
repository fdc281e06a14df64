"""Seen events: each is handled by one caller, or by the next one if the first was killed."""

from datetime import datetime, timedelta

from storage.records import Platform
from storage.store import Store


async def test_an_event_whose_handling_was_interrupted_is_handled_when_it_is_repeated(
    store: Store, now: datetime
) -> None:
    async def begin(after: timedelta) -> bool:
        async with store.begin() as tx:
            at = now + after
            return await tx.seen_events.begin(Platform.SLACK, "Ev1", now=at, until=at + timedelta(minutes=1))

    assert await begin(timedelta(0))
    assert not await begin(timedelta(seconds=30))
    assert await begin(timedelta(minutes=5))
    async with store.begin() as tx:
        await tx.seen_events.finish(Platform.SLACK, "Ev1")
    assert not await begin(timedelta(days=1))
