"""Listings: the articles of a feed's last reading."""

from datetime import datetime

from storage.store import Store
from tests.support.stores import make_source


async def test_each_reading_replaces_the_last_one(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)

        assert await tx.listings.of(source.id) == frozenset()
        await tx.listings.put(source.id, {3, 1})
        await tx.listings.put(source.id, [2, 3])
        assert await tx.listings.of(source.id) == {2, 3}
