"""Frequent queries find their rows by an index. None of them scans a table that keeps growing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from storage.records import Channel, DeliveryKind, Platform
from storage.store import Store, Tx

GROWING_TABLES = (
    "arrivals",
    "articles",
    "deliveries",
    "fingerprints",
    "identities",
    "matches",
    "outcomes",
    "set_aside",
    "stops",
    "stories",
)
MONTH = timedelta(days=30)

CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.CONSOLE,
    workspace_external_id="local",
    external_id="intel",
    name="intel",
)
QUERIES: dict[str, Callable[[Tx, datetime], Awaitable[object]]] = {
    "mentions of a topic": lambda tx, now: tx.matches.mentions(1, 1, since=now - MONTH, until=now),
    "the stories of a topic": lambda tx, now: tx.matches.tallies(1, 1, since=now - MONTH, until=now),
    "a topic's mentions per day": lambda tx, now: tx.matches.span_counts([1], 1, [now - MONTH, now], until=now),
    "when stories began": lambda tx, now: tx.matches.story_starts([1, 2], 1, since=now - MONTH, early=now, until=now),
    "when a topic's articles were received": lambda tx, now: tx.matches.times(1, 1, since=now - MONTH),
    "articles of every topic": lambda tx, now: tx.matches.counts(1, since=now - MONTH),
    "topics that were stopped at an article": lambda tx, now: tx.stops.of_article(1),
    "how often a topic was stopped": lambda tx, now: tx.stops.tally(1, 1, since=now - MONTH),
    "related topics": lambda tx, now: tx.matches.related_topics(1, 1, since=now - MONTH, until=now),
    "a topic's first mention": lambda tx, now: tx.matches.first_received_at(1, 1),
    "a topic's newest articles": lambda tx, now: tx.matches.article_ids(1, 1, since=now - MONTH, limit=10),
    "articles by their ids": lambda tx, now: tx.articles.by_ids([1, 2, 3]),
    "reports by their ids": lambda tx, now: tx.articles.reports([1, 2, 3]),
    "an article by its address": lambda tx, now: tx.articles.by_urls(1, ["https://news.example/1", "b"], limit=9),
    "articles of a source": lambda tx, now: tx.articles.of_source(1, 1, limit=9),
    "articles with a word in what was set aside": lambda tx, now: tx.set_aside_search.candidates(
        [["huawei"]], 1, since=now - MONTH, limit=10
    ),
    "what was set aside of articles": lambda tx, now: tx.set_aside.of_articles([1, 2]),
    "versions of articles": lambda tx, now: tx.articles.text_versions([1, 2]),
    "articles by their fingerprints": lambda tx, now: tx.fingerprints.find({0, 1}, [1, 2]),
    "names of articles in a feed": lambda tx, now: tx.arrivals.count_of_articles(1, [1, 2]),
    "channels with a sample of a feed": lambda tx, now: tx.outcomes.channels_sampling(1),
    "owners of keys": lambda tx, now: tx.identities.owners({0, 1}, ["url:a", "hash:b"]),
    "articles of a story": lambda tx, now: tx.articles.of_story(1, 1),
    "publishers of stories": lambda tx, now: tx.articles.publishers_of_stories([1, 2], 1),
    "articles of a story in a channel": lambda tx, now: tx.channel_stories.articles(CHANNEL, 1),
    "headlines of stories in channels": lambda tx, now: tx.channel_stories.members([CHANNEL], {1, 2}),
    "earlier articles of a story": lambda tx, now: tx.channel_stories.earlier(CHANNEL, 1),
    "notes about stories": lambda tx, now: tx.deliveries.note_subjects([1, 2]),
    "corrections of articles": lambda tx, now: tx.story_corrections.of_articles([1, 2]),
    "articles of a corrected story": lambda tx, now: tx.story_corrections.article_ids(1, 1),
    "new articles": lambda tx, now: tx.articles.ids_after(9, received_after=now - MONTH),
    "features of new articles": lambda tx, now: tx.articles.features_of([9]),
    "articles with a word": lambda tx, now: tx.search.candidates([["huawei"]], 1, since=now - MONTH, limit=10),
    "the outcome of an article": lambda tx, now: tx.outcomes.of_article(1, 1),
    "outcomes of a channel": lambda tx, now: tx.outcomes.of_channel(1, since=now - MONTH),
    "recent alerts": lambda tx, now: tx.outcomes.count_alerts_of([1, 2], now - MONTH),
    "a delivery by its subject": lambda tx, now: tx.deliveries.find(1, DeliveryKind.ALERT, "1"),
    "alerts of stories": lambda tx, now: tx.deliveries.alerts_of([1, 2]),
    "channels with due deliveries": lambda tx, now: tx.deliveries.ready_channels(now, 10),
    "when the next delivery is due": lambda tx, now: tx.deliveries.next_due_at(now),
    "a channel's next delivery": lambda tx, now: tx.deliveries.claim(1, now=now, lease=MONTH),
}


@asynccontextmanager
async def _recorded(tx: Tx) -> AsyncIterator[list[tuple[str, Any]]]:
    """Yield a list that receives every statement with its parameters."""
    statements: list[tuple[str, Any]] = []
    connection = await tx.connection.run_sync(lambda connection: connection)

    def record(_: object, __: object, statement: str, parameters: Any, *rest: object) -> None:
        statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", record)


@pytest.mark.parametrize("query", QUERIES)
async def test_a_frequent_query_scans_no_growing_table(sqlite_store: Store, now: datetime, query: str) -> None:
    async with sqlite_store.begin() as tx:
        async with _recorded(tx) as statements:
            await QUERIES[query](tx, now)

        assert statements
        for statement, parameters in statements:
            plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan.all()]
            scans = [step for step in steps if step.startswith("SCAN") and step.split()[1] in GROWING_TABLES]
            assert all("ix_deliveries_pending" in scan for scan in scans), steps


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("the stories of a topic", "ix_matches_at"),
        ("a topic's mentions per day", "ix_matches_at"),
        ("when stories began", "ix_matches_at"),
        ("articles of every topic", "ix_matches_topic_id"),
        ("when a topic's articles were received", "ix_matches_topic_id"),
    ],
)
async def test_counts_and_charts_read_only_an_index(sqlite_store: Store, now: datetime, query: str, index: str) -> None:
    async with sqlite_store.begin() as tx:
        async with _recorded(tx) as statements:
            await QUERIES[query](tx, now)

        counts = [(statement, parameters) for statement, parameters in statements if "FROM matches" in statement]
        assert counts
        for statement, parameters in counts:
            plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan.all() if " matches " in row.detail]
            assert steps
            assert all(f"COVERING INDEX {index} (" in step for step in steps)
