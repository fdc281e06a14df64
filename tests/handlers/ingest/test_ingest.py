"""What becomes of an arrival: stored once, matched, in a story, decided for each channel, and counted."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.ingest import PAGE
from storage.errors import StorageError
from storage.records import SHARED, DeliveryKind, HeldReason, OutcomeState, Pace, SourceKind
from storage.store import Store
from storage.tables import topics
from tests.support.fakes import NOON
from tests.support.world import World, copied, draft, failed, flood, huawei, huawei_elsewhere, watching

FIELDS = {"workspace_id": SHARED, "title": "", "aliases": [], "description": "", "color": "#5b6b7b"}
SITE = "https://example.org"
THURSDAY = NOON - timedelta(days=4)


async def test_a_matching_document_owes_one_alert_with_its_evidence(store: Store) -> None:
    world, channel, _ = await watching(store)

    (arrived,) = await world.take(huawei())

    assert arrived.state == "new"
    assert arrived.article is not None
    assert [one.name for one in arrived.topics] == ["huawei"]
    (match,) = arrived.matches
    fields = {"title": arrived.article.title, "body": arrived.article.text}
    assert match.evidence
    assert all(fields[hit.field][hit.start : hit.end] == hit.text for hit in match.evidence)
    assert (arrived.deliveries, arrived.story_articles) == (1, 1)
    (outcome,) = await world.outcomes(channel)
    assert outcome.state is OutcomeState.ALERT
    assert world.woken == 1
    assert (await world.ledger()).agrees


async def test_a_document_about_nothing_that_is_watched_owes_nothing_and_is_counted(store: Store) -> None:
    world, channel, _ = await watching(store)

    (arrived,) = await world.take(flood())

    assert (arrived.state, arrived.topics, arrived.deliveries) == ("new", (), 0)
    assert arrived.story_id is not None
    assert await world.outcomes(channel) == ()
    assert world.woken == 0
    ledger = await world.ledger()
    assert (ledger.unmatched, ledger.ended.unmatched, ledger.agrees) == (1, 1, True)


async def test_what_cannot_be_read_is_counted_with_its_reason(store: Store) -> None:
    world, _, _ = await watching(store)

    arrived = await world.take(failed("The file is empty."), draft("", "", url=None))

    assert [one.state for one in arrived] == ["failed", "failed"]
    assert arrived[0].reason == "The file is empty."
    ledger = await world.ledger()
    assert (ledger.failed, ledger.articles, ledger.agrees) == (2, 0, True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(huawei(), huawei(), id="the same drop twice"),
        pytest.param(huawei(guid="urn:news:1:1"), huawei(guid="urn:news:1:1", url=None), id="the same guid"),
        pytest.param(huawei(url=f"{SITE}/a"), huawei(url=f"{SITE}/a?utm_source=x"), id="a tracked address"),
        pytest.param(huawei(url=None), huawei(url=None, published_at=THURSDAY), id="the same words, another date"),
    ],
)  # fmt: skip
async def test_the_same_article_by_another_source_is_known(
    sqlite_store: Store, first: ArticleDraft, second: ArticleDraft
) -> None:
    world, channel, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)

    await world.take(first)
    (again,) = await world.take(second, source=api)

    assert again.state == "known"
    assert again.deliveries == 0
    assert [one.name for one in again.topics] == ["huawei"]
    assert len(await world.outcomes(channel)) == 1
    ledger = await world.ledger()
    assert (ledger.articles, ledger.duplicate, ledger.agrees) == (1, 1, True)


async def test_every_name_of_a_known_article_is_kept(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)

    await world.take(huawei(url="https://example.org/a"))
    await world.take(huawei(url="https://example.org/a", guid="urn:news:1:1"), source=api)
    (third,) = await world.take(draft("Another headline", "Short.", url=None, guid="urn:news:1:1"), source=api)

    assert third.state == "known"


async def test_one_feed_with_two_guids_and_two_headlines_at_one_address_has_two_articles(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    live = "https://example.org/live"

    await world.take(draft("Huawei at nine", "Nothing yet.", url=live, guid="a1"))
    (second,) = await world.take(draft("Huawei at ten", "Still nothing.", url=live, guid="a2"))

    assert second.state == "new"


async def test_reading_everything_again_changes_nothing(store: Store) -> None:
    world, channel, _ = await watching(store)
    drafts: list[Draft] = [
        replace(one, key=f"k{place}") for place, one in enumerate((huawei(), huawei_elsewhere(), flood()))
    ]
    drafts.append(failed(key="k9"))

    await world.take(*drafts)
    before = await world.ledger(), await world.outcomes(channel)
    await world.take(*drafts)
    await World(store).take(*drafts)

    assert (await world.ledger(), await world.outcomes(channel)) == before
    assert before[0].arrivals == 4


async def test_an_entry_that_failed_and_can_be_read_now_is_one_more_arrival(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    await world.take(failed(key="k1"))
    (arrived,) = await world.take(huawei(key="k1"))

    assert arrived.state == "new"
    ledger = await world.ledger()
    assert (ledger.arrivals, ledger.failed, ledger.matched, ledger.agrees) == (2, 1, 1, True)


async def test_another_report_joins_the_story_and_its_alert(store: Store) -> None:
    world, channel, _ = await watching(store)

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere())

    assert second.story_id == first.story_id
    assert second.story_articles == 2
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.ALERT, OutcomeState.MERGED]
    alert, *notes = await world.deliveries(first.story_id)
    assert (alert.kind, alert.wanted_version) == (DeliveryKind.ALERT, 2)
    assert [(note.kind, note.parent_id) for note in notes] == [(DeliveryKind.NOTE, alert.id)]
    assert (await world.ledger()).agrees


async def test_a_copy_brings_no_note(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    (first,) = await world.take(huawei())
    await world.take(copied())

    assert [one.kind for one in await world.deliveries(first.story_id)] == [DeliveryKind.ALERT]


async def test_a_report_that_does_not_name_the_topic_still_counts_as_a_source(sqlite_store: Store) -> None:
    world, channel, topic = await watching(sqlite_store)
    async with sqlite_store.begin() as tx:
        await tx.topics.update(topic.id, query='"and Huawei"')

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere(text=huawei_elsewhere().text.replace("MTS and Huawei", "the firms")))

    assert (second.story_id, second.topics) == (first.story_id, ())
    assert len(await world.outcomes(channel)) == 1
    (alert,) = await world.deliveries(first.story_id)
    assert alert.wanted_version == 2


async def test_two_events_are_two_alerts(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)

    first, second = await world.take(huawei(), flood(title="Huawei helps where the Ahr flooded Altenahr"))

    assert first.story_id != second.story_id
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.ALERT] * 2


async def test_an_article_without_a_date_gets_the_time_it_arrived_and_one_of_tomorrow_too(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    undated, tomorrow, earlier = await world.take(
        huawei(),
        flood(published_at=NOON + timedelta(days=1)),
        draft("Old", "Old.", published_at=NOON - timedelta(days=2)),
    )

    assert [one.article.published_at for one in (undated, tomorrow, earlier) if one.article] == [
        NOON,
        NOON,
        NOON - timedelta(days=2),
    ]


@pytest.mark.parametrize(
    ("first_read", "dated", "held"),
    [
        (None, timedelta(days=8), True),
        (None, timedelta(days=6), False),
        (timedelta(days=30), timedelta(days=20), False),
        (timedelta(days=30), timedelta(days=38), True),
    ],
)
async def test_the_back_catalogue_of_a_feed_is_stored_and_matched_but_not_alerted(
    sqlite_store: Store, first_read: timedelta | None, dated: timedelta, held: bool
) -> None:
    world, channel, _ = await watching(sqlite_store)
    read_at = None if first_read is None else NOON - first_read
    feed = await world.source("https://example.org/feed", kind=SourceKind.FEED, first_read_at=read_at)

    (arrived,) = await world.take(huawei(published_at=NOON - dated), source=feed)

    assert [one.name for one in arrived.topics] == ["huawei"]
    (outcome,) = await world.outcomes(channel)
    assert outcome.reason is (HeldReason.OLD if held else None)
    assert arrived.deliveries == (0 if held else 1)


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
async def test_what_a_channel_asked_for_holds_an_alert_back(
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
async def test_a_muted_story_or_source_is_held_and_edits_nothing(sqlite_store: Store, what: str) -> None:
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


async def test_a_story_held_by_its_pace_alerts_once_an_instant_topic_joins(sqlite_store: Store) -> None:
    world = World(sqlite_store)
    channel = await world.channel()
    await world.subscribe(channel, await world.topic("huawei"), pace=Pace.DAILY)
    await world.subscribe(channel, await world.topic("nato"))

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere())

    assert second.story_id == first.story_id
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.HELD, OutcomeState.ALERT]


async def test_a_burst_is_folded(sqlite_store: Store) -> None:
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

    states = [one.state for one in await world.outcomes(channel)]
    assert states == [OutcomeState.ALERT] * 12 + [OutcomeState.HELD] * 2
    assert (await world.ledger()).held_by_reason[HeldReason.BURST] == 2


async def test_a_changed_headline_is_noted_in_the_thread_and_the_alert_is_edited(store: Store) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei(title="MTS may build 5G with Huawei", url="https://example.org/a"))
    await world.post()

    world.clock.advance(timedelta(minutes=5))
    (again,) = await world.take(huawei(title="MTS will build 5G with Huawei", url="https://example.org/a"))
    await world.post(after=timedelta(seconds=30))

    assert again.state == "known"
    (alert,) = world.alerts(channel)
    assert alert.headline.text == "MTS will build 5G with Huawei"
    assert alert.revised
    (note,) = world.notes(channel)
    assert (note.label, note.before) == ("Headline changed", "MTS may build 5G with Huawei")
    assert note.quote.text == "MTS will build 5G with Huawei"
    assert (await world.ledger()).agrees


async def test_a_changed_number_is_noted_and_the_evidence_fits_the_new_text(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()

    (again,) = await world.take(huawei(text="Update. " + huawei().text.replace("78 million", "81 million")))
    await world.post(after=timedelta(seconds=30))

    assert again.article is not None
    assert "81 million" in again.article.text
    fields = {"title": again.article.title, "body": again.article.text}
    assert all(fields[hit.field][hit.start : hit.end] == hit.text for match in again.matches for hit in match.evidence)
    (note,) = world.notes(channel)
    assert (note.label, note.before) == ("Number changed", "78")
    assert "81 million" in note.quote.text


async def test_another_source_with_other_words_revises_nothing(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    api = await world.source("api", kind=SourceKind.API)
    await world.take(huawei(url="https://example.org/a"))

    (again,) = await world.take(huawei(url="https://example.org/a", text="A summary."), source=api)

    assert again.article is not None
    assert again.article.text == huawei().text
    assert again.article.revised_at is None


async def test_a_revision_that_brings_a_topic_in_alerts(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(
        huawei(title="MTS agrees on 5G", text="MTS agrees on 5G with a vendor.", url="https://example.org/a")
    )

    (again,) = await world.take(huawei(url="https://example.org/a"))

    assert [one.name for one in again.topics] == ["huawei"]
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.ALERT]
    assert (await world.ledger()).agrees


async def test_followers_are_named_in_the_note(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    (first,) = await world.take(huawei())
    async with sqlite_store.begin() as tx:
        await tx.follows.set(channel.id, first.story_id or 0, "U7", NOON)
    await world.post()

    await world.take(huawei_elsewhere())
    await world.post()

    (note,) = world.notes(channel)
    assert note.label == "New"
    assert "Washington said on Thursday" in note.quote.text
    assert note.mentions == ("U7",)


async def test_a_topic_made_in_another_process_matches_the_next_arrival(store: Store) -> None:
    world = World(store)
    channel = await world.channel()
    await world.take(flood())

    await world.subscribe(channel, await world.topic("huawei"))
    (arrived,) = await world.take(huawei())

    assert [one.name for one in arrived.topics] == ["huawei"]


async def test_two_processes_share_one_story(store: Store) -> None:
    world, channel, _ = await watching(store)
    other = World(store)
    await other.take(flood())

    (first,) = await world.take(huawei())
    (second,) = await other.take(huawei_elsewhere())
    (third,) = await world.take(huawei(url="https://other.example/copy", title="Huawei, MTS: 5G in Russia agreed"))

    assert first.story_id == second.story_id == third.story_id
    assert len(world.messages(channel)) == 0
    assert [one.state for one in await world.outcomes(channel)][1:] == [OutcomeState.MERGED] * 2


async def test_a_big_batch_is_stored_whole(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)
    drafts = [draft(f"Report {place} of a quiet day", f"Nothing of note in place {place}.") for place in range(230)]

    arrived = await world.take(*drafts)

    assert [one.state for one in arrived] == ["new"] * 230
    assert [one.origin for one in arrived] == [one.origin for one in drafts]
    assert (await world.ledger()).agrees


@pytest.mark.parametrize(
    "table", ["articles", "identities", "search_texts", "matches", "stories", "arrivals", "outcomes", "deliveries"]
)
async def test_a_database_that_fails_at_any_step_has_stored_nothing_and_the_same_arrival_completes_later(
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


async def _execute(store: Store, statement: str) -> None:
    async with store.begin() as tx:
        await tx.connection.execute(text(statement))


async def test_many_topics_are_read_in_pages_between_which_others_get_their_turn(store: Store) -> None:
    world, _, topic = await watching(store)
    made = [
        {**FIELDS, "name": f"n{number}", "query": f"word{number}", "created_at": NOON} for number in range(2 * PAGE)
    ]
    async with store.begin() as tx:
        await tx.connection.execute(insert(topics), made)
    seen: set[int] = set()
    reading = asyncio.create_task(world.take(huawei()))

    while not reading.done():
        seen.add(len(world.arrive.matcher.topics))
        await asyncio.sleep(0.001)

    assert [one.id for one in reading.result()[0].topics] == [topic.id]
    assert {PAGE, 2 * PAGE} <= seen
    assert len(world.arrive.matcher.topics) == 2 * PAGE + 1


async def test_topics_that_come_change_and_go_are_followed_by_the_next_arrival(store: Store) -> None:
    world, _, topic = await watching(store)
    await world.take(flood())
    other = await world.topic("nokia")
    async with store.begin() as tx:
        await tx.topics.update(other.id, query="MTS")
        await tx.topics.remove(topic.id)

    (arrived,) = await world.take(huawei())

    assert [one.name for one in arrived.topics] == ["nokia"]
    assert world.arrive.matcher.topics.keys() == {other.id}


async def test_a_cancelled_arrival_leaves_the_topics_whole(store: Store) -> None:
    world, _, topic = await watching(store)
    arriving = asyncio.create_task(world.take(huawei()))
    while not world.arrive.matcher.topics:  # noqa: ASYNC110 - a thread fills it, which tells nobody
        await asyncio.sleep(0)

    arriving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await arriving
    (arrived,) = await world.take(huawei())

    assert [one.id for one in arrived.topics] == [topic.id]
