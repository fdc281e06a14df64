"""Parts that were set aside: stored once with their article, found by words, and deleted with it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from storage.records import SHARED, SetAside
from storage.store import Store
from storage.tables import articles, set_aside, set_aside_texts
from tests.support.stores import make_article, make_workspace

LETTER, SIGNATURE = SetAside("quoted letter", "Is the plant closed?"), SetAside("signature", "Ann")


async def test_an_article_keeps_each_part_once_in_the_order_of_the_document(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, second = await make_article(tx, now), await make_article(tx, now, "ZTE opens a plant")

        added = await tx.set_aside.add_many([(first.id, [SIGNATURE, LETTER, SIGNATURE]), (second.id, [LETTER])])
        again = await tx.set_aside.add_many([(first.id, [LETTER, SIGNATURE])])
        more = await tx.set_aside.add_many([(first.id, [LETTER, SetAside("footer", "Ann")]), (second.id, [])])

        assert (sorted(added), sorted(again), sorted(more)) == ([first.id, second.id], [], [first.id])
        assert await tx.set_aside.of_articles([second.id, first.id, 999]) == {
            first.id: (SIGNATURE, LETTER, SetAside("footer", "Ann")),
            second.id: (LETTER,),
        }
        assert await tx.set_aside.add_many([]) == frozenset()


async def test_a_new_part_is_a_new_version_of_the_article(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        article, other = await make_article(tx, now), await make_article(tx, now, "ZTE opens a plant")
        before = await tx.articles.text_versions([article.id, other.id])

        await tx.set_aside.add_many([(article.id, [LETTER])])

        after = await tx.articles.text_versions([article.id, other.id])
        assert after[article.id] != before[article.id]
        assert after[other.id] == before[other.id]


async def test_the_words_are_found_apart_from_those_of_articles(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        mine, theirs = await make_workspace(tx, now, "mine"), await make_workspace(tx, now, "theirs")
        shared = await make_article(tx, now)
        private = await make_article(tx, now, workspace_id=theirs.id)
        await tx.set_aside_search.put_many([(shared.id, "norvane steel"), (private.id, "old words")])
        await tx.set_aside_search.put(private.id, "norvane steel")

        groups, since = [["norvane steel"]], now - timedelta(days=1)
        assert await tx.search.candidates(groups, mine.id, since=since, limit=9) == ()
        assert await tx.set_aside_search.candidates(groups, mine.id, since=since, limit=9) == (shared.id,)
        assert await tx.set_aside_search.candidates(groups, theirs.id, since=since, limit=9) == (private.id, shared.id)
        assert await tx.set_aside_search.candidates([["old"]], theirs.id, since=since, limit=9) == ()
        assert await tx.search.candidates([["huawei"]], SHARED, since=since, limit=9) == (shared.id,)


async def test_parts_and_their_words_are_removed_alone_or_with_their_article(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        made = [await make_article(tx, now, f"Huawei {number}") for number in range(3)]
        await tx.set_aside.add_many((article.id, [LETTER]) for article in made)
        await tx.set_aside_search.put_many((article.id, "closed") for article in made)

        await tx.set_aside.remove_article(made[0].id)
        await tx.connection.execute(delete(articles).where(articles.c.id == made[1].id))

        assert list(await tx.set_aside.of_articles(article.id for article in made)) == [made[2].id]
        assert await tx.set_aside_search.candidates([["closed"]], SHARED, since=None, limit=9) == (made[2].id,)
        for table in (set_aside, set_aside_texts):
            assert (await tx.connection.execute(select(func.count()).select_from(table))).scalar_one() == 1
