"""What a database starts with, also when the first start was cut off half-way."""

from datetime import datetime

from handlers.seeding import catalogue_is_matched, seed_catalogue
from handlers.topics.catalogue import read_catalogue
from storage.store import Store

ONE = '[[topic]]\nname = "huawei"\ntitle = "Huawei"\nquery = "huawei"\ndescription = "The firm"\ncolor = "#c0392b"\n'
OTHER = ONE.replace("huawei", "zte").replace("Huawei", "ZTE")


async def test_topics_whose_matching_was_cut_off_are_matched_at_the_next_start(
    sqlite_store: Store, now: datetime
) -> None:
    first = await seed_catalogue(sqlite_store, read_catalogue(ONE), now=now)
    # Killed here, before what is stored was matched against it.
    again = await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now)
    await catalogue_is_matched(sqlite_store)

    assert len(first) == 1
    assert len(again) == 2
    assert set(first) < set(again)
    assert await seed_catalogue(sqlite_store, read_catalogue(ONE + OTHER), now=now) == ()
