"""What a database starts with, also when the first start was cut off half-way."""

from datetime import datetime

from handlers.backfill import AT_START, complete_all
from handlers.seeding import seed_catalogue
from handlers.topics.catalogue import read_catalogue
from storage.store import Store

ONE = '[[topic]]\nname = "huawei"\ntitle = "Huawei"\nquery = "huawei"\ndescription = "The firm"\ncolor = "#c0392b"\n'
OTHER = ONE.replace("huawei", "zte").replace("Huawei", "ZTE")


async def owed(store: Store) -> set[str]:
    async with store.read() as tx:
        return {topic.name for topic in (await tx.topics.by_ids(await tx.backfills.owed())).values()}


async def test_topics_whose_matching_was_cut_off_are_matched_at_the_next_start(
    sqlite_store: Store, now: datetime
) -> None:
    await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    first = await owed(sqlite_store)
    # Killed here, before what is stored was matched against it.
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)
    again = await owed(sqlite_store)
    await complete_all(sqlite_store, most=AT_START)
    await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)

    assert (first, again) == ({"huawei"}, {"huawei", "zte"})
    assert await owed(sqlite_store) == set()
