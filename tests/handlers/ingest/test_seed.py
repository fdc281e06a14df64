"""Seeding the catalogue, also after a first start that was interrupted."""

from datetime import datetime

import pytest

from handlers.ingest.seed import seed_catalogue
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all
from handlers.topics.catalogue import CatalogueError, read_catalogue
from storage.store import Store
from tests.support.stores import make_article

ONE = '[[topic]]\nname = "huawei"\ntitle = "Huawei"\nquery = "huawei"\ndescription = "The firm"\ncolor = "#c0392b"\n'
OTHER = ONE.replace("huawei", "zte").replace("Huawei", "ZTE")


async def pending(store: Store) -> set[str]:
    async with store.read() as tx:
        return {topic.name for topic in (await tx.topics.by_ids(await tx.backfills.pending())).values()}


async def test_backfills_that_were_interrupted_continue_at_the_next_start(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        await make_article(tx, now)
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    first = await pending(sqlite_store)
    # The process is killed before the backfill.
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)
    second = await pending(sqlite_store)
    await backfill_all(sqlite_store, limit=STARTUP_LIMIT)
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)

    assert (first, second) == ({"huawei"}, {"huawei", "zte"})
    assert await pending(sqlite_store) == set()


async def test_in_an_empty_database_no_backfill_is_enqueued(sqlite_store: Store, now: datetime) -> None:
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    await seed_catalogue(sqlite_store, read_catalogue(ONE.replace('"huawei"\nd', '"huawei OR hw"\nd')), now=now)

    assert await pending(sqlite_store) == set()


async def test_an_invalid_query_in_the_catalogue_changes_nothing(sqlite_store: Store, now: datetime) -> None:
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    for broken in (
        ONE + OTHER.replace('query = "zte"', 'query = "zte OR"'),
        ONE.replace('"huawei"\nd', '"huawei OR"\nd'),
    ):
        with pytest.raises(CatalogueError, match="column"):
            await seed_catalogue(sqlite_store, read_catalogue(broken), now=now)

    async with sqlite_store.read() as tx:
        assert [topic.query for topic in await tx.topics.all()] == ["huawei"]
