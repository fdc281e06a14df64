"""Fingerprints: several articles may have the same one, and the newest are found first."""

from datetime import datetime

from storage.fingerprints import MOST
from storage.records import SHARED
from storage.store import Store
from tests.support.stores import make_article, make_workspace


async def test_the_newest_articles_with_a_fingerprint_are_found_in_the_given_workspaces(
    store: Store, now: datetime
) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        articles = [await make_article(tx, now) for _ in range(MOST + 2)]
        private = await make_article(tx, now, workspace_id=home.id)

        await tx.fingerprints.add_many(SHARED, [(article.id, [1, 2**63 - 1]) for article in articles])
        await tx.fingerprints.add_many(SHARED, [(articles[0].id, [1, 3])])
        await tx.fingerprints.add_many(home.id, [(private.id, [3])])
        await tx.fingerprints.add_many(SHARED, [])

        newest = tuple(article.id for article in reversed(articles[2:]))
        assert await tx.fingerprints.find({SHARED}, [1, 2**63 - 1, 9]) == {1: newest, 2**63 - 1: newest}
        assert await tx.fingerprints.find({SHARED}, [3, 3]) == {3: (articles[0].id,)}
        assert await tx.fingerprints.find({SHARED, home.id}, [3]) == {3: (private.id, articles[0].id)}
        assert await tx.fingerprints.find({SHARED}, []) == {}
