"""What a database starts with, also when the first start was cut off half-way."""

from datetime import datetime

import pytest

from handlers.ingest.seed import seed_catalogue
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all
from handlers.topics.catalogue import CatalogueError, read_catalogue
from storage.store import Store
from tests.support.stores import make_article

ONE = '[[topic]]\nname = "huawei"\ntitle = "Huawei"\nquery = "huawei"\ndescription = "The firm"\ncolor = "#c0392b"\n'
OTHER = ONE.replace("huawei", "zte").replace("Huawei", "ZTE")


async def owed(store: Store) -> set[str]:
    async with store.read() as tx:
        return {topic.name for topic in (await tx.topics.by_ids(await tx.backfills.pending())).values()}


async def test_topics_whose_matching_was_cut_off_are_matched_at_the_next_start(
    sqlite_store: Store, now: datetime
) -> None:
    async with sqlite_store.begin() as tx:
        await make_article(tx, now)
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    first = await owed(sqlite_store)
    # Killed here, before what is stored was matched against it.
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)
    again = await owed(sqlite_store)
    await backfill_all(sqlite_store, limit=STARTUP_LIMIT)
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)

    assert (first, again) == ({"huawei"}, {"huawei", "zte"})
    assert await owed(sqlite_store) == set()


async def test_without_a_past_nothing_is_to_be_matched(sqlite_store: Store, now: datetime) -> None:
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    await seed_catalogue(sqlite_store, read_catalogue(ONE.replace('"huawei"\nd', '"huawei OR hw"\nd')), now=now)

    assert await owed(sqlite_store) == set()


async def test_a_new_or_changed_query_that_cannot_be_read_changes_nothing(sqlite_store: Store, now: datetime) -> None:
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    for broken in (
        ONE + OTHER.replace('query = "zte"', 'query = "zte OR"'),
        ONE.replace('"huawei"\nd', '"huawei OR"\nd'),
    ):
        with pytest.raises(CatalogueError, match="column"):
            await seed_catalogue(sqlite_store, read_catalogue(broken), now=now)

    async with sqlite_store.read() as tx:
        assert [topic.query for topic in await tx.topics.all()] == ["huawei"]
