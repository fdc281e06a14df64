"""Articles of an earlier version are indexed again in the background; every answer is the same all the while."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers.ingest.reindex import reindex
from handlers.queries.backfill import backfill, enqueue_backfill
from storage.checks import check_database
from storage.records import SHARED, SetAside
from storage.store import Store, Tx
from storage.topics import NewTopic
from tests.support.newsroom import NOW, Newsroom

HOUR = timedelta(hours=1)
LONG = "Huawei opened a plant for 5G antennas near Budapest, it said, and more will follow in other towns. " * 11
LETTER = SetAside("quoted letter", "Norvane Steel sold its mill in Tallinn to Huawei. " * 6)
COMMANDS = (
    "/brief huawei 7d",
    "/find budapest AND plant 7d",
    '/find "5G antennas" NOT tallinn 7d',
    "/find norvane 7d",
    "/topics test huawei AND plant",
    "/topics test plant* NOT budapest",
    "/trend huawei vs 5g 7d",
)


async def _fill(newsroom: Newsroom) -> None:
    await newsroom.open()
    for number in range(60):
        await newsroom.add_article(f"Huawei opens plant {number}", LONG, ago=number * HOUR)
    await newsroom.add_article("Re: the mill", "We agree with the auditors.", ago=HOUR, set_aside=(LETTER,))
    await newsroom.add_article("Штраф від міністерства", "Санкції проти заводу оголошено в Києві.", language="uk")


async def _as_before(tx: Tx) -> None:
    """Store all articles as the version before did: neither packed nor with a version of their words."""
    articles = await tx.articles.recent(SHARED, since=NOW - 99 * HOUR, limit=500)
    for article in articles:
        values = {"id": article.id, "text": article.text}
        await tx.connection.execute(text("UPDATE articles SET text = :text WHERE id = :id"), values)
    for search, table in ((tx.search, "search_texts"), (tx.set_aside_search, "set_aside_texts")):
        for id, words in (await search.words([article.id for article in articles])).items():
            statement = f"UPDATE {table} SET words = :words WHERE article_id = :id"
            await tx.connection.execute(text(statement), {"id": id, "words": words})
        await tx.connection.execute(text(f"UPDATE {table} SET version = 0"))


async def _reindex_all(store: Store) -> None:
    for _ in range(9):
        if await reindex(store, limit=25):
            return
    raise AssertionError("it does not end")


async def _answers(store: Store, reader: str) -> list[object]:
    """Ask everything in a new process, as somebody who has not asked before, and backfill a new topic."""
    newsroom = Newsroom(store)
    answers: list[object] = [await newsroom.ask(line, user=reader) for line in COMMANDS]
    new = NewTopic(workspace_id=SHARED, name=reader, title=reader, query='"opened a plant" AND budapest')
    async with store.begin() as tx:
        topic = await tx.topics.add(new, NOW)
        assert topic is not None
        await enqueue_backfill(tx, topic.id, now=NOW)
    assert await backfill(store, topic.id)
    async with store.begin() as tx:
        answers.append(await tx.matches.article_ids(topic.id, SHARED, since=None))
        await tx.topics.remove(topic.id)
    return answers


async def _packed(store: Store) -> tuple[int, int]:
    """Return how many texts are packed, and how many have words of an older version."""
    async with store.read() as tx:
        (packed,) = (
            await tx.connection.execute(text("SELECT count(*) FROM articles WHERE typeof(text) = 'blob'"))
        ).one()
        return packed, len(await tx.search.outdated(limit=500))


async def test_answers_are_the_same_before_during_and_after(sqlite_store: Store) -> None:
    newsroom = Newsroom(sqlite_store)
    await _fill(newsroom)
    new = await _answers(sqlite_store, "new")
    async with sqlite_store.begin() as tx:
        await _as_before(tx)
    assert await _packed(sqlite_store) == (0, 62)

    before = await _answers(sqlite_store, "before")
    assert not await reindex(sqlite_store, limit=25)
    assert await _packed(sqlite_store) == (23, 37)  # two of the 25 texts are too short to pack
    during = await _answers(sqlite_store, "during")
    await _reindex_all(sqlite_store)
    after = await _answers(sqlite_store, "after")

    assert before == during == after == new
    assert await _packed(sqlite_store) == (60, 0)
    assert [check for check in await check_database(sqlite_store) if not check.ok] == []


async def test_old_articles_are_found_by_inflections_that_are_known_since(store: Store) -> None:
    newsroom = Newsroom(store)
    await _fill(newsroom)
    async with store.begin() as tx:
        (article,) = await tx.articles.recent(SHARED, since=newsroom.now - HOUR / 2, limit=1)
        await tx.search.put(article.id, f"{article.title} {article.text}".casefold().replace(".", ""))
        await tx.connection.execute(text("UPDATE search_texts SET version = 0"))

    before = await newsroom.ask("/find санкція 7d")
    await _reindex_all(store)
    after = await Newsroom(store).ask("/find санкція 7d")

    assert article.title not in str(before)
    assert article.title in str(after)


async def test_old_articles_are_found_by_the_parts_of_hashtags_that_are_words_since(store: Store) -> None:
    newsroom = Newsroom(store)
    await newsroom.open()
    await newsroom.add_article("Trends of the day", "Under #NorvaneVerbot people complain about the mill.")
    async with store.begin() as tx:
        (article,) = await tx.articles.recent(SHARED, since=newsroom.now - HOUR / 2, limit=1)
        await tx.search.put(article.id, "trends of the day under norvaneverbot people complain about the mill")
        await tx.connection.execute(text("UPDATE search_texts SET version = 1"))

    before = await newsroom.ask("/find norvane 7d")
    await _reindex_all(store)
    after = await Newsroom(store).ask('/find "norvane verbot" 7d')

    assert article.title not in str(before)
    assert article.title in str(after)


async def test_an_article_that_is_revised_meanwhile_keeps_its_new_words(sqlite_store: Store) -> None:
    newsroom = Newsroom(sqlite_store)
    await _fill(newsroom)
    async with sqlite_store.begin() as tx:
        await _as_before(tx)
    await newsroom.add_article("Huawei opens plant 0", LONG.replace("Budapest", "Szeged"), url="https://wire.example/1")

    await _reindex_all(sqlite_store)

    async with sqlite_store.read() as tx:
        assert len(await tx.search.candidates([["szeged"]], SHARED, since=None, limit=9)) == 1
        assert len(await tx.search.candidates([["budapest"]], SHARED, since=None, limit=99)) == 59


@pytest.mark.parametrize("limit", [25, 500])
async def test_when_all_is_done_nothing_is_read_again(sqlite_store: Store, limit: int) -> None:
    await _fill(Newsroom(sqlite_store))

    assert await reindex(sqlite_store, limit=limit)
    assert await reindex(sqlite_store, limit=limit)
