"""The lag of polls: read from the due feeds and from the last measurement of the pollers."""

from datetime import datetime, timedelta

from handlers.queries.poll_lag import poll_lag, store_load
from handlers.rules.poll_lag import PollLoad
from storage.store import Store
from tests.support.stores import make_source


async def test_late_feeds_are_explained_by_the_last_measurement(store: Store, now: datetime) -> None:
    load = PollLoad(
        at=now,
        started_at=now - timedelta(days=1),
        a_minute=12,
        requesting=0.2,
        slow=0.0,
        slow_polls=0,
        ingesting=1.0,
        storing=0.1,
    )
    async with store.begin() as tx:
        assert await poll_lag(tx, now) is None
        await make_source(tx, now - timedelta(minutes=12), "https://a.example/")
        unknown = await poll_lag(tx, now)
        await store_load(tx, load)
        known = await poll_lag(tx, now)

    assert unknown == "feeds are 12 minutes late because no process polls them"
    assert known == (
        "feeds are 12 minutes late because more feeds are due than this machine reads, which is about 12 a minute"
    )
