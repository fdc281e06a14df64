"""Brief reads: the last time counts, for each person and topic."""

from datetime import datetime, timedelta

from storage.store import Store
from tests.support.stores import make_channel

DAY = timedelta(days=1)


async def test_the_last_time_of_a_brief_counts(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = (await make_channel(tx, now)).workspace_id
        await tx.brief_reads.record({})
        await tx.brief_reads.record({(home, "U1", "huawei"): now, (home, "U2", "huawei"): now})
        await tx.brief_reads.record({(home, "U1", "huawei"): now + DAY})

        assert await tx.brief_reads.last(home, "U1", "huawei") == now + DAY
        assert await tx.brief_reads.last(home, "U2", "huawei") == now
        assert await tx.brief_reads.last(home, "U1", "5g") is None
