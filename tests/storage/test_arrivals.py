"""Arrivals: each key of a source is stored once."""

from datetime import datetime, timedelta

from storage.arrivals import NewArrival
from storage.records import ArrivalState
from storage.store import Store
from tests.support.stores import make_article, make_source


async def test_an_arrival_is_stored_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)

        new = [NewArrival(key=key, origin="feed", state=ArrivalState.FAILED, reason="x") for key in "aab"]

        assert await tx.arrivals.add_many(source.id, new[:1], now) == ()
        assert await tx.arrivals.add_many(source.id, new, now) == (new[0], new[1])
        assert [arrival.key for arrival in await tx.arrivals.recent(source.id, 9)] == ["b", "a"]


async def test_the_arrivals_of_an_article_are_counted_and_dated_for_each_source(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source, other = await make_source(tx, now), await make_source(tx, now, url="https://other.example/feed")
        article, later = await make_article(tx, now), await make_article(tx, now)
        brought = {"a": (article, 1), "b": (article, 2), "c": (later, 3)}
        for key, (known, hours) in brought.items():
            new = NewArrival(key=key, origin="feed", state=ArrivalState.MATCHED, article_id=known.id)
            await tx.arrivals.add_many(source.id, [new], now + timedelta(hours=hours))

        ids = [article.id, later.id, later.id + 1]
        assert await tx.arrivals.count_of_articles(source.id, ids) == {article.id: 2, later.id: 1}
        assert await tx.arrivals.first_received_at(source.id, ids) == now + timedelta(hours=1)
        assert await tx.arrivals.first_received_at(source.id, [later.id]) == now + timedelta(hours=3)
        assert await tx.arrivals.first_received_at(other.id, ids) is None
        assert await tx.arrivals.first_received_at(source.id, []) is None
