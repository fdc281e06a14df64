"""Reading the window of stories: outside the transaction that writes, once, and only what the index lacks."""

from datetime import timedelta

from handlers.ingest.ingest import Ingest
from handlers.ingest.story_window import read_window
from handlers.stories.similarity import StoryIndex
from storage.store import Store
from tests.support.newsroom import Newsroom

FLOODS = "Floods in Lund after the river Höje rose by two metres"
DAY = timedelta(days=1)


async def test_the_index_gets_the_articles_of_the_window_once(store: Store) -> None:
    newsroom = await Newsroom(store).open()
    old = await newsroom.add_article("Snow in Kiruna", ago=9 * DAY)
    first = await newsroom.add_article(FLOODS)
    index = StoryIndex()

    for _ in range(2):
        async with store.read() as tx:
            await read_window(tx, index, newsroom.now - 3 * DAY)

    assert old.article is not None and first.article is not None
    assert len(index) == 1 and first.article.id in index


async def test_an_article_joins_a_story_of_another_process_after_a_start(store: Store) -> None:
    newsroom = await Newsroom(store).open()
    first = await newsroom.add_article(FLOODS, url="https://wire.example/floods")
    newsroom.ingest = Ingest(store)

    second = await newsroom.add_article(
        FLOODS, url="https://daily.example/floods", publisher="Daily", source_url="https://daily.example/feed"
    )

    assert second.story_id == first.story_id is not None
