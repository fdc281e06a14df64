"""What joins a story under another headline is visible in the thread of the alert: once, in few notes."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from handlers.answers.answer import Note
from handlers.drafts import ArticleDraft
from handlers.ingest.ingest import Ingest
from storage.records import DeliveryKind, DeliveryState, Pace
from storage.store import Store
from tests.support.world import World, copied, huawei, huawei_elsewhere, watching

HEADLINES = (
    "Moscow signs up Huawei",
    "Huawei deal for MTS",
    "Pilot networks in two years",
    "Putin and Xi look on as MTS signs",
    "Seventy-eight million subscribers to get 5G",
)


def report(number: int, **fields: Any) -> ArticleDraft:
    """Return a copy of the first article by another publisher, under a headline of its own."""
    values = {"title": HEADLINES[number], "url": f"https://p{number}.example/a", "publisher": f"Paper {number}"}
    return copied(**{**values, **fields})


def lines(world: World) -> list[tuple[str, str, str]]:
    """Return the label, headline and publisher of each note, as it is shown now."""
    notes = [message.shown for message in world.messenger.messages if message.thread]
    return [(n.label, n.headline.text, n.source.publisher) for n in notes if isinstance(n, Note) and n.headline]


async def test_an_article_under_another_headline_leaves_a_line_in_the_thread(store: Store) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei())
    await world.post()

    await world.take(report(0))
    await world.post(after=timedelta(minutes=1))

    (note,) = world.notes(channel)
    assert lines(world) == [("Added", HEADLINES[0], "Paper 0")]
    assert note.headline is not None
    assert (note.headline.url, note.mentions) == ("https://p0.example/a", ())
    assert (await world.ledger()).agrees


@pytest.mark.parametrize(
    "title",
    [
        "MTS AND HUAWEI AGREE TO BUILD 5G IN RUSSIA!",
        "UPDATE 1-MTS and Huawei agree to build 5G in Russia",
        "MTS and Huawei agree to build 5G in Russia - Sample Post",
    ],
)
async def test_the_same_headline_needs_no_line(sqlite_store: Store, title: str) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.take(copied(title=title))
    await world.post(after=timedelta(minutes=1))

    (alert,) = world.alerts(channel)
    assert len(alert.more) == 1
    assert world.notes(channel) == []


async def test_a_new_fact_is_posted_together_with_the_headline(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.take(huawei_elsewhere())
    await world.post(after=timedelta(minutes=1))

    (note,) = world.notes(channel)
    assert (note.label, note.has_sentence) == ("New", True)
    assert note.headline is not None
    assert note.headline.text == huawei_elsewhere().title


async def test_few_lines_are_posted_and_the_last_note_counts_the_others(store: Store) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei())
    await world.post()

    for number in range(4):
        await world.take(report(number))
    await world.post(after=timedelta(minutes=1))
    await world.take(report(4))
    await world.take(report(4, url="https://p5.example/a", publisher="Paper 5"))
    await world.post(after=timedelta(minutes=1))

    assert [label for label, _, _ in lines(world)] == ["Added", "Added", "Added", "And 2 more"]
    assert lines(world)[-1] == ("And 2 more", HEADLINES[4], "Paper 4")
    assert len(world.alerts(channel)) == 1
    assert (await world.ledger()).agrees


async def test_a_line_is_posted_once_after_a_restart_and_when_two_processes_work_at_once(store: Store) -> None:
    world, _, _ = await watching(store)
    await world.take(huawei())
    await world.post()
    await world.take(report(0))

    world.ingest = Ingest(store)
    await asyncio.gather(world.take(report(1)), world.take(report(0)))
    await world.post(after=timedelta(minutes=1))

    assert sorted(headline for _, headline, _ in lines(world)) == sorted(HEADLINES[:2])


async def test_a_line_is_posted_in_quiet_hours_and_for_an_article_that_is_held(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    await world.workspace(quiet_from=time(11), quiet_until=time(20), languages=["en"])

    await world.take(report(0), report(1, language="de"))
    await world.post(after=timedelta(minutes=1))

    assert [headline for _, headline, _ in lines(world)] == list(HEADLINES[:2])


async def test_an_alert_that_begins_late_shows_the_headlines_that_the_story_already_has(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.subscribe(channel, await world.topic("huawei"), pace=Pace.DAILY)
    await world.subscribe(channel, await world.topic("nato"))

    await world.take(report(0))
    await world.take(huawei_elsewhere())
    await world.post(after=timedelta(minutes=1))

    (alert,) = world.alerts(channel)
    assert alert.headline.text == huawei_elsewhere().title
    assert [headline for _, headline, _ in lines(world)] == [HEADLINES[0]]


async def test_a_muted_story_gets_no_lines_and_other_workspaces_get_their_own(sqlite_store: Store) -> None:
    world, channel, topic = await watching(sqlite_store)
    other = await world.channel("news", workspace="other")
    await world.subscribe(other, topic)
    (first,) = await world.take(huawei())
    await world.post()
    async with sqlite_store.begin() as tx:
        await tx.mutes.add(channel.id, f"story:{first.story_id}", "U1", world.now)

    await world.take(report(0))
    await world.post(after=timedelta(minutes=1))

    assert (world.notes(channel), len(world.notes(other))) == ([], 1)


async def test_a_private_article_leaves_a_line_in_its_own_workspace_only(sqlite_store: Store) -> None:
    world, channel, topic = await watching(sqlite_store)
    other = await world.channel("news", workspace="other")
    await world.subscribe(other, topic)
    await world.take(huawei())
    await world.post()

    private = await world.source("private", workspace_id=(await world.workspace("other")).id)
    await world.take(report(0), source=private)
    await world.post(after=timedelta(minutes=1))

    assert (world.notes(channel), len(world.notes(other))) == ([], 1)


async def test_a_line_waits_for_its_alert_and_dies_with_it(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    (first,) = await world.take(huawei())
    await world.take(report(0))
    alert, line = await world.deliveries(first.story_id)

    async with sqlite_store.begin() as tx:
        await tx.deliveries.kill(alert.id, reason="refused", now=world.now)

    assert (line.kind, line.parent_id) == (DeliveryKind.NOTE, alert.id)
    assert (await world.delivery(line.id)).state is DeliveryState.DEAD
    assert (await world.ledger()).agrees


async def test_stories_that_are_merged_show_the_headlines_that_the_channel_has_not_seen(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    private = await world.source("private", workspace_id=channel.workspace_id)
    await world.take(huawei(), source=private)
    await world.take(report(0), source=private)
    await world.post()

    await world.take(report(1))
    await world.post(after=timedelta(minutes=1))

    (alert,) = world.alerts(channel)
    assert len(alert.more) == 2
    assert [headline for _, headline, _ in lines(world)] == list(HEADLINES[:2])
    assert (await world.ledger()).agrees
