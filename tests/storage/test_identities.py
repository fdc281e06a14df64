"""Identities: an article is recognized by its keys, within its workspace."""

from datetime import datetime

from storage.records import SHARED
from storage.store import Store
from tests.support.stores import make_article, make_workspace


async def test_an_article_is_found_by_the_first_key_in_use_and_shared_ones_precede(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        home = await make_workspace(tx, now)
        shared, private = await make_article(tx, now), await make_article(tx, now, workspace_id=home.id)
        other = await make_article(tx, now)
        await tx.identities.add_many(SHARED, [(shared.id, ["guid:1", "url:1"])])
        await tx.identities.add_many(home.id, [(private.id, ["url:1", "url:2"])])
        await tx.identities.add_many(SHARED, [(other.id, ["url:1", "url:3", "url:3"])])

        async def owner(*keys: str, workspaces: tuple[int, ...] = (SHARED, home.id)) -> int | None:
            found = await tx.articles.by_keys(workspaces, keys)
            return None if found is None else found.id

        assert await owner("url:9") is None
        assert await owner("url:9", "url:1") == shared.id
        assert await owner("url:2", "url:1") == private.id
        assert await owner("url:1", workspaces=(home.id,)) == private.id
        assert await owner("url:2", workspaces=(SHARED,)) is None
        assert await owner("url:3") == other.id
        await tx.identities.add_many(SHARED, [(shared.id, ["url:9", "url:3"])])
        assert await owner("url:9") == shared.id
        assert await owner("url:3") == other.id
