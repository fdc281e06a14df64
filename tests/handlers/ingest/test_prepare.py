"""Preparing drafts for storage."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.records import SourceKind
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


@pytest.mark.parametrize("year", [1, 1970, 1980, 1994])
async def test_a_date_before_1995_in_a_feed_is_no_date(sqlite_store: Store, year: int) -> None:
    world, _, _ = await watching(sqlite_store)
    feed = await world.source(
        "https://example.org/feed", kind=SourceKind.FEED, first_read_at=NOON - timedelta(days=365)
    )

    (result,) = await world.take(huawei(published_at=datetime(year, 1, 1, tzinfo=UTC)), source=feed)

    assert result.article is not None and result.article.published_at == NOON
    assert result.deliveries == 1
