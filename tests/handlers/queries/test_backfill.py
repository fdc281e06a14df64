"""Backfill: a new or edited topic is matched against the articles that are already stored."""

from datetime import timedelta

import pytest

from handlers.queries.backfill import backfill, enqueue_backfill
from storage.records import SHARED
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_a_backfill_replaces_the_matches_of_an_edited_topic(newsroom: Newsroom) -> None:
    old = await newsroom.add_article("Huawei sold its sea cable unit", ago=80 * DAY)
    wrong = await newsroom.add_article("Huawei opens a plant in Hungary", ago=HOUR)
    right = await newsroom.add_article("Cable ship repaired in Lisbon", ago=2 * HOUR)
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
        assert topic is not None
        await tx.topics.update(topic.id, query="cable", aliases=[])
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert await backfill(newsroom.store, topic.id)
    assert await backfill(newsroom.store, topic.id)

    async with newsroom.store.read() as tx:
        found = await tx.matches.article_ids(topic.id, SHARED, since=None)
    assert old.article and right.article and wrong.article
    assert set(found) == {old.article.id, right.article.id}


async def test_a_limited_backfill_starts_with_the_newest_articles_and_continues_later(newsroom: Newsroom) -> None:
    older = await newsroom.add_article("Huawei sold its sea unit", ago=3 * DAY)
    newer = await newsroom.add_article("Huawei opens a plant in Porto", ago=2 * DAY)
    cable = await newsroom.add_article("Cable ship repaired in Lisbon", ago=HOUR)
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
        assert topic is not None
        await tx.topics.update(topic.id, query="cable", aliases=[])
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert not await backfill(newsroom.store, topic.id, limit=2)

    assert older.article and newer.article and cable.article
    async with newsroom.store.read() as tx:
        assert set(await tx.matches.article_ids(topic.id, SHARED, since=None)) == {older.article.id, cable.article.id}
    assert await backfill(newsroom.store, topic.id)
    async with newsroom.store.read() as tx:
        assert set(await tx.matches.article_ids(topic.id, SHARED, since=None)) == {cable.article.id}


async def test_a_catalogue_topic_is_backfilled_in_private_articles_too(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    await newsroom.add_article("Cable cut in the Baltic", workspace_id=home.id, source_url="https://own.example/feed")
    async with newsroom.store.begin() as tx:
        topic = await tx.topics.add(
            NewTopic(workspace_id=SHARED, name="cables", title="Cables", query="cable"), newsroom.now
        )
        assert topic is not None
        await enqueue_backfill(tx, topic.id, now=newsroom.now)

    assert await backfill(newsroom.store, topic.id)
    async with newsroom.store.read() as tx:
        assert len(await tx.matches.article_ids(topic.id, home.id, since=None)) == 1
        assert await tx.matches.article_ids(topic.id, SHARED, since=None) == ()
