"""Ingest: a document is stored once, matched, decided for each channel and counted, or nothing of it is stored."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from handlers.drafts import Draft
from handlers.ingest.ingest import PAGE
from storage.errors import StorageError
from storage.records import (
    SHARED,
    OutcomeState,
)
from storage.store import Store
from storage.tables import topics
from tests.support.fakes import NOON
from tests.support.world import World, draft, failed, flood, huawei, huawei_elsewhere, watching

FIELDS = {"workspace_id": SHARED, "title": "", "aliases": [], "description": "", "color": "#5b6b7b"}


async def test_a_matching_document_enqueues_one_alert_and_keeps_its_evidence(store: Store) -> None:
    world, channel, _ = await watching(store)

    (arrived,) = await world.take(huawei())

    assert arrived.state == "new"
    assert arrived.article is not None
    assert [topic.name for topic in arrived.topics] == ["huawei"]
    (match,) = arrived.matches
    fields = {"title": arrived.article.title, "body": arrived.article.text}
    assert match.evidence
    assert all(fields[piece.field][piece.start : piece.end] == piece.text for piece in match.evidence)
    assert (arrived.deliveries, arrived.story_articles) == (1, 1)
    (outcome,) = await world.outcomes(channel)
    assert outcome.state is OutcomeState.ALERT
    assert world.woken == 1
    assert (await world.ledger()).agrees


async def test_a_document_without_matches_enqueues_nothing_and_is_counted(store: Store) -> None:
    world, channel, _ = await watching(store)

    (arrived,) = await world.take(flood())

    assert (arrived.state, arrived.topics, arrived.deliveries) == ("new", (), 0)
    assert arrived.story_id is not None
    assert await world.outcomes(channel) == ()
    assert world.woken == 0
    ledger = await world.ledger()
    assert (ledger.unmatched, ledger.ended.unmatched, ledger.agrees) == (1, 1, True)


async def test_an_unreadable_document_is_counted_with_its_reason(store: Store) -> None:
    world, _, _ = await watching(store)

    arrived = await world.take(failed("The file is empty."), draft("", "", url=None))

    assert [result.state for result in arrived] == ["failed", "failed"]
    assert arrived[0].reason == "The file is empty."
    ledger = await world.ledger()
    assert (ledger.failed, ledger.articles, ledger.agrees) == (2, 0, True)


async def test_ingesting_the_same_drafts_again_changes_nothing(store: Store) -> None:
    world, channel, _ = await watching(store)
    drafts: list[Draft] = [
        replace(each, key=f"k{number}") for number, each in enumerate((huawei(), huawei_elsewhere(), flood()))
    ]
    drafts.append(failed(key="k9"))

    await world.take(*drafts)
    before = await world.ledger(), await world.outcomes(channel)
    await world.take(*drafts)
    await World(store).take(*drafts)

    assert (await world.ledger(), await world.outcomes(channel)) == before
    assert before[0].arrivals == 4


async def test_an_entry_that_failed_before_and_is_readable_now_is_a_further_arrival(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    await world.take(failed(key="k1"))
    (arrived,) = await world.take(huawei(key="k1"))

    assert arrived.state == "new"
    ledger = await world.ledger()
    assert (ledger.arrivals, ledger.failed, ledger.matched, ledger.agrees) == (2, 1, 1, True)


async def test_a_topic_created_by_another_process_matches_the_next_document(store: Store) -> None:
    world = World(store)
    channel = await world.channel()
    await world.take(flood())

    await world.subscribe(channel, await world.topic("huawei"))
    (arrived,) = await world.take(huawei())

    assert [topic.name for topic in arrived.topics] == ["huawei"]


async def test_many_drafts_are_all_stored_in_order(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    drafts = [draft(f"Report {number} of a quiet day", f"Nothing of note in place {number}.") for number in range(230)]

    arrived = await world.take(*drafts)

    assert [result.state for result in arrived] == ["new"] * 230
    assert [result.origin for result in arrived] == [each.origin for each in drafts]
    assert (await world.ledger()).agrees


@pytest.mark.parametrize(
    "table", ["articles", "identities", "search_texts", "matches", "stories", "arrivals", "outcomes", "deliveries"]
)
async def test_a_database_failure_at_any_step_stores_nothing_and_a_repeated_call_completes(
    sqlite_store: Store, table: str
) -> None:
    world, channel, _ = await watching(sqlite_store)
    source = await world.source()
    await _execute(sqlite_store, f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")

    with pytest.raises((StorageError, IntegrityError)):
        await world.take(huawei(key="k1"), flood(key="k2"), source=source)

    assert (await world.ledger()).arrivals == 0
    await _execute(sqlite_store, "DROP TRIGGER full")
    first, _ = await world.take(huawei(key="k1"), flood(key="k2"), source=source)
    (second,) = await world.take(huawei_elsewhere(), source=source)
    assert (first.state, first.deliveries) == ("new", 1)
    assert second.story_id == first.story_id
    assert len(await world.outcomes(channel)) == 2
    assert (await world.ledger()).agrees


async def test_many_topics_are_read_in_pages_without_blocking_the_event_loop(store: Store) -> None:
    world, _, topic = await watching(store)
    made = [
        {**FIELDS, "name": f"n{number}", "query": f"word{number}", "created_at": NOON} for number in range(2 * PAGE)
    ]
    async with store.begin() as tx:
        await tx.connection.execute(insert(topics), made)
    seen: set[int] = set()
    reading = asyncio.create_task(world.take(huawei()))

    while not reading.done():
        seen.add(len(world.ingest.matcher.topics))
        await asyncio.sleep(0.001)

    assert [topic.id for topic in reading.result()[0].topics] == [topic.id]
    assert {PAGE, 2 * PAGE} <= seen
    assert len(world.ingest.matcher.topics) == 2 * PAGE + 1


async def test_added_changed_and_removed_topics_take_effect_with_the_next_document(store: Store) -> None:
    world, _, topic = await watching(store)
    await world.take(flood())
    other = await world.topic("nokia")
    async with store.begin() as tx:
        await tx.topics.update(other.id, query="MTS")
        await tx.topics.remove(topic.id)

    (arrived,) = await world.take(huawei())

    assert [topic.name for topic in arrived.topics] == ["nokia"]
    assert world.ingest.matcher.topics.keys() == {other.id}


async def test_a_cancelled_call_leaves_the_topics_complete(store: Store) -> None:
    world, _, topic = await watching(store)
    arriving = asyncio.create_task(world.take(huawei()))
    while not world.ingest.matcher.topics:  # noqa: ASYNC110 - filled by a thread, without an event
        await asyncio.sleep(0)

    arriving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await arriving
    (arrived,) = await world.take(huawei())

    assert [matched.id for matched in arrived.topics] == [topic.id]


async def _execute(store: Store, statement: str) -> None:
    async with store.begin() as tx:
        await tx.connection.execute(text(statement))
