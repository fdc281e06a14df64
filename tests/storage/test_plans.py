"""The questions that are asked often find their rows by an index: none reads a whole table that only grows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from storage.records import DeliveryKind
from storage.store import Store, Tx

GROWING = ("arrivals", "articles", "deliveries", "fingerprints", "identities", "matches", "outcomes", "stories")
MONTH = timedelta(days=30)

QUESTIONS: dict[str, Callable[[Tx, datetime], Awaitable[object]]] = {
    "mentions of a topic": lambda tx, now: tx.matches.mentions(1, 1, since=now - MONTH, until=now),
    "the stories of a topic": lambda tx, now: tx.matches.tallies(1, 1, since=now - MONTH, until=now),
    "a topic's mentions a day": lambda tx, now: tx.matches.span_counts([1], 1, [now - MONTH, now], until=now),
    "stories to expect": lambda tx, now: tx.matches.starts([1, 2], 1, since=now - MONTH, early=now, until=now),
    "when a topic's articles came": lambda tx, now: tx.matches.times(1, 1, since=now - MONTH),
    "articles of every topic": lambda tx, now: tx.matches.counts(1, since=now - MONTH),
    "topics beside a topic": lambda tx, now: tx.matches.beside(1, 1, since=now - MONTH, until=now),
    "a topic's first mention": lambda tx, now: tx.matches.first_received_at(1, 1),
    "a topic's newest articles": lambda tx, now: tx.matches.article_ids(1, 1, since=now - MONTH, limit=10),
    "articles by their ids": lambda tx, now: tx.articles.by_ids([1, 2, 3]),
    "an article by its address": lambda tx, now: tx.articles.by_urls(1, ["https://news.example/1", "b"], limit=9),
    "articles of a source": lambda tx, now: tx.articles.of_source(1, 1, limit=9),
    "articles by their fingerprints": lambda tx, now: tx.fingerprints.find({0, 1}, [1, 2]),
    "names of articles in a feed": lambda tx, now: tx.arrivals.count_of_articles(1, [1, 2]),
    "channels with a sample of a feed": lambda tx, now: tx.outcomes.channels_sampling(1),
    "who has these names": lambda tx, now: tx.articles.owners({0, 1}, ["url:a", "hash:b"]),
    "articles of a story": lambda tx, now: tx.articles.of_story(1, 1),
    "features of new articles": lambda tx, now: tx.articles.features_after(received_after=now - MONTH, ids_after=9),
    "the archive by a word": lambda tx, now: tx.search.candidates([["huawei"]], 1, since=now - MONTH, limit=10),
    "what became of an article": lambda tx, now: tx.outcomes.of_article(1, 1),
    "what was decided in a channel": lambda tx, now: tx.outcomes.of_channel(1, since=now - MONTH),
    "alerts started lately": lambda tx, now: tx.outcomes.count_alerts_of([1, 2], now - MONTH),
    "a delivery by its subject": lambda tx, now: tx.deliveries.find(1, DeliveryKind.ALERT, "1"),
    "alerts of stories": lambda tx, now: tx.deliveries.alerts_of([1, 2]),
    "channels with something to post": lambda tx, now: tx.deliveries.ready_channels(now, 10),
    "when something is due": lambda tx, now: tx.deliveries.next_due_at(),
    "a channel's next delivery": lambda tx, now: tx.deliveries.claim(1, now=now, lease=MONTH),
}


@asynccontextmanager
async def _noted(tx: Tx) -> AsyncIterator[list[tuple[str, Any]]]:
    """Every statement with its parameters."""
    said: list[tuple[str, Any]] = []
    connection = tx.connection.sync_connection
    assert connection is not None

    def note(_: object, __: object, statement: str, parameters: Any, *rest: object) -> None:
        said.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_it_finds_its_rows_by_an_index(sqlite_store: Store, now: datetime, question: str) -> None:
    async with sqlite_store.begin() as tx:
        async with _noted(tx) as said:
            await QUESTIONS[question](tx, now)

        assert said
        for statement, parameters in said:
            plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan.all()]
            scans = [step for step in steps if step.startswith("SCAN") and step.split()[1] in GROWING]
            assert all("ix_deliveries_pending" in scan for scan in scans), steps


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("the stories of a topic", "ix_matches_at"),
        ("a topic's mentions a day", "ix_matches_at"),
        ("stories to expect", "ix_matches_at"),
        ("articles of every topic", "ix_matches_topic_id"),
        ("when a topic's articles came", "ix_matches_topic_id"),
    ],
)
async def test_counts_and_charts_read_the_index_alone(
    sqlite_store: Store, now: datetime, question: str, index: str
) -> None:
    async with sqlite_store.begin() as tx:
        async with _noted(tx) as said:
            await QUESTIONS[question](tx, now)

        for statement, parameters in said:
            plan = await tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row.detail for row in plan.all() if " matches " in row.detail]
            assert steps
            assert all(f"COVERING INDEX {index} (" in step for step in steps)
