"""/topics list and show: a topic's query, figures and channels."""

import asyncio
from datetime import timedelta

import pytest

from handlers.answers.answer import Listing
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all, enqueue_backfill
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom, chip_news

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await chip_news(sqlite_store)


def facts(listing: Listing) -> list[tuple[str, str]]:
    return [(row.title, row.detail) for row in listing.rows]


async def test_the_list_and_a_topic_show_their_figures(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")
    await newsroom.ask("/subscribe chips")

    every = await newsroom.ask("/topics")
    shown = await newsroom.ask("/topics show chips")

    assert isinstance(every, Listing) and every.summary.startswith("5 topics, 1 of them yours.")
    details = {row.title: row.detail for row in every.rows}
    assert details["chips"] == "1 article in 7 days · yours" and details["Huawei"] == "0 articles in 7 days"
    assert isinstance(shown, Listing)
    assert [(row.title, row.detail) for row in shown.rows] == [
        ("Query", "semiconductor"),
        ("Figures", "1 article in 30 days · 1 of them in the last 7 days · 1 story · about 1 story a week"),
        ("Last mention", "Tue 14:00"),
        ("Subscribed", "#general"),
        ("From", "this workspace"),
    ]


async def test_an_interrupted_backfill_is_shown_and_is_completed_at_the_next_start(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    async with newsroom.store.begin() as tx:  # as if /topics add had been interrupted here
        topic = await tx.topics.add(
            NewTopic(workspace_id=home.id, name="chips", title="Chips", query="semiconductor OR chipmaker"),
            newsroom.now,
        )
        assert topic is not None
        await enqueue_backfill(tx, topic.id, now=newsroom.now)
    before = await newsroom.ask("/topics show chips")

    await asyncio.gather(backfill_all(newsroom.store, limit=1), backfill_all(newsroom.store, limit=1))  # two at once
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)

    after = await newsroom.ask("/topics show chips")
    assert isinstance(before, Listing) and ("Older articles", "still being searched") in facts(before)
    assert isinstance(after, Listing) and "Older articles" not in dict(facts(after))
    assert dict(facts(after))["Figures"].startswith("2 articles in 30 days")


async def test_a_channel_that_may_be_private_is_counted_but_not_named(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add ours = lyon")
    await newsroom.ask("/subscribe ours", channel="C2")

    without = [await newsroom.ask(line) for line in ("/topics show ours", "/topics remove ours")]
    within = await newsroom.ask("/topics show ours", manages=frozenset({"C2"}))

    assert (
        "intel" not in repr(without) and "1 other channel" in repr(without[0]) and "1 other channel" in repr(without[1])
    )
    assert "#intel" in repr(within)
