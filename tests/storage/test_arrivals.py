"""Arrivals: each key of a source is stored once."""

from datetime import datetime

from storage.arrivals import NewArrival
from storage.records import ArrivalState
from storage.store import Store
from tests.support.stores import make_source


async def test_an_arrival_is_stored_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)

        new = [NewArrival(key=key, origin="feed", state=ArrivalState.FAILED, reason="x") for key in "aab"]

        assert await tx.arrivals.add_many(source.id, new[:1], now) == ()
        assert await tx.arrivals.add_many(source.id, new, now) == (new[0], new[1])
        assert [arrival.key for arrival in await tx.arrivals.recent(source.id, 9)] == ["b", "a"]
