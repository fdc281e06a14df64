"""The articles of stories, and what the story index reads of them."""

from datetime import datetime, timedelta

from storage.store import Store
from tests.support.stores import make_article

DAY = timedelta(days=1)


async def test_the_story_index_reads_new_features_by_id(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        old = await make_article(tx, now, "Old", received_at=now - 9 * DAY)
        new = [await make_article(tx, now, f"New {number}") for number in range(3)]

        rows = await tx.articles.features_of(await tx.articles.ids_after(0, received_after=now - DAY))
        assert [row.id for row in rows] == [article.id for article in new]
        assert rows[0].features == b"features"
        rest = await tx.articles.features_of(await tx.articles.ids_after(new[1].id, received_after=now - DAY))
        assert [row.id for row in rest] == [new[2].id]
        assert len(await tx.articles.ids_after(0, received_after=old.received_at)) == 4
