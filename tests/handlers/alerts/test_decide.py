"""Which articles cause an alert in a channel, and which are held for which reason."""

from datetime import time, timedelta
from typing import Any

import pytest

from storage.records import HeldReason, OutcomeState, Pace, SourceKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import World, draft, huawei, huawei_elsewhere, watching


@pytest.mark.parametrize(
    ("first_read", "dated", "held"),
    [
        (None, timedelta(days=8), True),
        (None, timedelta(days=6), False),
        (timedelta(days=30), timedelta(days=20), False),
        (timedelta(days=30), timedelta(days=38), True),
    ],
)
async def test_old_articles_of_a_feed_are_stored_and_matched_but_cause_no_alert(
    sqlite_store: Store, first_read: timedelta | None, dated: timedelta, held: bool
) -> None:
    world, channel, _ = await watching(sqlite_store)
    read_at = None if first_read is None else NOON - first_read
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED, first_read_at=read_at)

    (arrived,) = await world.take(huawei(published_at=NOON - dated), source=feed)

    assert [topic.name for topic in arrived.topics] == ["huawei"]
    (outcome,) = await world.outcomes(channel)
    assert outcome.reason is (HeldReason.OLD if held else None)
    assert arrived.deliveries == (0 if held else 1)


async def test_a_channel_gets_one_sample_of_a_new_feed_and_everything_after_it(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED)
    titles = ("Huawei opens a plant", "Court fines Huawei", "Huawei hires nurses", "Huawei sells a bridge")
    first, *others = [draft(title, f"{title} in town {n}.") for n, title in enumerate(titles)]

    await world.take(first, others[0], source=feed)
    await world.take(others[1], source=feed)  # another batch of the same reading
    read = await world.source("https://example.org/feed", kind=SourceKind.FEED, first_read_at=world.now)
    await world.take(others[2], source=read)

    outcomes = await world.outcomes(channel)
    assert [outcome.reason for outcome in outcomes] == [None, HeldReason.OLD, HeldReason.OLD, None]


async def test_entries_published_after_a_feed_was_added_are_no_back_catalogue(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED)
    world.clock.advance(timedelta(hours=2))
    ages = {"Huawei opens a plant": 1, "Court fines Huawei": 1, "Huawei hires nurses": 3}
    drafts = [draft(title, f"{title}.", published_at=world.now - timedelta(hours=age)) for title, age in ages.items()]

    await world.take(*drafts, source=feed)

    outcomes = await world.outcomes(channel)
    assert [outcome.reason for outcome in outcomes] == [None, None, HeldReason.OLD]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pace": Pace.DAILY}, [HeldReason.PACE, HeldReason.OLD]),
        ({"languages": ["de"]}, [HeldReason.LANGUAGE, HeldReason.LANGUAGE]),
    ],
)
async def test_the_back_catalogue_of_a_new_feed_fills_no_digest(
    sqlite_store: Store, fields: dict[str, Any], expected: list[HeldReason]
) -> None:
    world = World(sqlite_store)
    channel, topic = await world.channel(), await world.topic()
    await world.subscribe(channel, topic, **fields)
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED)

    await world.take(draft("Huawei opens a plant"), draft("Court fines Huawei"), source=feed)

    assert [outcome.reason for outcome in await world.outcomes(channel)] == expected


async def test_the_back_catalogue_of_a_new_feed_adds_to_alerts_without_notes_of_new_facts(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED)

    await world.take(draft("Huawei opens a plant"), huawei_elsewhere(), source=feed)
    await world.post(after=timedelta(minutes=1))

    assert [note.label for note in world.notes(channel)] == ["Added"]
    assert len(world.alerts(channel)[0].more) == 1


@pytest.mark.parametrize(
    ("workspace", "subscription", "reason"),
    [
        ({}, {"pace": Pace.DAILY}, HeldReason.PACE),
        ({}, {"paused_reason": "holiday"}, HeldReason.PAUSED),
        ({"languages": ["de"]}, {}, HeldReason.LANGUAGE),
        ({"languages": ["de"]}, {"languages": ["en"]}, None),
        ({}, {"languages": ["de", "fr"]}, HeldReason.LANGUAGE),
        ({"quiet_from": time(11), "quiet_until": time(13)}, {}, HeldReason.QUIET),
        ({"quiet_from": time(11), "quiet_until": time(13), "time_zone": "Asia/Tokyo"}, {}, None),
    ],
)
async def test_an_alert_is_held_for_pace_pause_language_and_quiet_hours(
    sqlite_store: Store, workspace: dict[str, Any], subscription: dict[str, Any], reason: HeldReason | None
) -> None:
    world = World(sqlite_store)
    channel, topic = await world.channel(), await world.topic()
    await world.subscribe(channel, topic, **subscription)
    if workspace:
        await world.workspace(**workspace)

    (arrived,) = await world.take(huawei())

    (outcome,) = await world.outcomes(channel)
    assert outcome.reason is reason
    assert arrived.deliveries == (0 if reason else 1)
    assert (await world.ledger()).agrees


@pytest.mark.parametrize("what", ["story", "source"])
async def test_an_article_of_a_muted_story_or_source_is_held_and_causes_no_edit(sqlite_store: Store, what: str) -> None:
    world, channel, _ = await watching(sqlite_store)
    source = await world.source()
    (first,) = await world.take(huawei())
    async with sqlite_store.begin() as tx:
        await tx.mutes.add(
            channel.id, f"story:{first.story_id}" if what == "story" else f"source:{source.id}", "U1", NOON
        )

    await world.take(huawei_elsewhere())

    assert (await world.outcomes(channel))[-1].reason is HeldReason.MUTED
    (alert,) = await world.deliveries(first.story_id)
    assert alert.wanted_version == 1


async def test_a_story_held_for_its_pace_causes_an_alert_when_an_instant_topic_matches(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.subscribe(channel, await world.topic("huawei"), pace=Pace.DAILY)
    await world.subscribe(channel, await world.topic("nato"))

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere())

    assert second.story_id == first.story_id
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.HELD, OutcomeState.ALERT]


async def test_alerts_beyond_a_burst_are_held(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    events = (
        "Huawei opens a harbour office in Rotterdam with forty engineers",
        "Orchestra of Leipzig tours Japan on Huawei tickets",
        "A glacier in Norway loses its Huawei weather station",
        "Vaccine freezers by Huawei fail in Nairobi hospitals",
        "Parliament in Lisbon debates Huawei cameras",
        "Night trains to Vienna get Huawei radios",
        "Etna volcano sensors from Huawei detect lava",
        "Carpenters in Oslo restore a chapel with Huawei scanners",
        "Coffee growers of Antioquia weigh beans by Huawei phone",
        "Marathon runners in Osaka wear Huawei watches",
        "Ferry captains off Crete steer by Huawei tablets",
        "Penguins near Ushuaia are counted from Huawei drones",
        "Quarry workers in Carrara lift marble with Huawei cranes",
        "Violin maker of Cremona retires after Huawei film",
    )

    await world.take(*(draft(event) for event in events))

    states = [outcome.state for outcome in await world.outcomes(channel)]
    assert states == [OutcomeState.ALERT] * 12 + [OutcomeState.HELD] * 2
    assert (await world.ledger()).held_by_reason[HeldReason.BURST] == 2
