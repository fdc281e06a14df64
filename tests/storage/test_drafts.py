"""Drafts: seen by their workspace only, until they are deleted."""

from datetime import datetime, timedelta

from storage.store import Store
from tests.support.stores import make_workspace

DAY = timedelta(days=1)


async def test_only_its_workspace_sees_a_draft_until_it_is_deleted(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        key = await tx.drafts.save(mine.id, {"query": '华为 OR "x"'}, now)

        assert len(key) <= 25
        assert await tx.drafts.get(key, mine.id) == {"query": '华为 OR "x"'}
        assert await tx.drafts.get(key, theirs.id) is None
        assert await tx.drafts.delete_before(now, limit=5) == 0
        assert await tx.drafts.delete_before(now + DAY, limit=1) == 1
        assert await tx.drafts.get(key, mine.id) is None
