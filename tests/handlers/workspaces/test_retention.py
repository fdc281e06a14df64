"""Retention: what has reached its age is deleted and counted, what people still see stays, and nothing comes twice."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from handlers.reports.digest import enqueue_digests
from handlers.rules.retention import Kind, Retention
from handlers.workspaces.retention import (
    DRAFT_RETENTION,
    EVENT_RETENTION,
    STEP,
    delete_expired,
    prune,
)
from storage.records import Channel, Pace, Platform, SourceKind
from storage.store import Store
from storage.tables import matches
from tests.support.stores import make_workspace
from tests.support.world import World, draft, failed, huawei, watching

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
RETENTION = Retention()
AGE, LONGER = timedelta(days=401), timedelta(days=1_202)


async def _prune(store: Store, now: datetime, *, dry_run: bool = False) -> tuple[Counter[str], Counter[str]]:
    """Prune, and return how many rows were deleted, by kind, and how many stay, by reason."""
    deleted: Counter[str] = Counter()
    stay: Counter[str] = Counter()
    async for step in prune(store, RETENTION, now=now, dry_run=dry_run):
        deleted[step.kind] += step.deleted
        stay += step.stay
    return deleted, stay


async def _is_stored(world: World, article_id: int) -> bool:
    async with world.store.read() as tx:
        return await tx.articles.get(article_id) is not None


async def test_drafts_are_kept_for_months_and_event_records_for_days(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        home = await make_workspace(tx, now)
        old = await tx.drafts.save(home.id, {"query": "old"}, now)
        renewed = await tx.drafts.save(home.id, {"query": "saved again"}, now)
        await tx.seen_events.begin(Platform.SLACK, "Ev1", now=now, until=now)

    later = now + DRAFT_RETENTION
    async with sqlite_store.begin() as tx:
        assert await tx.drafts.save(home.id, {"query": "saved again"}, later) == renewed
        await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=later + EVENT_RETENTION)
    await delete_expired(sqlite_store, later + SECOND, RETENTION)

    async with sqlite_store.begin() as tx:
        assert await tx.drafts.get(old, home.id) is None
        assert await tx.drafts.get(renewed, home.id) == {"query": "saved again"}
        until = later + EVENT_RETENTION
        assert await tx.seen_events.begin(Platform.SLACK, "Ev1", now=later, until=until)
        assert not await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=until)


async def test_old_articles_are_deleted_with_all_that_belongs_to_them_and_counted(store: Store) -> None:
    world, channel, _ = await watching(store)
    await world.subscribe(channel, await world.topic("valley"), pace=Pace.DAILY)
    drafts = (draft("Flood in the valley", "Water."), draft("Nothing of note", "No topic."), failed())
    (old, unmatched, _), now = await world.take(*drafts), world.now
    world.clock.advance(AGE - DAY)
    (new,) = await world.take(draft("Rain in the valley", "More water."))
    before = await world.ledger()

    deleted, stay = await _prune(store, now + AGE)

    after = await world.ledger()
    assert (deleted[Kind.ARTICLES], deleted[Kind.ARRIVALS], stay) == (2, 1, {})
    assert [await _is_stored(world, result.article.id) for result in (old, unmatched, new) if result.article] == [
        False,
        False,
        True,
    ]
    assert after.agrees
    assert (after.pruned.articles, after.pruned.arrivals, after.pruned.outcomes) == (2, 3, 1)
    assert (after.arrivals, after.articles, after.outcomes, after.ended) == (
        before.arrivals,
        before.articles,
        before.outcomes,
        before.ended,
    )
    async with store.read() as tx:
        assert await tx.stories.get(old.story_id or 0) is None
        assert await tx.search.candidates([["flood"]], 0, since=None, limit=5) == ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An article of the story that a test keeps, and where it is shown."""

    world: World
    channel: Channel
    article_id: int
    story_id: int


async def _posted(shown: Shown) -> None:
    await shown.world.post()


async def _followed(shown: Shown) -> None:
    async with shown.world.store.begin() as tx:
        await tx.follows.set(shown.channel.id, shown.story_id, "U1", shown.world.now)


async def _muted(shown: Shown) -> None:
    async with shown.world.store.begin() as tx:
        await tx.mutes.add(shown.channel.id, f"story:{shown.story_id}", "U1", shown.world.now)


async def _corrected(shown: Shown) -> None:
    async with shown.world.store.begin() as tx:
        corrected = {shown.article_id: shown.story_id}
        await tx.story_corrections.put(shown.channel.workspace_id, corrected, by="U1", now=shown.world.now)


async def _quoted(shown: Shown) -> None:
    world = shown.world
    world.clock.advance(DAY)
    async with world.store.begin() as tx:
        await tx.channels.update(shown.channel.id, digest_time=time(8, 30), next_digest_at=world.now)
    assert await enqueue_digests(world.store, world.now)
    await world.post()


REASONS: dict[str, tuple[Pace, Callable[[Shown], Awaitable[None]]]] = {
    "posted": (Pace.INSTANT, _posted),
    "followed": (Pace.DAILY, _followed),
    "muted": (Pace.DAILY, _muted),
    "corrected": (Pace.DAILY, _corrected),
    "digest": (Pace.DAILY, _quoted),
}
"""What keeps an article: the pace of the subscription that it matches, and what people or the bot do with it."""


@pytest.mark.parametrize("reason", REASONS)
async def test_what_people_see_or_decided_about_stays_longer(store: Store, reason: str) -> None:
    pace, show = REASONS[reason]
    world = World(store)
    channel, topic = await world.channel(), await world.topic()
    await world.subscribe(channel, topic, pace=pace)
    first, now = (await world.take(huawei()))[0], world.now
    assert first.article is not None and first.story_id is not None
    await show(Shown(world, channel, first.article.id, first.story_id))

    planned = await _prune(store, now + AGE, dry_run=True)
    done = await _prune(store, now + AGE)

    assert planned == done
    assert done[1] == {reason: 1}
    assert await _is_stored(world, first.article.id)
    assert (await world.ledger()).agrees

    await _prune(store, now + LONGER)

    assert not await _is_stored(world, first.article.id)
    ledger = await world.ledger()
    assert ledger.agrees
    assert ledger.pruned.deliveries == ledger.deliveries


async def test_an_article_with_a_pending_post_is_never_deleted(store: Store) -> None:
    world, _, _ = await watching(store)
    (pending,) = await world.take(huawei())

    _, stay = await _prune(store, world.now + 2 * LONGER)

    assert stay["pending"] == 1
    assert pending.article is not None and await _is_stored(world, pending.article.id)


async def test_a_dry_run_deletes_nothing(store: Store) -> None:
    world, _, _ = await watching(store)
    await world.take(draft("Flood in the valley", "Water."))
    before = await world.ledger()

    deleted, _ = await _prune(store, world.now + AGE, dry_run=True)

    assert deleted[Kind.ARTICLES] == 1
    assert await world.ledger() == before


async def test_a_document_that_was_deleted_because_of_its_age_is_a_duplicate(store: Store) -> None:
    world = World(store)
    await world.take(huawei())
    await _prune(store, world.now + AGE)

    (again,) = await world.take(huawei(url=None))
    (other,) = await world.take(draft("Flood in the valley", "Water."))

    assert (again.state, again.article, again.reason) == (
        "known",
        None,
        "It was stored before, and deleted because of its age.",
    )
    assert other.state == "new"
    assert (await world.ledger()).agrees


async def test_traces_go_earlier_than_their_matches(store: Store) -> None:
    world, _, _ = await watching(store)
    (result,) = await world.take(huawei())
    assert result.article is not None
    async with store.begin() as tx:  # as versions before this one stored it
        await tx.connection.execute(update(matches).values(trace={"node": "word"}))

    deleted, _ = await _prune(store, world.now + timedelta(days=91))

    assert deleted[Kind.TRACES] == 1
    async with store.read() as tx:
        (match,) = await tx.matches.of_article(result.article.id)
    assert match.trace == {}
    assert match.evidence
    assert (await _prune(store, world.now + timedelta(days=92)))[0][Kind.TRACES] == 0


async def test_the_scheduled_job_deletes_in_small_steps_and_continues_where_it_stopped(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    for number in range(0, 3 * STEP, STEP):
        await world.take(*(draft(f"Notice {n}", f"Of {n}.") for n in range(number, number + STEP)))
    later = world.now + AGE
    async for first in prune(sqlite_store, RETENTION, now=later):
        assert (first.read, first.deleted) == (STEP, STEP)
        break
    assert (await world.ledger()).pruned.articles == STEP

    await delete_expired(sqlite_store, later, RETENTION)

    ledger = await world.ledger()
    assert (ledger.pruned.articles, ledger.articles) == (3 * STEP, 3 * STEP)
    assert ledger.agrees


async def test_what_the_settings_keep_for_ever_is_not_deleted(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    await world.take(huawei())
    before = await world.ledger()

    await delete_expired(sqlite_store, world.now + 9 * LONGER, Retention(articles=None, arrivals=None, traces=None))

    assert await world.ledger() == before


async def test_a_removed_workspace_leaves_sums_that_agree(store: Store) -> None:
    world, channel, _ = await watching(store)
    source = await world.source("own", kind=SourceKind.UPLOAD, workspace_id=channel.workspace_id)
    await world.take(huawei(), source=source)
    await _prune(store, world.now + timedelta(days=150))
    assert (await world.ledger()).pruned.arrivals == 1

    async with store.begin() as tx:
        await tx.workspaces.remove(channel.workspace_id)

    assert (await world.ledger()).agrees
