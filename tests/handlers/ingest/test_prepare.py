"""Preparing drafts for storage."""

from datetime import timedelta

from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import draft, flood, huawei, watching


async def test_a_missing_or_future_date_is_replaced_by_the_time_of_arrival(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    undated, tomorrow, earlier = await world.take(
        huawei(),
        flood(published_at=NOON + timedelta(days=1)),
        draft("Old", "Old.", published_at=NOON - timedelta(days=2)),
    )

    assert [result.article.published_at for result in (undated, tomorrow, earlier) if result.article] == [
        NOON,
        NOON,
        NOON - timedelta(days=2),
    ]
