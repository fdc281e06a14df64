"""Checks find what is wrong with a database: in the file, the indexes, repeated columns and the sums."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.arrivals import NewArrival
from storage.checks import check_database
from storage.records import ArrivalState, Evidence, Match
from storage.store import Store, Tx
from tests.support.stores import damage_index, make_article, make_source, make_topic


async def _fill(tx: Tx, now: datetime) -> None:
    topic = await make_topic(tx, now)
    for number in range(20):
        article = await make_article(tx, now, f"Title {number}")
        await tx.search.put(article.id, f"title number{number} huawei")
        found = Match(
            article_id=article.id,
            topic_id=topic.id,
            evidence=(Evidence(field="title", start=0, end=5, text="Title"),),
            score=1.0,
            trace={},
        )
        await tx.matches.add_many([found])
        arrival = NewArrival(key=str(number), origin="feed", state=ArrivalState.MATCHED, article_id=article.id)
        await tx.arrivals.add_many((await make_source(tx, now)).id, [arrival], now)


async def _wrong(store: Store) -> dict[str, str]:
    return {check.name: check.detail for check in await check_database(store) if not check.ok}


async def test_nothing_is_wrong_with_what_the_program_stored(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await _fill(tx, now)

    checks = await check_database(store)

    assert [check.name for check in checks if not check.ok] == []
    assert {"file", "full-text index", "matches", "ledger"} <= {check.name for check in checks}


FAULTS: dict[str, tuple[str, Iterable[str]]] = {
    "an article without words": ("full-text index", ["DELETE FROM search_texts WHERE article_id = 3"]),
    "a match that differs": ("matches", ["UPDATE matches SET story_id = 99 WHERE article_id = 3"]),
    "an arrival that is missing": ("ledger", ["DELETE FROM arrivals WHERE id = 3"]),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found(store: Store, now: datetime, fault: str) -> None:
    name, statements = FAULTS[fault]
    async with store.begin() as tx:
        await _fill(tx, now)
        for statement in statements:
            await tx.connection.execute(text(statement))

    assert list(await _wrong(store)) == [name]


async def test_words_that_the_index_lacks_are_found(store: Store, now: datetime) -> None:
    lost = {
        "sqlite": "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        "postgresql": "UPDATE search_texts SET vector = NULL WHERE article_id = 3",
    }
    async with store.begin() as tx:
        await _fill(tx, now)
        await tx.connection.execute(text(lost[store.database]))

    assert list(await _wrong(store)) == ["full-text index"]


async def test_a_damaged_page_is_found(sqlite_store: Store, sqlite_file: Path, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        await _fill(tx, now)

    await asyncio.to_thread(damage_index, sqlite_file, "ix_articles_received_at")

    assert "file" in await _wrong(sqlite_store)
